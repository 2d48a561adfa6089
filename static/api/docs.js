// Swagger's page, for keyboards and screen readers: it draws itself, so it is watched.
(() => {
  const told = (select) =>
    select.closest("tr")?.dataset.paramName ??
    select.closest("tr")?.querySelector(".parameter__name")?.firstChild?.textContent;

  const mend = () => {
    for (const one of document.querySelectorAll("pre.example:not([tabindex])")) one.tabIndex = 0;
    for (const one of document.querySelectorAll("select:not([aria-label]):not([id])")) {
      const name = told(one);
      if (name) one.setAttribute("aria-label", name);
    }
  };

  new MutationObserver(mend).observe(document.getElementById("swagger-ui"), {
    childList: true,
    subtree: true,
  });
})();
