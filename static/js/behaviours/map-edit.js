// Text on the map is edited in its place. [data-edit] in an .item opens its text, [data-add] in a cell opens an empty one.
// Enter saves, Shift+Enter starts a line, Esc drops, leaving saves; what could not be sent stays in the editor.
import { openConflict } from "../map/conflict.js";
import { Editor } from "../map/editor.js";
import { hrefOf, pageOf } from "../map/page.js";

export default function mapEdit(root) {
  const page = pageOf(root);
  const addUrl = (kind) => root.dataset.addUrl.replace("KIND", kind);

  root.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("form.editor")) return;
    const edited = target.closest("[data-edit]");
    if (edited) return change(edited.closest(".item"));
    if (target.closest("[data-add]")) return add(target.closest(".map__cell"));
    if (target.closest("[data-add-stage]")) return addStage(target.closest(".map__corner"));
    const tool = target.closest("[data-tool]");
    if (tool) return addWith(tool.dataset.tool);
    const feeling = target.closest("[data-add-emotion]");
    if (feeling) page.addEmotion(feeling.dataset.addEmotion, 0);
  });
  root.addEventListener("map:edit", (event) => change(event.detail.item));
  root.addEventListener("map:new", (event) => add(event.detail.cell));

  function change(item) {
    const { name, text, revision, itemRevision } = item.dataset;
    const href = hrefOf(item);
    const seen = itemRevision ? { item_revision: itemRevision } : { revision };
    open({
      host: item.closest(".map__cell, .map__stage, .map__lane"), item, text, label: page.words.text, href,
      send: (value) => page.post(href, { [name]: value, ...seen }),
      onConflict: (answer) => openConflict(page, answer.html),
    });
  }

  function add(cell) {
    const { stage, lane, form } = cell.dataset;
    const once = crypto.randomUUID?.() ?? fallbackId();
    open({
      host: cell, text: "", label: cell.getAttribute("aria-label"),
      send: (value) => page.post(addUrl(form), { text: value, stage, lane, once }),
    });
  }

  function addStage(corner) {
    const once = crypto.randomUUID?.() ?? fallbackId();
    corner.id ||= "map-corner";
    open({ host: corner, text: "", label: page.words.new_stage, send: (value) => page.post(addUrl("stages"), { text: value, once }) });
  }

  function addWith(form) {
    const cells = [...root.querySelectorAll(`.map__cell[data-form="${form}"]`)];
    const cell = cells.find((one) => one.dataset.stage === page.stage) ?? cells[0];
    if (!cell) return;
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    add(cell);
  }

  page.addEmotion = async (stage, valence) => {
    const once = crypto.randomUUID?.() ?? fallbackId();
    const answer = await page.post(addUrl("emotions"), { text: "", stage, valence: valence.toFixed(1), once });
    const point = answer.row && document.getElementById(`item-${answer.row}`);
    if (point) page.openInspector(point.dataset.href, point, "labels");
  };

  function open(options) {
    const known = options.host.querySelector("form.editor");
    if (known) { known.querySelector("textarea").focus(); return; }
    new Editor(page, options);
  }
}

// An address opened over plain http has no randomUUID.
function fallbackId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
