// The plane as a network divides it; beside it a small picture of each unit, and the weights between the units.

import { bytesOf } from "./arrays.js";
import { paintGrids, Plane, pointsOf, rgbOfStyle, scaleOf } from "./boundary_plane.js";
import { css, rgbOf } from "./colours.js";
import { button, element, shape } from "./dom.js";
import { minus, short } from "./numbers.js";
import { Place } from "./place.js";

export default function ({ data: [data], parentElement, setTriggerValue }) {
  parentElement.boundary ??= new Boundary(parentElement);
  parentElement.boundary.send = (chosen) => setTriggerValue("chosen", chosen);
  parentElement.boundary.show(data);
}

const SIGNS = { x: "x", y: "y", x_squared: "x²", y_squared: "y²", x_times_y: "x·y", sin_x: "sin x", sin_y: "sin y" };

class Boundary {
  constructor(parent) {
    this.parent = parent;
    this.plane = new Plane();
    this.over = null; // what is under the pointer or has the focus: {layer, unit} or {layer, unit, source}
    this.lines = [];
    this.build();
    this.place = new Place(this.root, ["test", "discrete"], () => this.comeBack());
    this.comeBack();
    new ResizeObserver(() => this.resize()).observe(this.root);
  }

  build() {
    this.root = element("section", "boundary");
    this.root.setAttribute("aria-label", "decision boundary");
    this.showTest = this.toggle("show test data", "test");
    this.discrete = this.toggle("discretise", "discrete");
    this.title = element("div", "title");
    this.numbers = element("dl", "numbers");
    const toggles = element("div", "toggles");
    toggles.append(this.showTest.parentElement, this.discrete.parentElement);
    this.key = element("div", "key");
    this.picture = element("div", "picture");
    this.picture.append(this.title, this.plane.canvas, this.key, toggles, this.numbers);
    this.network = element("div", "network");
    this.wires = shape("svg", {});
    this.columns = element("div", "columns");
    this.network.append(this.wires, this.columns);
    this.readout = element("div", "readout");
    this.readout.dataset.testid = "readout";
    this.readout.setAttribute("aria-live", "polite");
    this.side = element("div", "side");
    this.side.append(this.network, this.readout);
    this.root.append(this.side, this.picture);
    this.parent.append(this.root);
  }

  toggle(words, name) {
    const label = element("label", "toggle");
    const box = element("input");
    box.type = "checkbox";
    box.dataset.testid = name;
    box.onchange = () => this.toggled();
    label.append(box, words);
    return box;
  }

  toggled() {
    const said = (box) => (box.checked ? 1 : null);
    this.place.write({ test: said(this.showTest), discrete: said(this.discrete) });
    this.drawPlane(this.look());
  }

  // Look at the plane as the address says.
  comeBack() {
    const { test, discrete } = this.place.read();
    this.showTest.checked = test === 1;
    this.discrete.checked = discrete === 1;
    if (this.scene) this.draw();
  }

  show(data) {
    this.scene = data;
    this.root.dataset.at = data.at ?? "";
    this.units = data.layers ? [data.inputs, ...data.layers.map((layer) => layer.units)] : [];
    const built = JSON.stringify([data.layers?.map((layer) => [layer.name, layer.activation, layer.count]), this.units.map(
      (units) => units.map((unit) => unit.name))]);
    const other = built !== this.built;
    if (other) {
      this.built = built;
      this.over = null;
      this.buildColumns();
    }
    this.side.hidden = !data.layers;
    if (other) this.layLines();
    this.draw();
  }

  resize() {
    if (!this.scene) return;
    this.layLines();
    this.draw();
  }

  // --- the network -------------------------------------------------------------------------------------------------

