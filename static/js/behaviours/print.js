// <button data-behaviour="print" hidden>: prints the page (the browser's dialog also saves PDF).
export default function print(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
