// A recurrent cell along a sentence: its states as a map, the network's answer below, and every number of one unit at
// one step. Only the data comes from the app: stepping, playing and choosing a unit stay in the browser.

import { at, unpack } from "./arrays.js";
import { ARROWS, button, element } from "./dom.js";
import { CellMap, legend } from "./maps.js";
import { clamp } from "./numbers.js";
import { Place } from "./place.js";
import { fixed, LEGEND_DIGITS, sum } from "./sequences_numbers.js";
import { signed, total, written } from "./sums.js";

const STEP_MS = 900;
const FUNCTIONS = { candidate: ["tanh", "g"], "hidden state": ["tanh", "h"] };
const LETTERS = { "input gate": "i", "forget gate": "f", "output gate": "o", "update gate": "z", "reset gate": "r" };
const MOVES = { ...ARROWS, Home: [0, -Infinity], End: [0, Infinity] }; // [units, steps]

export default function ({ data: [data], parentElement }) {
  parentElement.walk ??= new Walk(parentElement);
  parentElement.walk.take(data);
  return () => parentElement.walk.play(false);
}

class Walk {
  constructor(parent) {
    this.opened = new Set([0]);
    this.map = new CellMap(() => this.scene && this.outline());
    this.map.box.dataset.testid = "states";
    this.map.box.tabIndex = 0;
    this.map.box.setAttribute("role", "application");
    this.build(parent);
    this.listen();
  }

  build(parent) {
    const tool = (name, text, label) => {
      this[name] = button("", text);
      if (label) this[name].setAttribute("aria-label", label);
      return this[name];
    };
    this.position = element("span", "position");
    this.position.dataset.testid = "position";
    this.position.setAttribute("aria-live", "polite");
    this.unitChoice = element("select");
    const unitLabel = element("label", "choice", "unit");
    unitLabel.append(this.unitChoice);
    const bar = element("div", "toolbar");
    bar.append(
      tool("back", "◀", "Step back"), tool("player", "▶ Play"), tool("forward", "▶", "Step forward"),
      unitLabel, this.position,
    );
    this.names = element("div", "names");
    this.bars = element("div", "bars");
    this.title = element("div", "title");
    this.inner = element("div", "inner");
    this.inner.append(this.names, this.map.box, this.bars);
    this.strip = element("div", "strip");
    this.strip.append(this.inner);
    this.key = element("div", "key");
    this.answer = element("div", "answer");
    this.answer.dataset.testid = "answer";
    this.sums = element("div", "sums");
    this.sums.dataset.testid = "sums";
    this.root = element("section", "walk");
    this.root.append(bar, this.title, this.strip, this.key, this.answer, this.sums);
    parent.appendChild(this.root);
  }

  listen() {
    this.player.onclick = () => this.play(!this.timer);
    this.back.onclick = () => this.move(0, -1);
    this.forward.onclick = () => this.move(0, 1);
    this.unitChoice.onchange = () => this.moveTo(this.step, Number(this.unitChoice.value));
    this.map.box.onclick = (event) => {
      const cell = this.map.cellAt(event);
      if (cell) this.moveTo(cell.column, cell.row);
    };
    this.map.box.onkeydown = (event) => {
      if (event.key === " ") this.play(!this.timer);
      else if (MOVES[event.key]) this.move(...MOVES[event.key]);
      else return;
      event.preventDefault();
    };
  }

  take(data) {
    const scene = { ...data };
    for (const name of ["inputs", "kernel", "recurrent", "bias", "gates", "hidden", "cell", "chances"]) {
      scene[name] = unpack(data[name]);
    }
    const same = this.scene && String(this.scene.words) === String(scene.words);
    const another = this.scene && !same && !this.returning;
    // A unit that the app points at: the one a person has just chosen elsewhere.
    const chosen = this.scene && scene.start !== this.scene.start && !this.returning;
    this.scene = scene;
    this.unitName = scene.unitParameter;
    if (!this.place) {
      this.place = new Place(this.root, ["step", this.unitName], () => this.comeBack());
      this.asked = this.place.read(); // until somebody moves, the address says step and unit
    }
    this.shown = scene.kernel.shape[2];
    this.drawStrip();
    this.unitChoice.replaceChildren(...Array.from({ length: this.shown }, (_, unit) => new Option(this.named(unit), unit)));
    if (another) this.forgetPlace();
    if (chosen) this.forgetUnit();
    this.returning = false;
    this.goToPlace(same);
  }

  // Where the address says; else where the person is; at first the last word: the whole sentence has been read.
  goToPlace(still) {
    const { step, [this.unitName]: unit } = this.asked ?? {};
    const at = Number.isInteger(step) ? step - 1 : this.step ?? this.words().at(-1) ?? 0;
    const { start, first } = this.scene;
    const usual = start === null ? this.liveliest() : start - first;
    this.select(at, Number.isInteger(unit) ? unit - this.named(0) : this.unit ?? usual, still);
  }

