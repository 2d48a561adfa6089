// Offers the time zone of this device, where it is not the chosen one.
document.querySelectorAll("[data-zone-guess]").forEach((offer) => {
  const field = document.getElementById(offer.dataset.zoneGuess);
  const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = [...field.options].some((option) => option.value === guess);
  if (!known || field.value === guess) return;
  offer.hidden = false;
  offer.querySelector("span").textContent = guess;
  offer.querySelector("button").addEventListener("click", () => {
    field.value = guess;
    offer.hidden = true;
  });
});
