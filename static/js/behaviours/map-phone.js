// On a phone one stage is on the screen: tabs of stages and the curve choose it (data-on). The DOM is the same as on a wide screen.
import { pageOf } from "../map/page.js";

export default function mapPhone(root) {
  const page = pageOf(root);
  const phone = matchMedia("(max-width: 720px)");
  let chosen = root.querySelector(".map__stage[data-on]")?.dataset.stage;

  root.addEventListener("click", (event) => {
    if (!phone.matches) return;
    const tab = event.target.closest(".map__stage[data-stage]");
    if (tab && tab.dataset.stage !== chosen) { stop(event); choose(tab.dataset.stage); return; }
    const curve = event.target.closest("#curve");
    if (!curve) return;
    const box = curve.getBoundingClientRect();
    const columns = [...curve.querySelectorAll(".curve__cols i")];
    const column = columns[Math.min(columns.length - 1, Math.floor(((event.clientX - box.left) / box.width) * columns.length))];
    if (column) { stop(event); choose(column.dataset.stage); }
  }, true);
  root.addEventListener("map:drawn", mark);

  function stop(event) {
    event.preventDefault();
    event.stopPropagation();
  }

  function choose(stage) {
    chosen = stage;
    page.stage = stage;
    mark();
    const tab = root.querySelector(".map__stage[data-on]");
    tab?.parentElement.scrollTo({ left: tab.offsetLeft - tab.parentElement.clientWidth / 2 + tab.clientWidth / 2 });
  }

  function mark() {
    const heads = [...root.querySelectorAll(".map__stage[data-stage]")];
    if (!heads.some((head) => head.dataset.stage === chosen)) chosen = heads[0]?.dataset.stage;
    page.stage ??= chosen;
    for (const one of root.querySelectorAll("#map :is(.map__stage, .map__cell, .curve__cols i, .curve__seq > span)[data-stage]")) {
      one.toggleAttribute("data-on", one.dataset.stage === chosen);
    }
  }
}
