// [data-open] with data-href opens the inspector (<aside class="inspector">); Esc or [data-close] closes it.
import { pageOf } from "../map/page.js";

export default function mapInspector(root) {
  const page = pageOf(root);
  const panel = document.getElementById("inspector");
  const shown = { href: "", origin: null };
  const phone = matchMedia("(max-width: 720px)");

  page.openInspector = open;
  page.closeInspector = close;

  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener && !event.defaultPrevented) {
      event.preventDefault();
      open(opener.dataset.href, opener);
    } else if (event.target.closest("[data-close]")) close();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  panel.addEventListener("map:done", (event) => (event.detail.isGone ? close() : again()));
  root.addEventListener("map:changed", (event) => {
    const isAbout = event.detail.rows.some((row) => shown.href.includes(row.id));
    if (isAbout && event.detail.by !== root.dataset.me && !panel.contains(document.activeElement)) again();
  });
  root.addEventListener("map:undone", () => shown.href && again());
  root.addEventListener("map:drawn", mark);

  async function open(href, origin = null, field = "") {
    const isInside = panel.contains(origin);
    if (!isInside) shown.origin = origin?.id ?? "";
    if (!(await show(href))) return;
    const target = field && panel.querySelector(`[name="${field}"]`);
    (target || panel.querySelector(".inspector__title"))?.focus({ preventScroll: true });
    document.getElementById(idOf(href))?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  async function show(href) {
    const answer = await page.read(href);
    if (!answer.ok) {
      if (answer.status === 404) close();
      else page.say(page.complaint(answer));
      return false;
    }
    put(answer.html, href);
    return true;
  }

  // Draws the panel; drawn again, it keeps its place, the focus and what is being typed.
  function put(html, href) {
    const { id, name, value, defaultValue } = panel.contains(document.activeElement) ? document.activeElement : {};
    const top = shown.href === href ? panel.scrollTop : 0;
    const isAgain = shown.href === href;
    shown.href = href;
    panel.innerHTML = html;
    root.dataset.inspector = "open";
    cover(phone.matches);
    panel.scrollTop = top;
    window.htmx?.process(panel);
    mark();
    const same = isAgain && ((id && document.getElementById(id)) || (name && panel.querySelector(`[name="${name}"]`)));
    if (!same) return;
    if (same.matches("textarea, input") && value !== defaultValue) same.value = value;
    same.focus({ preventScroll: true });
  }

  async function again() {
    const wasInside = panel.contains(document.activeElement) || document.activeElement === document.body;
    if (!(await show(shown.href)) || !wasInside || panel.contains(document.activeElement)) return;
    panel.querySelector(".inspector__title")?.focus({ preventScroll: true });
  }

  function close() {
    if (!shown.href) return;
    const origin = document.getElementById(shown.origin) ?? document.getElementById(idOf(shown.href));
    shown.href = "";
    delete root.dataset.inspector;
    cover(false);
    panel.replaceChildren();
    mark();
    origin?.focus({ preventScroll: true });
  }

  // On a phone the panel is a sheet over the map: what lies behind it is out of reach.
  function cover(isSheet) {
    for (const behind of root.querySelectorAll(".canvas, .mapbar")) behind.inert = isSheet;
  }

  function mark() {
    for (const one of root.querySelectorAll(".is-selected")) { one.classList.remove("is-selected"); one.removeAttribute("aria-current"); }
    const chosen = shown.href && document.getElementById(idOf(shown.href));
    if (!chosen || panel.contains(chosen)) return;
    chosen.classList.add("is-selected");
    chosen.setAttribute("aria-current", "true");
  }
}

const idOf = (href) => `item-${href.split("/").filter(Boolean).pop()}`;
