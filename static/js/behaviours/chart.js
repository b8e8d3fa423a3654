// <div data-behaviour="chart" data-figure="{plotly JSON}"> with the server's own drawing inside: draws the figure with zoom
// in its place. Colours are names of tokens ("--d1") by trace name in layout.meta.colours. Without the library the
// server's drawing stays.
const LIBRARY = new URL("../../vendor/plotly-basic.min.js", import.meta.url).href;
let loading;

function load() {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = LIBRARY;
    script.onload = () => done(window.Plotly);
    script.onerror = failed;
    document.head.append(script);
  });
  return loading;
}

function token(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function painted(figure) {
  const { colours } = figure.layout.meta;
  const [line, text, soft] = ["--line", "--text-3", "--text"].map(token);
  const data = figure.data.map((trace) => {
    const name = colours[trace.name];
    if (!name) return trace;
    const colour = token(name);
    return { ...trace, fillcolor: colour, line: { ...trace.line, color: colour }, marker: { ...trace.marker, color: colour } };
  });
  const axis = { gridcolor: line, linecolor: line, zerolinecolor: line, tickfont: { color: text, size: 10 } };
  const shapes = (figure.layout.shapes ?? []).map((shape) => ({ ...shape, line: { ...shape.line, color: text } }));
  const layout = {
    ...figure.layout, shapes, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: getComputedStyle(document.body).fontFamily, color: soft },
    xaxis: { ...figure.layout.xaxis, ...axis }, yaxis: { ...figure.layout.yaxis, ...axis },
  };
  return { data, layout };
}

export default async function chart(box) {
  if (!box.dataset.figure || matchMedia("print").matches) return;
  const figure = JSON.parse(box.dataset.figure);
  const Plotly = await load();
  const field = document.createElement("div");
  const options = { displayModeBar: false, responsive: true, doubleClick: "reset", locale: "" };
  const draw = () => {
    const { data, layout } = painted(figure);
    return Plotly.react(field, data, layout, options);
  };
  box.replaceChildren(field);
  box.classList.add("is-drawn");
  field.style.cssText = "position:absolute;inset:0";
  await draw();
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
