// Who is on the map and in which cell: tells the server where this person is, draws the others' frames and the faces in #faces.
import { pageOf } from "../map/page.js";

const BEAT = 15000;

export default function mapPresence(root) {
  const page = pageOf(root);
  const me = root.dataset.me;
  let people = JSON.parse(document.getElementById("map-people").textContent);
  let cell = "";
  let timer = null;

  page.nameOf = (member) => people.find((person) => person.member === member)?.name;
  root.addEventListener("map:people", (event) => { people = event.detail; draw(); });
  root.addEventListener("map:drawn", draw);
  root.addEventListener("focusin", (event) => {
    const place = event.target.closest("#map [id]:is([role=gridcell], [role=columnheader], [role=rowheader])");
    be(place ? (event.target.closest("form.editor") ? `${place.id}!` : place.id) : "");
  });
  addEventListener("pagehide", () => navigator.sendBeacon(root.dataset.presence, form({ leaving: "1" })));
  tell();
  setInterval(() => document.visibilityState === "visible" && tell(), BEAT);
  draw();

  function be(where) {
    if (where === cell) return;
    cell = where;
    clearTimeout(timer);
    timer = setTimeout(tell, 250);
  }

  function form(fields) {
    const data = new FormData();
    for (const [name, value] of Object.entries({ ...fields, csrfmiddlewaretoken: root.dataset.csrf })) data.append(name, value);
    return data;
  }

  function tell() {
    fetch(root.dataset.presence, { method: "POST", body: form({ cell }), keepalive: true }).catch(() => undefined);
  }

  function draw() {
    for (const old of root.querySelectorAll(".presence")) { old.classList.remove("presence"); old.style.removeProperty("--who"); }
    for (const tag of root.querySelectorAll(".presence__tag")) tag.remove();
    for (const person of people) if (person.member !== me && person.cell) frame(person);
    const faces = document.getElementById("faces");
    faces?.replaceChildren(...people.map(face));
  }

  function frame(person) {
    const place = document.getElementById(person.cell.replace("!", ""));
    if (!place || !root.contains(place)) return;
    place.classList.add("presence");
    place.style.setProperty("--who", `var(--p${person.colour})`);
    const words = person.cell.endsWith("!") ? page.words.edits : page.words.here;
    place.append(Object.assign(document.createElement("span"), { className: "presence__tag", textContent: words.replace("{name}", person.name) }));
  }

  function face(person) {
    const mark = Object.assign(document.createElement("span"), { className: "avatar m is-live", textContent: person.initials, title: person.name });
    mark.style.setProperty("--who", `var(--p${person.colour})`);
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", person.name);
    return mark;
  }
}
