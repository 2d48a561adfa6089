/* Tabs of long pages, and the count on the approve button. Without it, all is shown. */
(function () {
  "use strict";

  function tabs(box) {
    const links = [...box.querySelectorAll(":scope > nav a")];
    const parts = links.map((link) => box.querySelector(link.hash));

    function show(hash) {
      const wanted = links.some((link) => link.hash === hash) ? hash : links[0].hash;
      links.forEach((link, i) => {
        const here = link.hash === wanted;
        link.classList.toggle("hd-here", here);
        if (here) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
        parts[i].hidden = !here;
      });
    }

    links.forEach((link) =>
      link.addEventListener("click", (event) => {
        event.preventDefault();
        history.replaceState(null, "", link.hash);
        show(link.hash);
      })
    );
    window.addEventListener("hashchange", () => show(location.hash));
    show(location.hash);
  }

  function approval(form) {
    const button = form.querySelector("[data-approve]");
    if (!button) return; // only rejecting is possible at the moment
    const boxes = [...document.querySelectorAll(`input[name=upload][form=${form.id}]`)];

    function count() {
      const names = boxes.filter((b) => b.checked).map((b) => b.dataset.name);
      button.disabled = names.length === 0;
      button.textContent = names.length ? `Approve ${names.join(" + ")}` : "Approve";
    }

    boxes.forEach((box) => box.addEventListener("change", count));
    count();
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-tabs]").forEach(tabs);
    document.querySelectorAll("#approve-form").forEach(approval);
  });
})();