  // What a unit that is shown is called.
  named(unit) {
    return this.scene.namedFrom + this.scene.first + unit;
  }

  // The state of a unit that is shown.
  state(step, unit) {
    return at(this.scene.hidden, step, this.scene.first + unit);
  }

  // The step was one of the sentence before.
  forgetPlace() {
    Object.assign(this, { asked: null, step: null });
    this.place.write({ [this.unitName]: this.named(this.unit) });
  }

  forgetUnit() {
    Object.assign(this, { asked: null, unit: null });
    this.place.write({ step: this.step === null ? null : this.step + 1 });
  }

  comeBack() {
    Object.assign(this, { asked: this.place.read(), step: null, unit: null, returning: true });
    this.goToPlace(false);
  }

  // A person goes to a step or a unit, and the address says both.
  moveTo(step, unit) {
    this.select(step, unit);
    this.asked = null;
    this.place.write({ step: this.step + 1, [this.unitName]: this.named(this.unit) });
  }

  // Steps at which something stands.
  words() {
    return this.scene.words.map((_, step) => step).filter((step) => this.scene.present[step]);
  }

  // The unit whose state covers the widest range along the sentence.
  liveliest() {
    const spans = Array.from({ length: this.shown }, (_, unit) => {
      const states = this.scene.words.map((_, step) => this.state(step, unit));
      return Math.max(...states) - Math.min(...states);
    });
    return spans.indexOf(Math.max(...spans));
  }

  drawStrip() {
    const { scene, shown } = this;
    const steps = scene.words.length;
    const which = scene.first ? `units ${this.named(0)} to ${this.named(shown - 1)}` : `the first ${shown}`;
    const more = scene.units > shown ? ` (${which} of ${scene.units} units)` : "";
    this.title.textContent = `hidden state h after each ${scene.noun}: one line a unit${more}`;
    this.inner.style.setProperty("--steps", steps);
    const most = Math.max(0.01, ...scene.hidden.values.map(Math.abs));
    this.map.show(shown, steps, (unit, step) => this.state(step, unit), [-most, most], scene.diverging);
    this.map.box.style.aspectRatio = "";
    this.map.box.style.height = `${shown * (shown > 8 ? 12 : 18)}px`;
    this.map.box.setAttribute("aria-label",
      `${scene.label}. Left and right move along the sentence, up and down choose a unit, Space plays.`);
    this.names.replaceChildren(...scene.words.map((word, step) => this.nameOf(word, step)));
    this.key.replaceChildren(legend([-most, most], scene.diverging, LEGEND_DIGITS));
    this.bars.hidden = !scene.chances;
    if (!scene.chances) return;
    this.bars.replaceChildren(...scene.words.map((_, step) => this.barOf(scene.chances.values[step], step)));
    this.key.append(element("span", "", "bars: probability of praise if the sentence ended there; the line is one half"));
  }

  nameOf(word, step) {
    const made = button(this.scene.present[step] ? "name" : "name padding");
    made.tabIndex = -1;
    made.append(element("span", "", word));
    made.title = word;
    made.onclick = () => this.moveTo(step, this.unit);
    return made;
  }

  barOf(chance, step) {
    const made = element("div", "chance");
    made.onclick = () => this.moveTo(step, this.unit);
    if (Number.isNaN(chance)) return made;
    const fill = element("div", chance > 0.5 ? "fill praise" : "fill");
    fill.style.height = `${100 * chance}%`;
    made.append(fill);
    return made;
  }

  move(units, steps) {
    this.play(false);
    this.moveTo(this.step + steps, this.unit + units);
  }

  select(step, unit, still = false) {
    this.step = clamp(step, 0, this.scene.words.length - 1);
    this.unit = clamp(unit, 0, this.shown - 1);
    this.unitChoice.value = this.unit;
    const { words, chances } = this.scene;
    this.position.textContent = `step ${this.step + 1} of ${words.length}: ${words[this.step]}`;
    this.answer.textContent = chances ? this.verdict(chances.values[this.step], words[this.step]) : "";
    for (const group of [this.names, this.bars]) {
      [...group.children].forEach((child, place) => child.classList.toggle("chosen", place === this.step));
    }
    if (!still) this.keepInSight();
    this.outline();
    this.write();
  }

  verdict(chance, word) {
    if (Number.isNaN(chance)) return "no word here, so no answer";
    if (this.step < this.words().at(-1)) return `if the sentence ended with “${word}”: probability of praise ${fixed(chance)}`;
    return `the network's answer: ${chance > 0.5 ? "praise" : "blame"}, probability of praise ${fixed(chance)}`;
  }

  keepInSight() {
    const name = this.names.children[this.step];
    const [left, width] = [name.offsetLeft, name.offsetWidth];
    if (left < this.strip.scrollLeft) this.strip.scrollLeft = left;
    const right = left + width - this.strip.clientWidth;
    if (right > this.strip.scrollLeft) this.strip.scrollLeft = right;
  }

