// A text area over a cell. `send(text)` answers like MapPage.post; the text shows at once and comes back where sending failed.
export class Editor {
  constructor(page, { host, item = null, text, label, href = "", send, onConflict = null }) {
    Object.assign(this, { page, host, item, text, send, onConflict, isSending: false });
    this.form = build(page, label, text, href);
    this.area = this.form.querySelector("textarea");
    if (item) this.form.style.top = `${Math.max(0, item.offsetTop - 4)}px`;
    else if (host.matches(".map__cell")) this.form.style.top = `${Math.max(0, (host.querySelector("[data-add]")?.offsetTop ?? 4) - 4)}px`;
    host.append(this.form);
    this.area.focus();
    this.area.select();
    this.#listen();
    page.root.dispatchEvent(new CustomEvent("map:editing", { detail: { host, isOpen: true } }));
  }

  #listen() {
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
    this.form.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") this.close();
      else if (event.key === "Enter" && !event.shiftKey && event.target === this.area) { event.preventDefault(); this.save(); }
    });
    this.form.addEventListener("focusout", (event) => {
      if (this.isClosed || this.page.isDrawing || this.form.contains(event.relatedTarget) || !document.hasFocus()) return;
      this.save();
    });
    this.form.querySelector("[data-more]")?.addEventListener("click", (event) => {
      const href = event.currentTarget.dataset.href;
      const origin = this.item;
      this.close();
      this.page.openInspector(href, origin?.querySelector("[data-href]"));
    });
    this.retry = () => this.form.dataset.failed && this.save();
    addEventListener("online", this.retry);
  }

  async save() {
    const text = this.area.value.trim();
    if (this.isSending || !this.form.isConnected) return;
    if (text === this.text.trim()) return this.close();
    this.isSending = true;
    this.#showAsSaved(text);
    const answer = await this.send(text);
    this.isSending = false;
    if (answer.ok) return this.close(answer.row);
    this.#takeBack();
    if (answer.status === 409 && this.onConflict) { this.close(); this.onConflict(answer); return; }
    this.#complain(this.page.complaint(answer));
  }

  close(row = null) {
    this.isClosed = true; // taking a focused form away makes it lose the focus once more
    removeEventListener("online", this.retry);
    const hadFocus = this.form.contains(document.activeElement) || document.activeElement === document.body;
    const host = document.getElementById(this.host.id) ?? this.host;
    this.form.remove();
    this.page.root.dispatchEvent(new CustomEvent("map:editing", { detail: { host, isOpen: false } }));
    if (!hadFocus) return;
    const key = row ?? this.item?.dataset.id;
    (key && document.getElementById(`item-${key}`) || host).focus({ preventScroll: true });
  }

  #showAsSaved(text) {
    this.form.hidden = true;
    delete this.form.dataset.failed;
    this.form.querySelector("[role=alert]")?.remove();
    const items = this.host.querySelector(".items");
    if (this.item) {
      this.item.classList.add("is-pending");
      textPlace(this.item).textContent = text;
    } else if (items) {
      this.ghost = Object.assign(document.createElement("div"), { className: "item is-pending", textContent: text });
      items.append(this.ghost);
    }
  }

  #takeBack() {
    this.form.hidden = false;
    this.item?.classList.remove("is-pending");
    if (this.item) textPlace(this.item).textContent = this.text;
    this.ghost?.remove();
  }

  #complain(text) {
    this.form.dataset.failed = "1";
    const note = Object.assign(document.createElement("p"), { className: "note note--error", textContent: text });
    note.setAttribute("role", "alert");
    this.form.append(note);
    this.area.focus();
  }
}

function textPlace(item) {
  return item.querySelector(".words > span, .tp__name, .map__stage-btn") ?? item.querySelector("button").firstChild;
}

function build(page, label, text, href) {
  const form = document.createElement("form");
  form.className = "editor";
  const area = document.createElement("textarea");
  area.value = text;
  area.rows = 2;
  area.maxLength = 4000;
  area.setAttribute("aria-label", label);
  const bar = document.createElement("div");
  bar.className = "editor__bar";
  const keys = document.createElement("span");
  keys.innerHTML = '<kbd class="kbd">Enter</kbd> <kbd class="kbd">Esc</kbd>';
  bar.append(keys);
  if (href) {
    const more = button("btn btn--ghost btn--sm btn--icon push", page.words.more, "more");
    more.type = "button";
    more.dataset.more = "";
    more.dataset.href = href;
    bar.append(more);
  }
  bar.append(button(`btn btn--primary btn--sm${href ? "" : " push"}`, page.words.save, "check"));
  form.append(area, bar);
  return form;
}

function button(look, label, icon) {
  const made = document.createElement("button");
  made.className = look;
  made.setAttribute("aria-label", label);
  made.title = label;
  made.innerHTML = `<svg class="icon s" aria-hidden="true"><use href="#i-${icon}"/></svg>`;
  return made;
}
