/* Tabs of long pages, and the count on the approve button. Without it, all is shown. */
(function () {
  "use strict";

  const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

  function tabs(box) {
    const nav = box.querySelector(":scope > nav");
    if (!nav) return;
    const links = [...nav.querySelectorAll("a")];
    const parts = links.map((link) => document.getElementById(link.hash.slice(1)));
    nav.setAttribute("role", "tablist");
    links.forEach((link, i) => {
      link.setAttribute("role", "tab");
      link.setAttribute("aria-controls", parts[i].id);
      link.id = link.id || `tab-${parts[i].id}`;
      parts[i].setAttribute("role", "tabpanel");
      parts[i].setAttribute("aria-labelledby", link.id);
    });

    function open(wanted) {
      links.forEach((link, i) => {
        const here = i === wanted;
        link.classList.toggle("hd-here", here);
        link.setAttribute("aria-selected", String(here));
        link.tabIndex = here ? 0 : -1;
        parts[i].hidden = !here;
      });
      // On a telephone the line of tabs is longer than the page is wide.
      const seen = nav.getBoundingClientRect();
      const it = links[wanted].getBoundingClientRect();
      nav.scrollLeft += Math.min(0, it.left - seen.left) + Math.max(0, it.right - seen.right);
    }

    /* What has something to look at comes first. */
    const first = () => Math.max(0, links.findIndex((link) => "look" in link.dataset));

    /* The part that is meant, or the one that holds what is meant. */
    function show() {
      const target = location.hash && document.getElementById(location.hash.slice(1));
      const wanted = target ? parts.findIndex((part) => part.contains(target)) : -1;
      if (wanted >= 0) open(wanted);
      else if (!links.some((link) => link.classList.contains("hd-here"))) open(first());
    }

    function go(to) {
      history.replaceState(null, "", links[to].hash);
      open(to);
    }

    links.forEach((link, i) => {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        go(i);
      });
      link.addEventListener("keydown", (event) => {
        let to = i + (STEPS[event.key] || 0);
        if (event.key === "Home") to = 0;
        if (event.key === "End") to = links.length - 1;
        if (to === i && !["Home", "End"].includes(event.key)) return;
        event.preventDefault();
        to = (to + links.length) % links.length;
        go(to);
        links[to].focus();
      });
    });
    window.addEventListener("hashchange", show);
    show();
  }

  function approval(form) {
    const button = form.querySelector("[data-approve]");
    if (!button) return; // only rejecting is possible at the moment
    const word = button.textContent.trim();
    const boxes = [...document.querySelectorAll(`input[name=upload][form=${form.id}]`)];

    function count() {
      const names = boxes.filter((b) => b.checked).map((b) => b.dataset.name);
      button.disabled = names.length === 0;
      // By a function: in a name, $& would mean something.
      const all = () => names.join(" + ");
      button.textContent = names.length ? button.dataset.text.replace("{names}", all) : word;
    }

    boxes.forEach((box) => box.addEventListener("change", count));
    count();
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-tabs]").forEach(tabs);
    document.querySelectorAll("#approve-form").forEach(approval);
  });
})();
