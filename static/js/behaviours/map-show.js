// The map shown to a room: arrows walk the stages, the others step back; Esc leaves.
export default function mapShow(root) {
  let at = -1;

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { document.querySelector("[data-leave-show]")?.click(); return; }
    const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    if (!step || event.target.closest?.("input, textarea, select")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const heads = [...root.querySelectorAll(".map__stage[data-stage]")];
    at = Math.max(-1, Math.min(heads.length - 1, at + step));
    light(heads[at]);
  }, true);

  function light(head) {
    for (const one of root.querySelectorAll("#map [data-stage]:is(.map__stage, .map__cell)")) {
      one.classList.toggle("is-aside", Boolean(head) && one.dataset.stage !== head.dataset.stage);
    }
    head?.scrollIntoView({ block: "nearest", inline: "center" });
    const live = document.getElementById("live");
    if (head && live) live.textContent = head.querySelector("h2").textContent;
  }
}
