// The theme has parts that only a mouse can press. They become buttons for all.
const NATIVE = "a[href], button, input, select, textarea, label, summary";
const NAMES = { dock_to_right: "Side bar", close: "Close", menu: "Menu" };

const reachable = (element) => {
  if (element.matches(NATIVE) || element.hasAttribute("tabindex")) return;
  // What reacts to clicks for the sake of its contents only, such as a dialog's ground.
  if (element.querySelector(NATIVE)) return;
  const text = element.textContent.trim();
  element.setAttribute("role", "button");
  element.setAttribute("tabindex", "0");
  if (NAMES[text]) element.setAttribute("aria-label", NAMES[text]);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    element.click();
  });
};

const mend = (root) => {
  root.querySelectorAll("[x-on\\:click]").forEach(reachable);
  root.querySelectorAll(".material-symbols-outlined").forEach((icon) => {
    // Its name is drawn as a picture, and would be read out as a word.
    if (!icon.hasAttribute("role")) icon.setAttribute("aria-hidden", "true");
  });
};

document.addEventListener("DOMContentLoaded", () => {
  mend(document);
  document.getElementById("content")?.setAttribute("tabindex", "-1");
});
document.addEventListener("htmx:load", (event) => mend(event.target.parentNode || document));
