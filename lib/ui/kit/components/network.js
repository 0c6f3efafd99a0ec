// A whole network on one screen: a column for each layer with its real outputs for one sample. A map or a number of it is
// chosen by a click or Enter; the app then shows where it comes from.

import { bytesOf } from "./arrays.js";
import { colourOf, css, palette, PICKED } from "./colours.js";
import { ARROWS, button, element, placeIn, shape } from "./dom.js";
import { clamp, short } from "./numbers.js";
import { paint } from "./maps.js";

const MOST_BARS = 16; // numbers of a vector that get a row of their own
const MOST_NAMED = 40; // so many if they have names
const LINE = 16; // numbers in a line of a longer vector
const WEAKEST_TIE = 0.15;
const LINE_HEIGHT = 1.2; // rem of a step's line in a picture of a sequence; many steps share the largest height
const MOST_HEIGHT = 18;

export default function ({ data: [data], parentElement, setTriggerValue }) {
  parentElement.network ??= new Network(parentElement);
  parentElement.network.show(data, (layer, unit) => setTriggerValue("chosen", [layer, unit]));
}

class Network {
  constructor(parent) {
    this.opened = new Set();
    this.root = element("section", "network");
    this.root.dataset.testid = "network";
    this.lines = shape("svg", { class: "ties", "aria-hidden": "true" });
    this.columns = element("div", "columns");
    this.readout = element("div", "readout");
    this.readout.dataset.testid = "pointed";
    this.root.append(this.lines, this.columns, this.readout);
    parent.appendChild(this.root);
    this.root.onpointerover = (event) => this.point(event.target.closest?.(".unit"));
    this.root.onpointerleave = () => this.point(null);
    this.root.addEventListener("focusin", (event) => this.point(event.target.closest?.(".unit")));
    this.root.onkeydown = (event) => this.press(event);
    new ResizeObserver(() => this.tie()).observe(this.root);
  }

  show(data, choose) {
    const focus = this.root.contains(this.root.getRootNode().activeElement);
    const held = focus ? this.pointed?.dataset : null;
    Object.assign(this, { data, choose });
    this.root.setAttribute("aria-label", `the network: ${data.said}`);
    this.layers = data.layers.map((layer) => new Layer(layer, data));
    this.columns.replaceChildren(...this.layers.map((layer, place) => this.column(layer, place)));
    this.pointed = null;
    const again = held && this.root.querySelector(`.unit[data-layer="${held.layer}"][data-unit="${held.unit}"]`);
    again?.focus({ preventScroll: true });
    this.markChosen();
    this.point(again ?? null);
  }

  column(layer, place) {
    const made = element("div", layer.names.length ? "column named" : "column");
    made.dataset.testid = `layer-${layer.name}`;
    const title = element("div", "name", layer.name);
    title.title = layer.name;
    made.append(title, element("div", "size", layer.shape), element("div", "brief", layer.brief));
    const units = element("div", layer.vector || layer.matrix ? "numbers" : "maps");
    made.append(units);
    if (layer.tokens) units.replaceWith(this.tokens(layer));
    else if (layer.matrix) units.append(this.matrix(layer, place));
    else if (layer.vector) units.append(...this.vector(layer, place));
    else {
      const all = this.opened.has(layer.name) || layer.order.length <= this.data.shown;
      const shown = all ? layer.order.length : this.data.shown;
      for (let rank = 0; rank < shown; rank++) units.append(this.map(layer, rank, place));
      if (layer.order.length > this.data.shown) made.append(this.fold(layer, all));
    }
    return made;
  }

  fold(layer, all) {
    const most = layer.order.length < layer.count ? `the strongest ${layer.order.length} of ${layer.count}` : `all ${layer.count}`;
    const made = button("fold", all ? "strongest only" : most, () => {
      if (all) this.opened.delete(layer.name);
      else this.opened.add(layer.name);
      this.show(this.data, this.choose);
      this.root.querySelector(`[data-testid="layer-${layer.name}"] .fold`)?.focus();
    });
    made.setAttribute("aria-expanded", String(all));
    return made;
  }

  unit(layer, place, unit, label) {
    const made = button("unit", undefined, () => this.choose(layer.name, unit));
    Object.assign(made.dataset, { layer: layer.name, unit, place, said: label });
    made.setAttribute("aria-label", label);
    if (!place) {
      made.disabled = true; // the input comes from no layer
      made.onclick = null;
    }
    return made;
  }

