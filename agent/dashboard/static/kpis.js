// Draws the curves of the page of figures; without it the tables say the same.
"use strict";
(() => {
  const section = document.getElementById("plots");
  if (!section) return;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const language = section.lang;
  const number = (value, digits) =>
    value.toLocaleString(language, { maximumFractionDigits: digits });
  const duration = (seconds) => {
    for (const [unit, size] of [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]])
      if (seconds >= 2 * size) return `${number(seconds / size, 1)} ${unit}`;
    return seconds ? `${number(seconds * 1000, 0)} ms` : "0";
  };
  const FORMS = {
    percent: (value) => `${number(value * 100, 2)} %`,
    seconds: duration,
    number: (value) => number(value, 3),
  };

  function options(plot, data, width, show) {
    const form = FORMS[plot.unit];
    const moment = new Intl.DateTimeFormat(language, {
      dateStyle: "medium", timeStyle: "short", timeZone: data.zone,
    });
    const day = (step) => new Intl.DateTimeFormat(language, {
      timeZone: data.zone,
      ...(step < 86400 ? { hour: "2-digit", minute: "2-digit" }
        : step < 28 * 86400 ? { day: "numeric", month: "short" }
          : { month: "short", year: "2-digit" }),
    });
    const axis = { stroke: colour("--text"), grid: { stroke: colour("--line"), width: 1 } };
    const strokes = ["--main", "--second"].map(colour);
    return {
      width,
      height: 200,
      tzDate: (stamp) => uPlot.tzDate(new Date(stamp * 1000), data.zone),
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: { y: { range: plot.unit === "percent" && plot.name === "availability"
        ? (_, low) => [Math.max(0, Math.min(low ?? 1, 0.99)), 1]
        : (_, __, high) => [0, high || 1] } },
      axes: [
        { ...axis, values: (_, splits, __, ___, step) => splits.map((each) =>
          day(step).format(new Date(each * 1000))) },
        { ...axis, size: 70, values: (_, splits) => splits.map((value) => form(value)) },
      ],
      series: [
        {},
        ...plot.series.map((each, place) => ({
          label: each.name, stroke: strokes[place], width: 2, dash: place ? [6, 4] : [],
          points: { show: data.times.length < 40 },
        })),
      ],
      hooks: {
        setCursor: [(chart) => {
          const at = chart.cursor.idx;
          if (at == null) return show("");
          const values = plot.series
            .filter((each) => each.values[at] != null)
            .map((each) => `${each.name} ${form(each.values[at])}`);
          show(` · ${moment.format(new Date(data.times[at] * 1000))}: ${values.join(", ") || "–"}`);
        }],
      },
    };
  }

  function draw(data) {
    const charts = [];
    for (const plot of data.plots) {
      const figure = section.querySelector(`[data-plot="${plot.name}"]`);
      const place = figure.lastElementChild;
      const value = figure.querySelector("[data-value]");
      const rest = plot.series.length > 1
        ? ` · ${plot.series[0].name} —, ${plot.series[1].name} - -` : "";
      const show = (text) => { value.textContent = text || rest; };
      place.replaceChildren();
      show("");
      const values = [data.times, ...plot.series.map((each) => each.values)];
      const chart = new uPlot(options(plot, data, place.clientWidth, show), values, place);
      charts.push([chart, place]);
    }
    return charts;
  }

  fetch(section.dataset.source)
    .then((answer) => { if (answer.ok) return answer.json(); throw new Error(answer.statusText); })
    .then((data) => {
      section.hidden = false;
      let charts = draw(data);
      new ResizeObserver(() => {
        for (const [chart, place] of charts)
          if (place.clientWidth) chart.setSize({ width: place.clientWidth, height: 200 });
      }).observe(section);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        for (const [chart] of charts) chart.destroy();
        charts = draw(data);
      });
    })
    .catch(() => { section.hidden = true; });
})();
