// <a data-behaviour="search" href="…/search/">: opens #search-dialog, as does Ctrl+K; without scripts the link leads to the page.
export default function search(link) {
  const dialog = document.getElementById("search-dialog");
  if (!dialog) return;
  const open = () => { if (!dialog.open) dialog.showModal(); dialog.querySelector("input").select(); };
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.code === "KeyK") { event.preventDefault(); open(); }
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("keydown", (event) => walk(dialog, event));
}

function walk(dialog, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const stops = [dialog.querySelector("input"), ...dialog.querySelectorAll("#search-found a")];
  const here = stops.indexOf(document.activeElement);
  event.preventDefault();
  stops[(here + step + stops.length) % stops.length].focus();
}