  map(layer, rank, place) {
    const unit = layer.order[rank];
    const label = `${layer.name} map ${unit}, ${layer.rangeWords(rank)}`;
    const made = this.unit(layer, place, unit, label);
    const canvas = element("canvas", "cells");
    const [rows, columns] = layer.size;
    paint(canvas, rows, columns, (row, column) => layer.valueAt(rank, row * columns + column), layer.range(rank), this.data.diverging);
    made.append(canvas);
    return made;
  }

  // A sentence: its words with their ids, and how many steps of padding there are.
  tokens(layer) {
    const made = element("ol", "tokens");
    made.tabIndex = 0; // it scrolls where a sentence is long, also by keyboard
    made.setAttribute("aria-label", `${layer.tokens.length} words, ${layer.padding} steps of padding`);
    made.append(...layer.tokens.map(({ word, id, known }) => {
      const item = element("li", known ? "token" : "token unknown");
      const text = element("span", "word", word);
      text.dir = "auto";
      item.title = known ? `${word}: id ${id}` : `${word}: unknown, id ${id}`;
      item.append(text, element("span", "id", `${id}`));
      return item;
    }));
    if (layer.padding) made.append(element("li", "token padded", `${layer.padding} × padding`));
    return made;
  }

  // A vector for each step: a line of cells a step, the words' steps only where steps are words.
  matrix(layer, place) {
    const [rows, columns] = layer.size;
    const what = layer.words.length ? "a line a word, padding left out" : "a line a step";
    const made = this.unit(layer, place, 0, `${layer.name}, ${what}, ${columns} numbers each, ${layer.rangeWords(0)}`);
    made.classList.add("strip", "matrix");
    const canvas = element("canvas", "cells");
    canvas.style.height = `${clamp(rows * LINE_HEIGHT, 2, MOST_HEIGHT)}rem`;
    paint(canvas, rows, columns, (row, column) => layer.valueAt(0, row * columns + column), layer.range(0), this.data.diverging);
    made.append(canvas);
    made.onpointermove = (event) => {
      const [down, across] = placeIn(canvas, event);
      const [row, column] = [clamp(Math.floor(down * rows), 0, rows - 1), clamp(Math.floor(across * columns), 0, columns - 1)];
      const step = layer.words[row] === undefined ? `step ${row}` : `“${layer.words[row]}”`;
      this.readout.textContent = `${layer.name}, ${step}, number ${column}: ${short(layer.valueAt(0, row * columns + column), 3)}`;
    };
    return made;
  }

  // A few numbers: a bar each, with their names. Many: one strip of cells, of which one is pointed at.
  vector(layer, place) {
    if (layer.numbers.length && layer.numbers.length <= (layer.names.length ? MOST_NAMED : MOST_BARS)) {
      return layer.numbers.map((value, unit) => this.bar(layer, place, unit, value));
    }
    const columns = Math.min(LINE, layer.size[1]);
    const rows = Math.ceil(layer.size[1] / columns);
    const made = this.unit(layer, place, 0, `${layer.name}, ${layer.size[1]} numbers, ${layer.rangeWords(0)}`);
    made.classList.add("strip");
    const canvas = element("canvas", "cells");
    canvas.style.aspectRatio = `${columns} / ${Math.min(rows, 4 * columns)}`;
    paint(canvas, rows, columns, (row, column) => {
      const index = row * columns + column;
      return index < layer.size[1] ? layer.valueAt(0, index) : NaN;
    }, layer.range(0), this.data.diverging);
    made.append(canvas);
    const index = (event) => {
      const [down, across] = placeIn(canvas, event);
      return clamp(Math.floor(down * rows) * columns + Math.floor(across * columns), 0, layer.size[1] - 1);
    };
    // Enter, without a place of its own, asks for the strongest number.
    if (place) made.onclick = (event) => this.choose(layer.name, event.detail ? index(event) : layer.strongest());
    made.onpointermove = (event) => {
      this.readout.textContent = `${layer.name} ${index(event)}: ${short(layer.valueAt(0, index(event)), 3)}`;
    };
    return [made];
  }

  bar(layer, place, unit, value) {
    const name = layer.names[unit] ?? `${unit}`;
    const made = this.unit(layer, place, unit, `${layer.name} ${name}: ${short(value, 4)}`);
    made.classList.add("bar");
    const track = element("span", "track");
    const fill = element("span", "fill");
    const [low, high] = layer.range(0);
    fill.style.width = `${100 * Math.abs(value) / Math.max(high, -low)}%`;
    fill.style.background = css(colourOf(value, [-high, high], palette([-1], this.data.diverging)));
    track.append(fill);
    made.append(element("span", "label", name), track, element("span", "value", brief(value)));
    return made;
  }

