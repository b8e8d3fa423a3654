// A short word at the corner, with one button; it waits while the pointer or the focus is on it.
const LASTS = 8000;

export function toast(text, { label = "", onPress = null, isError = false } = {}) {
  const shelf = document.getElementById("toasts");
  const box = document.createElement("div");
  box.className = isError ? "toast toast--error" : "toast";
  box.setAttribute("role", "status");
  box.append(Object.assign(document.createElement("span"), { textContent: text }));
  const leave = () => box.remove();
  if (onPress) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--sm", textContent: label });
    button.addEventListener("click", () => { leave(); onPress(); });
    box.append(button);
  }
  let timer = setTimeout(leave, LASTS);
  const wait = () => clearTimeout(timer);
  const goOn = () => { clearTimeout(timer); timer = setTimeout(leave, LASTS); };
  box.addEventListener("pointerenter", wait);
  box.addEventListener("focusin", wait);
  box.addEventListener("pointerleave", goOn);
  box.addEventListener("focusout", goOn);
  shelf.replaceChildren(box);
}