  buildColumns() {
    const layers = this.scene.layers ?? [];
    this.root.style.setProperty("--columns", this.units.length || 1);
    this.buttons = this.units.map((units, layer) => units.map((_, unit) => this.unit(layer, unit)));
    this.columns.replaceChildren(...this.buttons.map((buttons, place) => {
      const column = element("div", "column");
      const layer = layers[place - 1];
      const name = element("div", "name", layer ? layer.name.replaceAll("_", "_\u200b") : "inputs");
      const hidden = layer && layer.count > buttons.length ? `first ${buttons.length} of ${layer.count}` : layer?.activation ?? "";
      column.append(name, element("div", "what", hidden), ...buttons);
      return column;
    }));
    this.wires.replaceChildren();
    this.lines = [];
    for (let layer = 1; layer < this.units.length; layer++) {
      this.units[layer].forEach((unit, place) => this.sources(layer, place).forEach((source) => this.line(layer, place, source)));
    }
  }

  // Which units of the column before a unit reads: all of them, or without weights only the one in its own row.
  sources(layer, unit) {
    const weights = this.units[layer][unit].weights;
    return weights ? weights.map((_, source) => source) : [unit];
  }

  unit(layer, unit) {
    const made = button("unit");
    made.dataset.unit = this.units[layer][unit].name;
    made.append(element("canvas"));
    if (layer === 0) made.append(element("span", "sign", nameOf(this.units[0][unit].name)));
    made.onpointerenter = made.onfocus = () => this.point({ layer, unit });
    made.onpointerleave = made.onblur = () => this.point(null);
    made.onclick = () => layer > 0 && this.send({ layer: this.scene.layers[layer - 1].name, unit });
    return made;
  }

  line(layer, unit, source) {
    const group = shape("g", {});
    const [seen, reach] = ["seen", "reach"].map((name) => shape("path", { class: name }));
    group.append(seen, reach);
    group.onpointerenter = () => this.point({ layer, unit, source });
    group.onpointerleave = () => this.point(null);
    group.onclick = () => this.send({ layer: this.scene.layers[layer - 1].name, unit, source });
    this.wires.append(group);
    this.lines.push({ layer, unit, source, seen, reach, group });
  }

  // Lay the lines. All places are read before any line is written, or the browser would lay out the page for each line.
  layLines() {
    const frame = this.network.getBoundingClientRect();
    const boxes = this.buttons.map((buttons) => buttons.map((button) => button.firstChild.getBoundingClientRect()));
    this.wires.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    for (const { layer, unit, source, seen, reach } of this.lines) {
      const [from, to] = [boxes[layer - 1][source], boxes[layer][unit]];
      const [x1, y1] = [from.right - frame.left, from.top + from.height / 2 - frame.top];
      const [x2, y2] = [to.left - frame.left, to.top + to.height / 2 - frame.top];
      const middle = (x1 + x2) / 2;
      [seen, reach].forEach((path) => path.setAttribute("d", `M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`));
    }
  }

  drawLines(look) {
    const [negative, positive] = look.classes.map((colour) => css(colour));
    for (const { layer, unit, source, seen } of this.lines) {
      const weight = this.units[layer][unit].weights?.[source] ?? 0;
      seen.style.stroke = weight < 0 ? negative : positive;
      seen.style.strokeWidth = String(Math.min(0.5 + 1.5 * Math.abs(weight), 6));
    }
  }

  pointedAt({ layer, unit, source }) {
    const over = this.over;
    return Boolean(over) && over.layer === layer && over.unit === unit && (over.source === undefined || over.source === source);
  }

  point(over) {
    this.over = over;
    this.drawPlane(this.look());
  }

  // --- drawing -----------------------------------------------------------------------------------------------------

  look() {
    const style = getComputedStyle(this.root);
    const ground = rgbOfStyle(style.backgroundColor);
    const classes = this.scene.colours.map(rgbOf);
    const numbers = this.scene.classes.length === 0;
    return { ground, classes, numbers, ink: rgbOfStyle(style.color), font: style.fontFamily, scale: scaleOf(classes, ground),
             discrete: this.discrete.checked };
  }

