// <div id="toasts" data-behaviour="toasts" data-close="Close">: shows what the window event "toast" says.
// detail: {text, tone: "error"?, action: {label, run}?, seconds: 8?}. A toast stays while the pointer or the focus is on it.
export default function toasts(region) {
  addEventListener("toast", (event) => show(region, event.detail));
  document.addEventListener("click", (event) => copyFrom(event.target.closest("[data-copy]")));
}

function show(region, { text, tone, action, seconds = 8 }) {
  const toast = document.createElement("div");
  toast.className = `toast${tone ? ` toast--${tone}` : ""}`;
  toast.setAttribute("role", tone === "error" ? "alert" : "status");
  toast.append(Object.assign(document.createElement("span"), { textContent: text }));
  if (action) toast.append(button(action.label, () => { toast.remove(); action.run(); }));
  const close = button("×", () => toast.remove());
  close.classList.add("btn--icon");
  close.setAttribute("aria-label", region.dataset.close);
  toast.append(close);
  region.append(toast);
  let left = setTimeout(() => toast.remove(), seconds * 1000);
  const hold = () => clearTimeout(left);
  const leave = () => { hold(); left = setTimeout(() => toast.remove(), 3000); };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", leave);
  toast.addEventListener("focusout", leave);
}

function button(label, run) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--sm push", textContent: label });
  made.addEventListener("click", run);
  return made;
}

async function copyFrom(button) {
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
  dispatchEvent(new CustomEvent("toast", { detail: { text: button.dataset.copied, seconds: 3 } }));
}
