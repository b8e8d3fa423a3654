// <form data-behaviour="metric-form"> with a select named "query": shows only the fields of [data-for~="<its value>"].
export default function metricForm(form) {
  const select = form.elements.namedItem("query");
  if (!select) return;
  const show = () => form.querySelectorAll("[data-for]").forEach((part) => {
    part.hidden = !part.dataset.for.split(" ").includes(select.value);
  });
  select.addEventListener("change", show);
  show();
}
