// The theme has parts that only a mouse can press, or that have no name but a picture's.
// They become buttons for all, and get one.
const NATIVE = "a[href], button, input, select, textarea, label, summary";
// Names of icons in the person's language, from templates/admin/icon_names.html.
const nameOf = (icon) => document.getElementById("icon-names")?.dataset[icon] || icon.replaceAll("_", " ");
// What may be larger than its box; only while it is, a stop for the keys that scroll it.
const SCROLLED = ".hd-scroll, .hd-pre, .hd-preview, .ht-source, .bbcode pre";

const named = (element) => {
  if (element.hasAttribute("aria-label") || element.title || element.querySelector("img[alt]")) return;
  const icons = [...element.querySelectorAll(".material-symbols-outlined")];
  const own = element.matches(".material-symbols-outlined") ? [element] : icons;
  const rest = element.cloneNode(true);
  rest.querySelectorAll(".material-symbols-outlined").forEach((icon) => icon.remove());
  const text = element.matches(".material-symbols-outlined") ? "" : rest.textContent.trim();
  if (text || !own.length) return;
  const icon = own[0].textContent.trim();
  element.setAttribute("aria-label", nameOf(icon || "more_vert"));
};

const reachable = (element) => {
  if (element.matches(NATIVE) || element.hasAttribute("tabindex")) return;
  // What reacts to clicks for the sake of its contents only, such as a dialog's ground.
  if (element.querySelector(NATIVE)) return;
  // The ground beside an open part; the Escape key closes it as well.
  if (!element.textContent.trim()) return;
  element.setAttribute("role", "button");
  element.setAttribute("tabindex", "0");
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    element.click();
  });
};

const scrolled = new ResizeObserver((entries) => entries.forEach(({ target: box }) => {
  if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}));

const mend = (root) => {
  root.querySelectorAll("[x-on\\:click]").forEach(reachable);
  root.querySelectorAll("a, button, [role='button']").forEach(named);
  root.querySelectorAll(".material-symbols-outlined:not([role])").forEach((icon) => {
    // Its name is drawn as a picture, and would be read out as a word.
    icon.setAttribute("aria-hidden", "true");
  });
  root.querySelectorAll("span.help-tooltip[aria-label]").forEach((tip) => tip.setAttribute("role", "img"));
  root.querySelectorAll(`:is(${SCROLLED}):not([tabindex])`).forEach((box) => scrolled.observe(box));
};

document.addEventListener("DOMContentLoaded", () => {
  mend(document);
  document.getElementById("content")?.setAttribute("tabindex", "-1");
});
// Django builds its pairs of boxes when all has been loaded; this comes after it.
window.addEventListener("load", () => setTimeout(() => mend(document)));
document.addEventListener("htmx:load", (event) => mend(event.target.parentNode || document));
