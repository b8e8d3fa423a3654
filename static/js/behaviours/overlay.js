// <div data-behaviour="overlay" data-href data-words-failed data-words-again>: brings figures over a page that is already drawn.
// The answer holds <template data-fill="ID">…</template>; each goes into #ID. data-again="ms" on any element asks to come back.
export default function overlay(box) {
  const root = box.closest(".mapview") ?? document;
  const kinds = /stage|placement|metric|touchpoint$/;
  let timer = null;
  let isLoading = false;
  const places = () => [...document.querySelectorAll("[data-keep]")];

  load();
  root.addEventListener("map:changed", (event) => event.detail.rows.some((row) => kinds.test(row.kind)) && later(400));
  root.addEventListener("map:drawn", (event) => event.detail.ids.includes("map") && later(0));
  box.addEventListener("click", (event) => event.target.closest("[data-retry]") && load());

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(load, delay);
  }

  async function load() {
    if (isLoading) return later(300);
    isLoading = true;
    for (const place of places()) if (place.hasAttribute("data-filled")) place.setAttribute("aria-busy", "true");
    const skeleton = setTimeout(() => root.querySelector?.("#map")?.classList.add("is-waiting"), 300);
    const html = await bring();
    clearTimeout(skeleton);
    root.querySelector?.("#map")?.classList.remove("is-waiting");
    for (const place of places()) place.removeAttribute("aria-busy");
    isLoading = false;
    if (html === null) return complain();
    box.replaceChildren();
    fill(html);
  }

  async function bring() {
    try {
      const response = await fetch(box.dataset.href, { headers: { "X-Fragment": "1", "HX-Request": "true" } });
      return response.ok ? await response.text() : null;
    } catch {
      return null;
    }
  }

  function fill(html) {
    const answer = document.createElement("template");
    answer.innerHTML = html;
    for (const part of answer.content.querySelectorAll("template[data-fill]")) {
      const place = document.getElementById(part.dataset.fill);
      if (!place) continue;
      place.replaceChildren(part.content.cloneNode(true));
      place.setAttribute("data-filled", "");
      window.htmx?.process(place);
    }
    const loose = [...answer.content.children].filter((child) => !child.matches("template[data-fill]") && child.textContent.trim());
    box.replaceChildren(...loose);
    const again = answer.content.querySelector("[data-again]")?.dataset.again;
    if (again) later(Number(again));
  }

  function complain() {
    const note = Object.assign(document.createElement("p"), { className: "note note--error", textContent: `${box.dataset.wordsFailed} ` });
    note.setAttribute("role", "alert");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--sm", textContent: box.dataset.wordsAgain });
    button.dataset.retry = "";
    note.append(button);
    box.replaceChildren(note);
  }
}
