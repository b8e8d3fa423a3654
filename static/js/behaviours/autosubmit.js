// <form data-behaviour="autosubmit">: sends itself when a filter changes; [data-quiet] fields wait for their own button,
// and the button [data-submit] is for readers without scripts.
export default function autosubmit(form) {
  form.classList.add("is-live");
  form.addEventListener("change", (event) => {
    if (!event.target.closest("[data-quiet]")) form.requestSubmit();
  });
}
