// Whoever changes a field's text means it: the tick at "From the layout" goes away.
document.addEventListener("input", (event) => {
  if (!event.target.matches("textarea[name^='field-']")) return;
  const tick = event.target.form.elements.namedItem(event.target.name.replace("field-", "drop-"));
  if (tick) tick.checked = false;
});
