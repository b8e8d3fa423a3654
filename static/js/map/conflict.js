// Two texts of one thing: shows both and lets the person choose or put them together (templates/touchpoints/_conflict.html).
export function openConflict(page, html) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog dialog--wide";
  dialog.setAttribute("aria-labelledby", "conflict-title");
  dialog.innerHTML = html;
  const text = dialog.querySelector("textarea");
  const mine = dialog.querySelector("[data-mine]").textContent;
  const theirs = dialog.querySelector("[data-theirs]").textContent;
  dialog.addEventListener("click", (event) => {
    const fill = event.target.closest("[data-fill]")?.dataset.fill;
    if (fill) { text.value = fill === "mine" ? mine : `${theirs}\n${mine}`; text.focus(); }
    if (event.target.closest("[data-leave]")) { event.preventDefault(); dialog.close(); }
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("map:done", () => dialog.close());
  page.root.append(dialog);
  dialog.showModal();
  text.focus();
  page.refresh();
}
