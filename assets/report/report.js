"use strict";
// Draws the report from the JSON beside it. Every text goes in by textContent: names are shown, never read as HTML.

const data = JSON.parse(document.getElementById("data").textContent);
const main = document.getElementById("report");

function make(tag, into, { text, ...rest } = {}) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(rest)) element.setAttribute(name, value);
  into.append(element);
  return element;
}

function shape(tag, into, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  into.append(element);
  return element;
}

function section(title, note) {
  make("h2", main, { text: title });
  if (note) make("p", main, { text: note });
  return make("div", main);
}

function table(into, head, rows) {
  const made = make("table", make("div", into, { class: "scroll" }));
  const first = make("tr", make("thead", made));
  for (const cell of head) make("th", first, { text: cell, scope: "col" });
  const body = make("tbody", made);
  for (const row of rows) {
    const line = make("tr", body);
    for (const cell of row) make("td", line, { text: cell });
  }
}

const percent = (share) => `${(100 * share).toFixed(1)}%`;
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// --- pictures ---------------------------------------------------------------------------------------------------

// Blue below 0, white at 0, red above (ColorBrewer's RdBu); without negative numbers grey, from black.
const STOPS = [[33, 102, 172], [146, 197, 222], [247, 247, 247], [244, 165, 130], [178, 24, 43]];

function colour(level, signed) {
  if (!signed) return [level, level, level];
  const place = (level / 255) * (STOPS.length - 1);
  const before = Math.min(Math.floor(place), STOPS.length - 2);
  return STOPS[before].map((part, n) => part + (STOPS[before + 1][n] - part) * (place - before));
}

// Levels 0 to 255, (height, width, channels): one channel by the scale, three as red, green and blue.
function paint(canvas, levels, [height, width, channels], signed) {
  canvas.height = height;
  canvas.width = width;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let pixel = 0; pixel < height * width; pixel += 1) {
    const from = pixel * channels;
    const parts = channels === 3 ? levels.slice(from, from + 3) : colour(levels[from], signed);
    image.data.set([...parts, 255], pixel * 4);
  }
  context.putImageData(image, 0, 0);
}

function canvas(into, side, alt) {
  const made = make("canvas", into, { role: "img", "aria-label": alt });
  made.style.width = `${side}px`;
  made.style.height = `${side}px`;
  return made;
}

function sampleInto(into, sample, side) {
  if (sample.image) paint(canvas(into, side, `image ${sample.number}`), bytes(sample.image), data.image_shape, false);
  if (sample.text !== undefined) make("p", into, { text: sample.text });
  if (sample.values) table(into, ["", ""], sample.values);
}

function bars(into, shares, truth) {
  shares.forEach((share, label) => {
    const row = make("div", into, { class: label === truth ? "bar true" : "bar" });
    make("span", row, { text: data.classes[label] });
    make("i", make("span", row)).style.width = percent(Math.max(0, Math.min(1, share)));
    make("span", row, { text: percent(share) });
  });
}

// --- parts ------------------------------------------------------------------------------------------------------

function about() {
  make("h1", main, { text: data.title });
  make("p", main, { text: data.texts.about });
  const figures = make("div", main, { class: "figures" });
  for (const [name, value] of data.figures) {
    const figure = make("div", figures, { text: name });
    make("b", figure, { text: value });
  }
}

