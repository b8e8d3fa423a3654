// Points of the emotion curve: <button class="pt" role="slider" data-href> in #curve[data-h][data-zero][data-k] is dragged up and down
// or moved by keys; a double click on the field adds a point.
import { pageOf } from "../map/page.js";

const KEYS = { ArrowUp: 0.1, ArrowRight: 0.1, ArrowDown: -0.1, ArrowLeft: -0.1, PageUp: 0.5, PageDown: -0.5 };

export default function mapCurve(root) {
  const page = pageOf(root);
  const field = () => document.getElementById("curve");
  const format = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  let waiting = null;

  root.addEventListener("pointerdown", (event) => {
    const point = event.target.closest(".pt[role=slider]");
    if (!point || event.button) return;
    event.preventDefault();
    point.focus({ preventScroll: true });
    drag(point, event);
  });
  root.addEventListener("keydown", (event) => {
    const point = event.target.closest(".pt[role=slider]");
    if (!point || event.altKey || event.ctrlKey) return;
    if (event.key === "Enter") { event.preventDefault(); page.openInspector(point.dataset.href, point); return; }
    const ends = { Home: -2, End: 2 };
    if (!(event.key in KEYS) && !(event.key in ends)) return;
    event.preventDefault();
    event.stopPropagation();
    show(point, ends[event.key] ?? valueOf(point) + KEYS[event.key]);
    clearTimeout(waiting);
    waiting = setTimeout(() => save(point), 500);
  });
  root.addEventListener("dblclick", (event) => {
    const curve = event.target.closest("#curve");
    if (!curve || event.target.closest(".pt")) return;
    const box = curve.getBoundingClientRect();
    const columns = [...curve.querySelectorAll(".curve__cols i[data-stage]")];
    const column = columns[Math.min(columns.length - 1, Math.floor(((event.clientX - box.left) / box.width) * columns.length))];
    if (column) page.addEmotion(column.dataset.stage, valueAt(event.clientY));
  });

  function drag(point, start) {
    const before = valueOf(point);
    let isMoved = false;
    const { promise, resolve: release } = Promise.withResolvers();
    page.inTurn(() => promise); // nothing is redrawn under the hand
    point.setPointerCapture(start.pointerId);
    const move = (event) => {
      if (!isMoved && Math.abs(event.clientY - start.clientY) < 4) return;
      isMoved = true;
      point.classList.add("is-drag");
      show(point, valueAt(event.clientY));
    };
    const finish = (event) => {
      point.removeEventListener("pointermove", move);
      point.classList.remove("is-drag");
      field().querySelector(".tip")?.remove();
      release();
      if (!isMoved) page.openInspector(point.dataset.href, point);
      else if (event.type === "pointercancel") show(point, before);
      else save(point);
    };
    point.addEventListener("pointermove", move);
    point.addEventListener("pointerup", finish, { once: true });
    point.addEventListener("pointercancel", finish, { once: true });
  }

  const valueOf = (point) => Number(point.getAttribute("aria-valuenow"));

  function valueAt(y) {
    const box = field().getBoundingClientRect();
    const { h, zero, k } = field().dataset;
    return rounded((Number(zero) - ((y - box.top) / box.height) * Number(h)) / Number(k));
  }

  const rounded = (value) => Math.max(-2, Math.min(2, Math.round(value * 10) / 10));

  function show(point, value) {
    const { h, zero, k } = field().dataset;
    const fair = rounded(value);
    point.setAttribute("aria-valuenow", fair.toFixed(1));
    point.setAttribute("aria-valuetext", `${format.format(fair)} ${point.getAttribute("aria-label")}`);
    point.style.top = `${((Number(zero) - fair * Number(k)) / Number(h)) * 100}%`;
    const tip = field().querySelector(".tip") ?? field().appendChild(Object.assign(document.createElement("span"), { className: "tip" }));
    tip.textContent = `${point.getAttribute("aria-label").replace(/^[^:]+: /, "")}: ${format.format(fair).replace("-", "−")}`;
    tip.style.left = point.style.left;
    tip.style.top = point.style.top;
    tip.classList.toggle("tip--left", parseFloat(point.style.left) > 80);
  }

  async function save(point) {
    field().querySelector(".tip")?.remove();
    const answer = await page.post(point.dataset.href, { valence: point.getAttribute("aria-valuenow") });
    if (!answer.ok) page.say(page.complaint(answer));
  }
}
