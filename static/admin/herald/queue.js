/* The queue: moving a due upload by its handle, with the mouse or with the arrow keys.
   What it does is sent as the rows' own forms would, and answered with the queue. */
(function () {
  "use strict";

  let dragged = null;

  const queue = () => document.getElementById("queue");
  const rowOf = (node) => node.closest && node.closest("[data-order] > [data-upload]");

  function place(row, where, other) {
    const token = row.querySelector("input[name=csrfmiddlewaretoken]").value;
    window.htmx.ajax("POST", queue().dataset.act, {
      target: "#queue",
      swap: "patch",
      source: "#queue",
      values: { place: row.dataset.upload, [where]: other, csrfmiddlewaretoken: token },
    });
  }

  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest && event.target.closest(".hq-handle");
    if (!handle || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const row = rowOf(handle);
    const up = event.key === "ArrowUp";
    const other = row.querySelector(`input[name=${up ? "previous" : "next"}]`).value;
    if (other !== "0") place(row, up ? "before" : "after", other);
  });

  document.addEventListener("dragstart", (event) => {
    const row = rowOf(event.target);
    if (!row) return;
    dragged = row;
    row.classList.add("hq-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.dataset.upload);
  });

  function mark(row, below) {
    document.querySelectorAll(".hq-above, .hq-below").forEach((one) => one.classList.remove("hq-above", "hq-below"));
    if (row) row.classList.add(below ? "hq-below" : "hq-above");
  }

  const isBelow = (event, row) => {
    const box = row.getBoundingClientRect();
    return event.clientY > box.top + box.height / 2;
  };

  document.addEventListener("dragover", (event) => {
    const row = dragged && rowOf(event.target);
    if (!row) return;
    event.preventDefault();
    mark(row === dragged ? null : row, isBelow(event, row));
  });

  document.addEventListener("drop", (event) => {
    const row = dragged && rowOf(event.target);
    if (!row) return;
    event.preventDefault();
    if (row !== dragged) place(dragged, isBelow(event, row) ? "after" : "before", row.dataset.upload);
  });

  document.addEventListener("dragend", () => {
    if (dragged) dragged.classList.remove("hq-dragged");
    dragged = null;
    mark(null);
  });

  // A row must not move under the hand that drags it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (dragged && event.target.id === "queue-poll") event.preventDefault();
  });
})();