  markChosen() {
    const [name, unit] = this.data.chosen ?? [];
    this.root.querySelectorAll(".unit").forEach((made) => {
      const here = made.dataset.layer === name && (made.classList.contains("strip") || Number(made.dataset.unit) === unit);
      made.setAttribute("aria-pressed", String(here));
    });
    // One stop of the Tab key for each layer; arrow keys lead from there.
    this.root.querySelectorAll(".column").forEach((column) => {
      const units = [...column.querySelectorAll(".unit")];
      const first = units.find((made) => made.getAttribute("aria-pressed") === "true") ?? units[0];
      units.forEach((made) => { made.tabIndex = made === first ? 0 : -1; });
    });
  }

  point(made) {
    this.pointed = made ?? null;
    this.readout.textContent = made?.dataset.said ?? "";
    this.tie();
  }

  press(event) {
    const step = ARROWS[event.key];
    const from = this.pointed;
    if (!step || !from) return;
    const column = from.closest(".column");
    let next;
    if (step[0]) {
      const units = [...column.querySelectorAll(".unit")];
      next = units[clamp(units.indexOf(from) + step[0], 0, units.length - 1)];
    } else {
      const neighbour = step[1] > 0 ? column.nextElementSibling : column.previousElementSibling;
      const units = [...(neighbour?.querySelectorAll(".unit:enabled") ?? [])];
      const rank = [...column.querySelectorAll(".unit")].indexOf(from);
      next = units[Math.min(rank, units.length - 1)];
    }
    next?.focus();
    event.preventDefault();
  }

  // Lines from what is pointed at (or chosen) to all that it comes from, the stronger the weights the clearer.
  tie() {
    this.lines.replaceChildren();
    const made = this.pointed ?? this.root.querySelector('.unit[aria-pressed="true"]');
    const place = Number(made?.dataset.place ?? 0);
    if (!place || getComputedStyle(this.columns).flexDirection === "column") return;
    const layer = this.layers[place];
    const outer = this.root.getBoundingClientRect();
    const to = made.getBoundingClientRect();
    const before = this.columns.children[place - 1].querySelectorAll(".unit");
    const unit = Number(made.dataset.unit);
    before.forEach((each) => {
      const own = Number(each.dataset.unit);
      const whole = each.classList.contains("strip") || made.classList.contains("strip");
      const share = whole ? 1 : layer.ties ? layer.ties[unit]?.[own] ?? 0 : layer.everything ? 1 : Number(own === unit);
      if (share < WEAKEST_TIE) return;
      const from = each.getBoundingClientRect();
      this.lines.append(shape("line", {
        x1: from.right - outer.left, y1: from.top + from.height / 2 - outer.top,
        x2: to.left - outer.left, y2: to.top + to.height / 2 - outer.top,
        stroke: PICKED, "stroke-width": 1 + 1.5 * share, "stroke-opacity": 0.25 + 0.75 * share,
      }));
    });
  }
}

// A number that has little room: 0.335, 0.0026, 2e-6.
function brief(value) {
  if (value && Math.abs(value) < 0.001) return value.toExponential(0);
  return short(value, Math.abs(value) < 0.01 ? 2 : 3);
}

// A layer's numbers, read from their bytes.
class Layer {
  constructor(layer, data) {
    Object.assign(this, layer, { shared: data.shared, names: layer.names ?? [], bytes: bytesOf(layer.steps) });
    this.cells = layer.size[0] * layer.size[1];
    this.everything = layer.ties === null && layer.vector;
    this.widest = [Math.min(...layer.low), Math.max(...layer.high)];
  }

  valueAt(rank, cell) {
    return this.low[rank] + (this.bytes[rank * this.cells + cell] / 255) * (this.high[rank] - this.low[rank]);
  }

  range(rank) {
    return this.shared ? this.widest : [this.low[rank], this.high[rank]];
  }

  rangeWords(rank) {
    return `from ${short(this.low[rank], 3)} to ${short(this.high[rank], 3)}`;
  }

  strongest() {
    const zero = Math.round((-255 * this.low[0]) / (this.high[0] - this.low[0]));
    return this.bytes.reduce((best, byte, place) => (Math.abs(byte - zero) > Math.abs(this.bytes[best] - zero) ? place : best), 0);
  }
}