  // Draw all: for new data, another size or another theme. Pointing changes only the plane.
  draw() {
    const look = this.look();
    this.points = Object.fromEntries(["train", "test"].map(
      (part) => [part, pointsOf(this.scene[part], look.classes, look.numbers, look.ground)]));
    this.units.forEach((units, layer) => units.forEach((_, place) => this.drawUnit(layer, place, { ...look, discrete: false })));
    this.drawLines(look);
    this.drawKey(look);
    this.drawNumbers();
    this.drawPlane(look);
  }

  drawPlane(look) {
    const scene = this.scene;
    const unit = this.over && this.over.source === undefined ? this.units[this.over.layer]?.[this.over.unit] : null;
    const grids = (unit ? [unit.grid] : scene.output)?.map(bytesOf);
    this.title.textContent = unit ? `${nameOf(unit.name)} alone` : scene.title;
    this.plane.draw({ ...this.points, range: scene.range }, grids, unit ? scene.thumb : scene.side, look, this.showTest.checked);
    this.plane.canvas.setAttribute("aria-label", scene.summary);
    this.lines.forEach((line) => line.group.classList.toggle("pointed", this.pointedAt(line)));
    this.buttons.forEach((buttons, layer) => buttons.forEach((button, place) =>
      button.classList.toggle("pointed", this.over?.layer === layer && this.over.unit === place)));
    this.readout.textContent = this.words();
  }

  drawUnit(layer, place, look) {
    const unit = this.units[layer][place];
    const button = this.buttons[layer][place];
    paintGrids(button.firstChild, [bytesOf(unit.grid)], this.scene.thumb, look, 1);
    button.setAttribute("aria-label", layer ? formula(this.scene, this.units, layer, place) : `input ${nameOf(unit.name)}`);
  }

  drawKey(look) {
    const names = this.scene.classes.length ? this.scene.classes : ["−1", "1"];
    this.key.replaceChildren(...names.map((name, place) => {
      const entry = element("span", "entry", name);
      entry.style.setProperty("--colour", css(look.classes[place]));
      return entry;
    }));
  }

  drawNumbers() {
    const rows = (this.scene.scores ?? []).flatMap(([name, train, test]) => [
      element("dt", "", name), element("dd", "", `training ${train}`), element("dd", "", `test ${test}`)]);
    this.numbers.replaceChildren(...rows);
  }

  words() {
    if (!this.over) return this.scene.hint ?? "";
    const { layer, unit, source } = this.over;
    const here = this.units[layer][unit];
    if (layer === 0) return `input ${nameOf(here.name)}: ${span(here)}`;
    if (source === undefined) return `${here.name} = ${formula(this.scene, this.units, layer, unit)}, ${span(here)}`;
    const from = nameOf(this.units[layer - 1][source].name);
    return here.weights ? `weight from ${from} to ${here.name}: ${written(here.weights[source])}` : `${from} goes into ${here.name}`;
  }
}

// A unit's sum written out, such as tanh(0.31·x − 1.2·y + 0.05).
function formula(scene, units, layer, place) {
  const unit = units[layer][place];
  const activation = scene.layers[layer - 1].activation;
  const before = units[layer - 1];
  if (!unit.weights) return `${unit.name}: ${nameOf(before[place].name)}, scaled`;
  const terms = unit.weights.map((weight, source) => [weight, `·${nameOf(before[source].name)}`]);
  if (unit.bias !== null) terms.push([unit.bias, ""]);
  const text = terms.map(([value, name], term) => {
    const sign = value < 0 ? (term ? " − " : "−") : term ? " + " : "";
    return `${sign}${written(Math.abs(value))}${name}`;
  }).join("");
  const more = unit.more ? ` + ${unit.more} more` : "";
  return activation === "linear" ? `${text}${more}` : `${activation}(${text}${more})`;
}

function span({ range: [low, high] }) {
  return `${written(low)} to ${written(high)} in this plane`;
}

function written(value) {
  return minus(short(value, 3));
}

function nameOf(name) {
  return SIGNS[name] ?? name;
}