  outline() {
    this.map.clear();
    this.map.outline(0, this.step, { down: this.shown, width: 1 });
    this.map.outline(this.unit, this.step, { width: 2.5 });
  }

  play(on) {
    clearInterval(this.timer);
    this.timer = null;
    this.player.textContent = on ? "❚❚ Pause" : "▶ Play";
    if (!on) return;
    const last = this.words().at(-1);
    if (this.step >= last) this.moveTo(this.words()[0], this.unit);
    this.timer = setInterval(() => {
      this.moveTo(this.step + 1, this.unit);
      if (this.step >= last) this.play(false);
    }, STEP_MS);
  }

  write() {
    const { scene, step, unit } = this;
    const before = step ? this.state(step - 1, unit) : 0;
    if (!scene.read[step]) {
      this.sums.replaceChildren(element("p", "", `Padding, and masked: the cell skips this step. h stays ${fixed(before)}.`));
      return;
    }
    const parts = scene.gateNames.map((name, gate) => this.sumOf(name, gate));
    const state = element("div", "state");
    state.append(...this.update(parts.map((part) => part.value), before).map((line) => element("div", "line", line)));
    const head = element("div", "title", `unit ${this.named(unit)} at “${scene.words[step]}”: each sum is ${scene.noun} + old state + bias`);
    this.sums.replaceChildren(head, ...parts.map((part) => part.box), state);
  }

  // One sum of the cell: the word's products, the old state's products, the bias, and the function around them.
  sumOf(name, gate) {
    const { scene, step, unit } = this;
    const [bend, letter] = FUNCTIONS[name] ?? ["σ", LETTERS[name]];
    const fromWord = this.products(scene.inputs, step, scene.kernel, gate);
    const fromState = this.products(step ? scene.hidden : null, step - 1, scene.recurrent, gate);
    const biases = Array.from({ length: scene.bias.shape[0] }, (_, side) => at(scene.bias, side, gate, unit));
    const value = at(scene.gates, step, gate, unit);
    const [x, h] = [fromWord, fromState].map((products) => total(products.map((product) => product.value)));
    const reset = scene.kind === "GRU" && name === "candidate" ? at(scene.gates, step, 1, unit) : null;
    const inside = reset === null ? sum([x, h, ...biases])
      : `${fixed(x)} + ${signed(biases[0])} + r · (${sum([h, biases[1]])})`;
    const all = reset === null ? x + h + total(biases) : x + biases[0] + reset * (h + biases[1]);
    const box = element("details", "gate");
    box.open = this.opened.has(gate);
    box.ontoggle = () => this.opened[box.open ? "add" : "delete"](gate);
    const head = element("summary");
    const meter = element("span", "meter");
    meter.append(this.mark(value, bend));
    const line = `${letter} = ${bend}(${inside}) = ${bend}(${fixed(all)}) = ${fixed(value)}`;
    head.append(element("b", "", name), meter, element("span", "line", line));
    box.append(head, written(`${scene.noun} · weights`, fromWord, x), written("old state · weights", fromState, h),
      element("div", "line", `bias: ${biases.map(fixed).join(" and ")}`));
    return { box, value };
  }

  products(inputs, step, weights, gate) {
    return Array.from({ length: weights.shape[0] }, (_, place) => {
      const [seen, weight] = [inputs ? at(inputs, step, place) : 0, at(weights, place, gate, this.unit)];
      return { value: seen * weight, words: `${signed(seen)} · ${signed(weight)}` };
    });
  }

  // Where a value lies between its bounds: 0 to 1 for a gate, -1 to 1 for what tanh gives.
  mark(value, bend) {
    const made = element("span", "mark");
    made.style.left = `${100 * (bend === "tanh" ? (value + 1) / 2 : value)}%`;
    return made;
  }

  // How the sums become the new state.
  update(gates, before) {
    const { scene, step, unit } = this;
    const now = fixed(this.state(step, unit));
    if (scene.kind === "SimpleRNN") return [`hidden state: h = ${now}`];
    if (scene.kind === "GRU") {
      const [z, , g] = gates;
      return [`hidden state: h = z · h before + (1 − z) · g = ${fixed(z)} · ${signed(before)} + ${fixed(1 - z)} · ${signed(g)} = ${now}`];
    }
    const [i, f, g, o] = gates;
    const [old, cell] = [step ? at(scene.cell, step - 1, unit) : 0, at(scene.cell, step, unit)];
    return [
      `cell: c = f · c before + i · g = ${fixed(f)} · ${signed(old)} + ${fixed(i)} · ${signed(g)} = ${fixed(cell)}`,
      `hidden state: h = o · tanh(c) = ${fixed(o)} · tanh(${fixed(cell)}) = ${fixed(o)} · ${signed(Math.tanh(cell))} = ${now}`,
    ];
  }
}
