// The map by keyboard: arrows walk the grid (roving tabindex), Enter and F2 go in, Esc out, N adds, Alt+arrows move, Delete deletes,
// Ctrl+Z and Ctrl+Shift+Z undo and redo, ? lists the keys. Single letters are silent in fields.
import { hrefOf, pageOf } from "../map/page.js";

const CELLS = '[role="gridcell"], [role="columnheader"], [role="rowheader"]';
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export default function mapKeys(root) {
  const page = pageOf(root);
  const canEdit = root.dataset.behaviour.includes("map-edit");
  const grid = () => document.getElementById("map");
  const rows = () => [...grid().querySelectorAll('[role="row"]')].map((row) => [...row.querySelectorAll(`:scope > :is(${CELLS})`)].filter((cell) => !cell.hidden));

  rove();
  root.addEventListener("map:drawn", rove);
  root.addEventListener("focusin", (event) => {
    const cell = event.target.closest(`#map :is(${CELLS})`);
    if (!cell) return;
    const stage = event.target.closest("[data-stage]")?.dataset.stage;
    if (stage) page.stage = stage;
    rove(cell);
  });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.target.closest?.("input, textarea, select, dialog, [contenteditable]")) return;
    if (canEdit && (event.ctrlKey || event.metaKey) && event.code === "KeyZ") {
      event.preventDefault();
      if (event.shiftKey) page.redo();
      else page.undo();
    } else if (event.key === "?" && !event.ctrlKey) document.getElementById("keys").togglePopover();
    else if (event.key === "Escape" && !document.querySelector("[popover]:popover-open")) leave(event);
    else if (event.target.closest?.("#map")) inMap(event);
  });

  function inMap(event) {
    const cell = event.target.closest(CELLS);
    const thing = event.target.closest("[data-kind]") ?? (event.target === cell && cell.matches("[data-kind]") ? cell : null);
    if (event.altKey && STEPS[event.key] && canEdit && thing) return act(event, () => move(thing, ...STEPS[event.key]));
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Delete" && canEdit && thing) return act(event, () => page.post(`${hrefOf(thing)}delete/`, {}));
    if (event.key === "F2") return act(event, () => (thing?.dataset.name && canEdit ? edit(thing) : enter(cell)));
    if (event.code === "KeyN" && !event.shiftKey && canEdit) return act(event, () => addIn(cell));
    if (event.target.getAttribute("role") === "slider") return;
    if (event.key === "Enter" && event.target === cell) return act(event, () => enter(cell));
    if (event.target !== cell && (event.key === "ArrowUp" || event.key === "ArrowDown")) return act(event, () => walkInside(cell, event.target, event.key === "ArrowDown" ? 1 : -1));
    if (STEPS[event.key]) return act(event, () => walk(cell, ...STEPS[event.key]));
    if (event.key === "Home" || event.key === "End") act(event, () => walk(cell, 0, event.key === "Home" ? -99 : 99));
  }

  function act(event, deed) {
    event.preventDefault();
    deed();
  }

  function walk(cell, down, right) {
    const table = rows();
    const y = table.findIndex((row) => row.includes(cell));
    const x = table[y].indexOf(cell);
    const next = table[Math.max(0, Math.min(table.length - 1, y + down))];
    next[Math.max(0, Math.min(next.length - 1, x + right))].focus();
  }

  const inside = (cell) => [...cell.querySelectorAll("button, a[href]")].filter((one) => one.offsetParent);

  function enter(cell) {
    const first = inside(cell)[0];
    if (first) first.focus();
    else addIn(cell);
  }

  function walkInside(cell, from, step) {
    const stops = inside(cell);
    const next = stops[stops.indexOf(from) + step];
    if (next) next.focus();
    else walk(cell, step, 0);
  }

  function leave(event) {
    const cell = event.target.closest?.(`#map :is(${CELLS})`);
    if (cell && cell !== event.target) cell.focus();
    else page.closeInspector?.();
  }

  function edit(thing) {
    root.dispatchEvent(new CustomEvent("map:edit", { detail: { item: thing } }));
  }

  function addIn(cell) {
    if (!canEdit) return;
    if (cell.querySelector("[data-add]")) root.dispatchEvent(new CustomEvent("map:new", { detail: { cell } }));
    else if (cell.matches(".map__corner, .map__stage")) document.querySelector("[data-add-stage]").click();
    else if (cell.id === "curve") page.addEmotion(page.stage ?? grid().querySelector(".map__stage").dataset.stage, 0);
  }

  function move(thing, down, right) {
    const kind = thing.dataset.kind;
    const url = `${hrefOf(thing)}move/`;
    if (kind === "stages") return right && page.post(url, { step: right });
    if (kind === "lanes") return down && page.post(url, { step: down });
    if (down) return page.post(url, { step: down });
    const stages = [...grid().querySelectorAll(".map__stage[data-id]")].map((head) => head.dataset.id);
    const to = stages[stages.indexOf(thing.closest("[data-stage]").dataset.stage) + right];
    return to && page.post(url, { stage: to });
  }

  function rove(to) {
    const cells = rows().flat();
    const chosen = to instanceof Element ? to : cells.find((cell) => cell.tabIndex === 0) ?? cells[0];
    for (const cell of cells) cell.tabIndex = cell === chosen ? 0 : -1;
  }
}
