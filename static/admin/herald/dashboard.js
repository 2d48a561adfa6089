/* Gives the charts the theme's text colour: their options are JSON and cannot ask. */
(function () {
  "use strict";

  function paint() {
    const colour = getComputedStyle(document.body).color;
    document.querySelectorAll("canvas.chart").forEach((canvas) => {
      const chart = window.Chart && window.Chart.getChart(canvas);
      if (!chart) return;
      chart.options.color = colour;
      for (const scale of Object.values(chart.options.scales)) scale.ticks.color = colour;
      chart.options.plugins.legend.labels.color = colour;
      chart.update("none");
    });
  }

  window.addEventListener("load", () => {
    // After the theme's own script, which makes the charts in its load handler.
    setTimeout(paint);
    new MutationObserver(() => setTimeout(paint)).observe(document.documentElement, {
      attributeFilter: ["class"],
    });
  });
})();
