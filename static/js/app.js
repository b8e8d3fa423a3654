// Starts each behaviour where the page asks for it: data-behaviour="name other". Runs again on what htmx swaps in.
const loaded = new Map();

async function start(element) {
  for (const name of element.dataset.behaviour.split(/\s+/)) {
    if (element[`behaviour:${name}`]) continue;
    element[`behaviour:${name}`] = true;
    if (!loaded.has(name)) loaded.set(name, import(`./behaviours/${name}.js`));
    (await loaded.get(name)).default(element);
  }
  element.dataset.ready = "";
}

export function startAll(root = document) {
  if (root.matches?.("[data-behaviour]")) start(root);
  root.querySelectorAll?.("[data-behaviour]").forEach(start);
}

startAll();
new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => node.nodeType === 1 && startAll(node))))
  .observe(document.body, { childList: true, subtree: true });
