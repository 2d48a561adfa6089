/* The box in a table's head ticks all that can be ticked. */
document.querySelectorAll("input[data-all]").forEach((all) => {
  const boxes = [...all.form.elements].filter(
    (one) => one.name === all.dataset.all && !one.disabled,
  );
  all.addEventListener("change", () => {
    boxes.forEach((one) => { one.checked = all.checked; });
  });
});
