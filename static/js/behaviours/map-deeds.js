// Forms on the map page: form[data-deed] is sent without leaving the page; [data-autosave] sends each field when it is left;
// [data-nudge] has buttons [data-by] around a number. Undo buttons: [data-undo-button]; the title: form[data-title-form].
import { openConflict } from "../map/conflict.js";
import { pageOf } from "../map/page.js";
import { toast } from "../map/toast.js";

export default function mapDeeds(root) {
  const page = pageOf(root);

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-deed], form[data-title-form]");
    if (!form) return;
    event.preventDefault();
    if (form.matches("[data-title-form], [data-autosave]")) { document.activeElement?.blur(); return; }
    if (form.ariaBusy !== "true") send(form, new FormData(form, event.submitter));
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    const form = field.closest?.("form[data-autosave], form[data-title-form]");
    if (form && field.name && field.checkValidity()) send(form, valuesOf(form, field));
  });

  root.addEventListener("click", (event) => {
    const step = event.target.closest("[data-by]");
    if (!step) return;
    const field = step.closest("form").elements.valence;
    const value = Math.max(-2, Math.min(2, Number(field.value) + Number(step.dataset.by)));
    field.value = value.toFixed(1);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });

  for (const button of document.querySelectorAll("[data-undo-button]")) button.addEventListener("click", () => page.undo());

  async function send(form, values) {
    const home = form.closest("#inspector, dialog") ?? form;
    form.ariaBusy = "true";
    const answer = await page.post(form.action, values);
    form.ariaBusy = "false";
    if (answer.ok) return done(form, home);
    if (answer.status === 409 && answer.html.includes("data-conflict")) openConflict(page, answer.html);
    else complain(form, page.complaint(answer));
  }

  // A form that was redrawn meanwhile tells its home instead.
  function done(form, home) {
    form.querySelector("[data-complaint]")?.remove();
    if (form.dataset.closes) document.getElementById(form.dataset.closes)?.hidePopover();
    const teller = form.isConnected ? form : home;
    teller.dispatchEvent(new CustomEvent("map:done", { bubbles: true, detail: { isGone: form.hasAttribute("data-deletes") } }));
  }

  function complain(form, text) {
    if (!form.isConnected || form.matches("[data-title-form]")) { toast(text, { isError: true }); return; }
    const note = form.querySelector("[data-complaint]") ?? document.createElement("p");
    note.className = "note note--error";
    note.setAttribute("role", "alert");
    note.dataset.complaint = "";
    note.textContent = text;
    form.append(note);
  }
}

// The one field that changed; a text goes with the revision that its writer looked at, so that no text is lost.
function valuesOf(form, field) {
  const values = { [field.name]: field.value };
  if (!field.matches("textarea, input:not([type]), input[type=text]")) return values;
  for (const name of ["revision", "item_revision"]) if (form.elements[name]) values[name] = form.elements[name].value;
  return values;
}
