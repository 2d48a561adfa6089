/* The review page: jumps to what is meant, its place in the list, chapters, keys. */
(function () {
  "use strict";

  const find = (selector) => document.querySelector(selector);

  /* A jump opens what is closed around its target, and puts the focus there. */
  function land() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target || !target.matches(".hd-field, .hd-panel")) return;
    for (let one = target; one; one = one.parentElement) {
      if (one.tagName === "DETAILS") one.open = true;
    }
    const place =
      target.querySelector("[aria-invalid]") ||
      target.querySelector(".hd-edit > summary") ||
      target;
    if (place === target) target.tabIndex = -1;
    place.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center" });
    target.classList.add("hd-landed");
    setTimeout(() => target.classList.remove("hd-landed"), 2500);
  }

  /* Which release comes before and after, as the list showed them. */
  function neighbours() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem("herald-list"));
    } catch {
      return;
    }
    const at = kept ? kept.list.indexOf(location.pathname) : -1;
    if (at < 0) return;
    find("[data-list]").href = kept.place;
    find("[data-place]").textContent = `${at + 1} / ${kept.list.length}`;
    [["[data-previous]", at - 1], ["[data-next]", at + 1]].forEach(([name, place]) => {
      const link = find(name);
      if (!(place in kept.list)) return;
      link.href = kept.list[place];
      link.hidden = false;
    });
  }

  function follow(name) {
    const link = find(name);
    if (!link || link.hidden) return false;
    link.click();
    return true;
  }

  function focus(name) {
    const place = find(name);
    if (!place) return false;
    const part = place.closest("[role=tabpanel][hidden]");
    if (part) find(`[aria-controls="${part.id}"]`).click();
    place.focus();
    place.scrollIntoView({ block: "nearest" });
    return true;
  }

  /* One stop for the Tab key; arrows go from chapter to chapter. */
  function timeline(line) {
    const marks = [...line.querySelectorAll("[data-said]")];
    const said = find(`#${line.dataset.timeline}`);
    const rest = said.textContent;
    const tell = (mark) => (said.textContent = mark.dataset.said);
    marks.forEach((mark, i) => {
      mark.setAttribute("tabindex", i ? "-1" : "0");
      mark.addEventListener("focus", () => tell(mark));
      mark.addEventListener("mouseenter", () => tell(mark));
      mark.addEventListener("keydown", (event) => {
        const ends = { Home: 0, End: marks.length - 1, ArrowLeft: i - 1, ArrowRight: i + 1 };
        const to = marks[ends[event.key]];
        if (!to) return;
        event.preventDefault();
        mark.setAttribute("tabindex", "-1");
        to.setAttribute("tabindex", "0");
        to.focus();
      });
    });
    line.addEventListener("mouseleave", () => {
      if (!line.contains(document.activeElement)) said.textContent = rest;
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-timeline]").forEach(timeline);
    neighbours();
    window.addEventListener("hashchange", land);
    // The browser goes to the address's anchor itself first, and takes the focus away.
    window.addEventListener("load", () => setTimeout(land));
    window.heraldKeys({
      j: () => follow("[data-next]"),
      k: () => follow("[data-previous]"),
      u: () => follow("[data-list]"),
      a: () => focus("[data-approve]"),
      r: () => focus("[data-reject]"),
      z: () => focus("[data-undo]"),
    });
  });
})();