function curve(into, name, lines) {
  const [width, height, left, bottom] = [420, 220, 44, 30];
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
  const epochs = lines[0].points.map(([epoch]) => epoch);
  const [low, high] = [Math.min(0, ...values), name === "accuracy" ? 1 : Math.max(...values, 1e-9)];
  const [first, last] = [epochs[0], Math.max(epochs[epochs.length - 1], epochs[0] + 1)];
  const x = (epoch) => left + ((epoch - first) / (last - first)) * (width - left - 8);
  const y = (value) => 8 + (1 - (value - low) / (high - low)) * (height - bottom - 8);
  const figure = make("figure", into);
  make("figcaption", figure, { text: lines.map(({ label, points }) => `${label}: ${points[points.length - 1][1].toFixed(4)}`).join(", ") });
  const svg = shape("svg", figure, { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${name} by epoch` });
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const value = low + share * (high - low);
    shape("line", svg, { x1: left, x2: width - 8, y1: y(value), y2: y(value), stroke: "var(--line)" });
    shape("text", svg, { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, value.toPrecision(2));
  }
  shape("text", svg, { x: x(first), y: height - 10 }, first);
  shape("text", svg, { x: x(last), y: height - 10, "text-anchor": "end" }, `epoch ${last}`);
  for (const { points, held } of lines) {
    const style = { fill: "none", "stroke-width": 2, stroke: held ? "var(--validation)" : "var(--training)" };
    if (held) style["stroke-dasharray"] = "6 4";
    shape("polyline", svg, { ...style, points: points.map(([epoch, value]) => `${x(epoch)},${y(value)}`).join(" ") });
    for (const [epoch, value] of points.length > 40 ? [] : points) shape("circle", svg, { cx: x(epoch), cy: y(value), r: 2.5, fill: style.stroke });
  }
}

function curves() {
  const into = section("Curves", data.texts.curves);
  into.className = "curves";
  for (const name of data.regression ? ["loss"] : ["loss", "accuracy"]) {
    const lines = [[name, name, false], [`val_${name}`, `${name} of the validation part`, true]]
      .map(([field, label, held]) => ({
        label, held, points: data.points.filter((each) => each[field] !== null).map((each) => [each.epoch, each[field]]),
      }))
      .filter(({ points }) => points.length);
    if (lines.length) curve(into, name, lines);
  }
}

function confusion() {
  const into = section("Which classes it mixes up", data.texts.confusion);
  const made = make("table", make("div", into, { class: "scroll confusion" }));
  const first = make("tr", made);
  for (const name of ["true ↓ said →", ...data.classes]) make("th", first, { text: name, scope: "col" });
  data.confusion.forEach((counts, truth) => {
    const row = make("tr", made);
    make("th", row, { text: data.classes[truth], scope: "row" });
    const whole = Math.max(1, counts.reduce((sum, count) => sum + count, 0));
    counts.forEach((count, said) => {
      const cell = make("td", row, { text: count.toLocaleString("en") });
      const share = Math.round(70 * Math.sqrt(count / whole));
      cell.style.background = `color-mix(in srgb, var(${said === truth ? "--training" : "--validation"}) ${share}%, transparent)`;
    });
  });
}

function predicted() {
  const into = section("Predicted and true", data.texts.predicted);
  const all = data.predicted.flat();
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const at = (value) => 10 + (380 * (value - low)) / (high - low || 1);
  const svg = shape("svg", into, { viewBox: "0 0 400 400", role: "img", "aria-label": "predicted over true numbers" });
  svg.style.maxWidth = "420px";
  shape("line", svg, { x1: 10, y1: 390, x2: 390, y2: 10, stroke: "var(--line)" });
  for (const [truth, said] of data.predicted) shape("circle", svg, { cx: at(truth), cy: 400 - at(said), r: 3, fill: "var(--training)", opacity: 0.6 });
}

function samples() {
  const into = section("The first samples of the test part", data.texts.samples);
  into.className = "cards";
  for (const sample of data.samples) {
    const wrong = sample.said !== undefined && sample.said !== sample.truth;
    const card = make("div", into, { class: `card${wrong ? " wrong" : ""}${sample.image ? "" : " wide"}` });
    sampleInto(card, sample, 84);
    make("p", card, { text: sample.sentence });
  }
}

// --- the time machine -------------------------------------------------------------------------------------------

function machine() {
  if (!data.machine) {
    section("Time machine", data.texts.no_machine);
    return;
  }
  const { epochs, sample, answers, kernels, layers } = data.machine;
  const into = section("Time machine", data.texts.machine);
  const row = make("div", into, { class: "machine" });
  const play = make("button", row, { text: "Play", type: "button", id: "play" });
  const slider = make("input", row, { type: "range", id: "epoch", min: 0, max: epochs.length - 1, step: 1, "aria-label": "epoch" });
  const told = make("output", row, { id: "shown", for: "epoch" });
  const sides = make("div", into, { class: "sides" });
  const left = make("div", sides);
  make("h3", left, { text: sample.sentence });
  sampleInto(left, sample, 140);
  const right = make("div", sides, { id: "answer" });

  const pictures = [];
  function gallery(title, note, each) {
    make("h3", into, { text: title });
    if (note) make("p", into, { text: note });
    const maps = make("div", into, { class: "maps" });
    const size = each.shape[0] * each.shape[1] * each.shape[2];
    const made = Array.from({ length: each.count }, (_, number) => canvas(maps, each.side, `${title}, ${each.names[number]}`));
    const levels = each.levels.map(bytes);
    pictures.push((step) => made.forEach((one, number) => paint(one, levels[step].subarray(number * size, (number + 1) * size), each.shape, each.signed)));
  }
  if (kernels) gallery(kernels.title, data.texts[kernels.note], kernels);
  layers.forEach((layer, number) => gallery(layer.title, number ? "" : data.texts.maps, layer));

  function show() {
    const step = Number(slider.value);
    told.textContent = epochs[step] === 0 ? "first weights" : `after epoch ${epochs[step]}`;
    slider.setAttribute("aria-valuetext", told.textContent);
    right.replaceChildren();
    if (data.regression) make("p", right, { text: `The network says ${answers[step][0].toFixed(4)}.` });
    else bars(right, answers[step], sample.truth);
    for (const picture of pictures) picture(step);
  }
  let timer = 0;
  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  }
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (Number(slider.value) === epochs.length - 1) slider.value = 0;
    play.textContent = "Pause";
    show();
    timer = setInterval(() => {
      slider.value = Number(slider.value) + 1;
      show();
      if (Number(slider.value) === epochs.length - 1) stop();
    }, 700);
  });
  slider.addEventListener("input", () => {
    stop();
    show();
  });
  slider.value = epochs.length - 1;
  show();
}

function description() {
  const into = section("The network and its training", data.texts.spec);
  table(into, ["layer", "gives", "parameters", "options"], data.layers);
  make("h3", into, { text: "Data and training" });
  table(into, ["setting", "value"], data.settings);
  make("h3", into, { text: "Description (JSON)" });
  make("pre", into, { text: data.json, class: "json", id: "json" });
  make("h3", into, { text: "Keras code" });
  make("p", into, { text: data.texts.code });
  make("pre", into, { text: data.code });
}

about();
curves();
if (data.regression) predicted();
else confusion();
samples();
machine();
description();
