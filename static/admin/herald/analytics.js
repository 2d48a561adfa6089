/* A bar leads where its number in the table beside it does; a date chooses its period. */
(function () {
  "use strict";

  function linkOf(canvas, bars) {
    if (!bars.length) return null;
    const chart = window.Chart.getChart(canvas);
    const column = chart.data.datasets[bars[0].datasetIndex].column;
    const rows = canvas.closest(".ha-figure").querySelectorAll("tbody tr");
    const row = rows[bars[0].index];
    return row && row.querySelector(`[data-column="${column}"] a`);
  }

  function wire(canvas) {
    const chart = window.Chart && window.Chart.getChart(canvas);
    if (!chart) return;
    chart.options.onClick = (event, bars) => {
      const link = linkOf(canvas, bars);
      if (link) window.location.assign(link.href);
    };
    chart.options.onHover = (event, bars) => {
      canvas.style.cursor = linkOf(canvas, bars) ? "pointer" : "default";
    };
    chart.update("none");
    canvas.dataset.ready = "yes";
  }

  window.addEventListener("load", () => {
    const form = document.getElementById("analytics-filter");
    for (const input of form.querySelectorAll("input[type=date]")) {
      input.addEventListener("change", () => {
        form.elements.period.value = "custom";
      });
    }
    // After the theme's own script, which makes the charts in its load handler.
    setTimeout(() => document.querySelectorAll(".ha-figure canvas.chart").forEach(wire));
  });
})();
