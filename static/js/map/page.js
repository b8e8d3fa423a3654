// What the behaviours of the map page share: deeds sent one after another, parts put in their places, words for people.
// <div class="mapview" data-version data-csrf data-parts> with <script type="application/json" id="map-words">.
import { toast } from "./toast.js";

export function pageOf(element) {
  const root = element.closest?.(".mapview") ?? document.getElementById("mapview");
  root.mapPage ??= new MapPage(root);
  return root.mapPage;
}

export const hrefOf = (thing) => thing.dataset.href ?? thing.querySelector("[data-href]")?.dataset.href;

class MapPage {
  constructor(root) {
    this.root = root;
    this.version = Number(root.dataset.version);
    this.words = JSON.parse(document.getElementById("map-words").textContent);
    this.queue = Promise.resolve();
    this.isDrawing = false;
    this.stage = null; // the stage that tools work on: where the focus was last
  }

  say(text) {
    const live = document.getElementById("live");
    if (live) live.textContent = text;
  }

  // Waits until `work` is done before the next deed or redraw; a drag holds the queue this way.
  inTurn(work) {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  post(url, fields) {
    const body = fields instanceof FormData ? new URLSearchParams(fields) : new URLSearchParams(fields);
    return this.inTurn(() => this.#send(url, { method: "POST", body, headers: { "X-CSRFToken": this.root.dataset.csrf } }));
  }

  read(url) {
    return this.#fetch(url, {});
  }

  // Brings what changed after the version that the page knows.
  refresh(version = Infinity) {
    return this.inTurn(async () => {
      if (version <= this.version) return;
      const answer = await this.#send(`${this.root.dataset.parts}?after=${this.version}`, {});
      if (!answer.ok) setTimeout(() => this.refresh(version), 3000);
    });
  }

  complaint(answer) {
    if (answer.status === 0) return this.words.offline;
    const box = document.createElement("template");
    box.innerHTML = answer.html;
    return box.content.querySelector('[role="alert"]')?.textContent.trim() || this.words.broken;
  }

  undo() {
    return this.#turnBack(this.root.dataset.undo, this.words.undone);
  }

  redo() {
    return this.#turnBack(this.root.dataset.redo, this.words.redone);
  }

  async #turnBack(url, said) {
    const answer = await this.post(url, {});
    if (answer.ok) toast(said);
    else toast(this.complaint(answer), { isError: true });
    this.root.dispatchEvent(new CustomEvent("map:undone"));
  }

  async #send(url, options) {
    const answer = await this.#fetch(url, options);
    if (answer.ok) this.#takeIn(answer);
    return answer;
  }

  async #fetch(url, options) {
    const headers = { ...options.headers, "X-Fragment": "1", "X-Map-Version": String(this.version) };
    try {
      const response = await fetch(url, { ...options, headers });
      if (response.redirected) location.reload(); // the session ended: the door asks to sign in
      return {
        ok: response.ok,
        status: response.status,
        html: await response.text(),
        version: Number(response.headers.get("X-Map-Version") ?? 0),
        row: response.headers.get("X-Row"),
      };
    } catch {
      return { ok: false, status: 0, html: "", version: 0, row: null };
    }
  }

  #takeIn(answer) {
    const box = document.createElement("template");
    box.innerHTML = answer.html;
    const parts = [...box.content.querySelectorAll("[data-part]")].filter((part) => !part.parentElement?.closest("[data-part]"));
    this.version = Math.max(this.version, answer.version);
    this.root.dataset.version = String(this.version);
    this.draw(parts);
    const said = box.content.querySelector("[data-said]")?.textContent;
    if (said) toast(said, { label: this.words.undo, onPress: () => this.undo() });
  }

  draw(parts) {
    const focused = document.activeElement;
    const place = focused && this.root.contains(focused) ? focused.id : "";
    this.isDrawing = true;
    const drawn = parts.filter((part) => swap(part)).map((part) => part.id);
    if (focused?.matches(".editor textarea, .editor input")) focused.focus({ preventScroll: true });
    else if (place && document.activeElement?.id !== place) document.getElementById(place)?.focus({ preventScroll: true });
    this.isDrawing = false;
    if (drawn.length) this.root.dispatchEvent(new CustomEvent("map:drawn", { detail: { ids: drawn } }));
  }
}

// Replaces the element of the same id; figures brought over the map and open editors move into the new one.
function swap(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old) return false;
  for (const kept of old.querySelectorAll("[data-keep][data-filled]")) {
    const place = fresh.querySelector(`[id="${kept.id}"]`);
    place?.replaceChildren(...kept.childNodes);
    place?.setAttribute("data-filled", "");
  }
  const editors = [...old.querySelectorAll("form.editor")].map((editor) => [editor, editor.parentElement.id]);
  if (fresh.id === "curve-table") fresh.hidden = old.hidden;
  fresh.tabIndex = old.tabIndex;
  if (!old.hasAttribute("tabindex")) fresh.removeAttribute("tabindex");
  if (fresh.matches(".map__cell, .map__stage")) fresh.toggleAttribute("data-on", old.hasAttribute("data-on"));
  old.replaceWith(fresh);
  for (const [editor, host] of editors) document.getElementById(host)?.append(editor);
  return true;
}
