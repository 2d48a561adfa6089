/* The list of releases by keyboard; and which ones it showed, for their pages. */
(function () {
  "use strict";

  const rows = () => [...document.querySelectorAll("#result_list tr.data-row")];
  const link = (row) => row.querySelector("a.hd-title");
  const box = (row) => row.querySelector("input.action-select");
  let last = -1;

  function here() {
    const focused = document.activeElement && document.activeElement.closest("tr.data-row");
    return focused ? rows().indexOf(focused) : last;
  }

  function go(step) {
    const all = rows();
    if (!all.length) return;
    const from = here();
    last = from < 0 ? 0 : Math.min(Math.max(from + step, 0), all.length - 1);
    link(all[last]).focus();
    all[last].scrollIntoView({ block: "nearest" });
  }

  function choose() {
    const row = rows()[here()];
    if (row && box(row)) box(row).click();
  }

  function chooseAll() {
    const all = document.getElementById("action-toggle");
    if (all) all.click();
  }

  function open() {
    const row = rows()[here()];
    if (row) link(row).click();
  }

  function run(action) {
    const form = document.getElementById("changelist-form");
    const choice = form && form.querySelector(`select[name=action] option[value=${action}]`);
    if (!choice) return false;
    const row = rows()[here()];
    if (!rows().some((one) => box(one) && box(one).checked)) {
      if (!row || !box(row)) return false;
      box(row).click();
    }
    choice.parentElement.value = action;
    choice.parentElement.dispatchEvent(new Event("change", { bubbles: true }));
    form.requestSubmit(form.querySelector("button[name=index]"));
    return true;
  }

  function remember() {
    const list = rows().map((row) => new URL(link(row).href).pathname);
    const place = location.pathname + location.search;
    sessionStorage.setItem("herald-list", JSON.stringify({ place, list }));
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!document.body.classList.contains("model-release")) return;
    remember();
    window.heraldKeys({
      j: () => go(1),
      k: () => go(-1),
      x: choose,
      X: chooseAll,
      o: open,
      a: () => run("approve_chosen"),
      r: () => run("reject_chosen"),
      "/": () => {
        const search = document.getElementById("searchbar");
        search.focus();
        search.select();
      },
    });
  });
})();
