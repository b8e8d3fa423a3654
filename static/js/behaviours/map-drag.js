// Dragging of cards between cells, of stages along the head and of lanes up and down; everything it does has a button and a key too.
import Sortable from "../../vendor/sortable.esm.js";
import { hrefOf, pageOf } from "../map/page.js";

const FEEL = {
  animation: 90, forceFallback: true, fallbackTolerance: 4, fallbackOnBody: true, delay: 160, delayOnTouchOnly: true,
  ghostClass: "is-ghost", chosenClass: "is-chosen", dragClass: "is-dragged", scroll: true, scrollSensitivity: 60,
};

export default function mapDrag(root) {
  const page = pageOf(root);
  let release = null;

  start();
  root.addEventListener("map:drawn", start);

  function start() {
    for (const items of root.querySelectorAll(".items")) make(items, { group: items.dataset.items, draggable: ".item[data-kind]", onEnd: moveItem });
    const head = root.querySelector(".map__head");
    make(head, { draggable: ".map__stage[data-id]", filter: ".conv", preventOnFilter: false, onEnd: (event) => moveAlong(event, ".map__stage[data-id]") });
    make(document.getElementById("map"), { draggable: ".map__row[data-row]", handle: ".grip-handle", onEnd: moveLane });
  }

  function make(element, options) {
    if (!element || element.mapSortable) return;
    element.mapSortable = new Sortable(element, { ...FEEL, ...options, onStart: hold, onEnd: (event) => { release?.(); options.onEnd(event); } });
  }

  // While something is in the hand, nothing is redrawn under it.
  function hold() {
    const { promise, resolve } = Promise.withResolvers();
    release = resolve;
    page.inTurn(() => promise);
  }

  function moveItem(event) {
    const cell = event.to.closest(".map__cell");
    const { stage, lane } = cell.dataset;
    const position = [...event.to.querySelectorAll(".item[data-kind]")].indexOf(event.item);
    if (event.from === event.to && event.oldIndex === event.newIndex) return;
    send(event, hrefOf(event.item), { stage, lane, position });
  }

  function moveAlong(event, kind) {
    const position = [...event.to.querySelectorAll(kind)].indexOf(event.item);
    if (event.oldIndex !== event.newIndex) send(event, hrefOf(event.item), { position });
  }

  function moveLane(event) {
    if (event.oldIndex === event.newIndex) return;
    const lane = event.item.querySelector(".map__lane");
    const above = previousRow(event.item)?.querySelector(".map__lane");
    const mine = Number(lane.dataset.place);
    const after = above ? Number(above.dataset.place) : -1;
    send(event, hrefOf(lane), { position: after < mine ? after + 1 : after });
  }

  async function send(event, href, fields) {
    const answer = await page.post(`${href}move/`, fields);
    if (answer.ok) return;
    event.from.insertBefore(event.item, event.from.children[event.oldIndex] ?? null);
    page.say(page.complaint(answer));
  }
}

function previousRow(row) {
  let above = row.previousElementSibling;
  while (above && !above.dataset.row) above = above.previousElementSibling;
  return above;
}
