// <div class="mapview" data-events="…" data-behaviour="map-live">: brings in what others change, without a reload.
import { pageOf } from "../map/page.js";

export default function mapLive(root) {
  const page = pageOf(root);
  const stream = new EventSource(`${root.dataset.events}?after=${page.version}`);
  stream.addEventListener("change", (message) => {
    const event = JSON.parse(message.data);
    root.dispatchEvent(new CustomEvent("map:changed", { detail: event }));
    if (event.version <= page.version) return;
    page.refresh(event.version);
    if (event.by !== root.dataset.me) page.say(page.words.changed.replace("{name}", page.nameOf?.(event.by) ?? page.words.somebody));
  });
  stream.addEventListener("people", (message) => {
    root.dispatchEvent(new CustomEvent("map:people", { detail: JSON.parse(message.data).people }));
  });
  addEventListener("pagehide", () => stream.close());

  root.addEventListener("click", (event) => {
    const twin = event.target.closest("[data-curve-table]");
    if (twin) {
      const table = document.getElementById("curve-table");
      table.hidden = !table.hidden;
      twin.setAttribute("aria-expanded", String(!table.hidden));
    }
    const figures = event.target.closest("[data-figures]");
    if (figures) {
      const isOn = root.classList.toggle("mapview--plain");
      figures.setAttribute("aria-pressed", String(!isOn));
    }
  });
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => { button.closest("[popover]")?.hidePopover(); print(); });
  }
}
