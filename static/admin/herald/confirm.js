/* Approving many: whole trackers at once, and the count on the button. */
(function () {
  "use strict";

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.getElementById("confirm");
    const button = form && form.querySelector("[data-approve]");
    if (!button) return;
    const uploads = [...form.querySelectorAll("input[name=upload]")];
    const columns = [...form.querySelectorAll("input[data-column]:not([name])")];
    const shown = form.querySelector("[data-chosen]");

    const read = form.querySelector("input[name=warnings]");
    const compared = (id) => form.querySelector(`input[name=recording][value="${id}"]`).checked;

    function isSent(box) {
      if (!box.checked || ("warned" in box.dataset && !read.checked)) return false;
      return !("doubtful" in box.dataset) || compared(box.dataset.doubtful);
    }

    function count() {
      const chosen = uploads.filter(isSent).length;
      shown.textContent = chosen;
      button.disabled = chosen === 0;
      button.textContent = button.dataset.text.replace("{n}", chosen);
      columns.forEach((column) => {
        const own = uploads.filter((box) => box.dataset.column === column.dataset.column);
        column.checked = own.every((box) => box.checked);
        column.indeterminate = !column.checked && own.some((box) => box.checked);
      });
    }

    columns.forEach((column) =>
      column.addEventListener("change", () => {
        uploads
          .filter((box) => box.dataset.column === column.dataset.column)
          .forEach((box) => (box.checked = column.checked));
      })
    );
    form.addEventListener("change", count);
    count();
  });
})();
