/* Keys of a page, and the table that explains them. Nothing happens while typing. */
(function () {
  "use strict";

  const FIELDS =
    "textarea, select, [contenteditable], input:not([type=checkbox]):not([type=radio])";

  function isTyping(element) {
    return element instanceof Element && element.closest(FIELDS) !== null;
  }

  function help() {
    const table = document.getElementById("keys");
    if (table && !table.open) table.showModal();
  }

  window.heraldKeys = function (actions) {
    const known = { "?": help, ...actions };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector("dialog[open]")) return;
      if (isTyping(event.target)) {
        if (event.key === "Escape") event.target.blur();
        return;
      }
      const action = known[event.key];
      if (!action || action(event) === false) return;
      event.preventDefault();
    });
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-keys]")) help();
    });
  };
})();
