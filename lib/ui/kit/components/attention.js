// Who looks at whom: the words as a matrix under arcs, and beside it every sum from a cell to the network's answer. Only
// the arrays come from the app: pointing, arrow keys and the choice of a number stay in the browser.

import { unpackAll } from "./arrays.js";
import { chainOf } from "./attention_chain.js";
import { AttentionMatrix } from "./attention_matrix.js";
import { stepsOf } from "./attention_sums.js";
import { ARROWS, element } from "./dom.js";
import { clamp } from "./numbers.js";
import { Place } from "./place.js";

const KEPT_MEASURES = 200;
const SAID_AFTER_MS = 400;
const NAMES = ["row", "column", "held", "number", "feature", "unit"];
const MOVES = { ...ARROWS, Home: [0, -Infinity], End: [0, Infinity], PageUp: [-5, 0], PageDown: [5, 0] };
const ASKED = { number: "number of a head", feature: "feature of a word", unit: "unit of the inner layer" };

export default function ({ data: [data], parentElement }) {
  parentElement.attention ??= new Attention(parentElement);
  parentElement.attention.take(data);
}

class Attention {
  constructor(parent) {
    Object.assign(this, { row: 0, column: 0, pinned: false, opened: new Set(["product", "share"]), measures: 0 });
    Object.assign(this, { number: null, feature: null, unit: null });
    this.build(parent);
    this.place = new Place(this.root, NAMES, () => this.comeBack());
    this.asked = this.place.read(); // until somebody moves, the address says the place
  }

  build(parent) {
    this.matrix = new AttentionMatrix({
      over: (row, column) => this.pinned || this.moveTo(row, column),
      press: (row, column) => this.hold(row, column),
      key: (event) => this.press(event),
    });
    this.position = element("div", "position");
    this.position.dataset.testid = "position";
    this.pin = element("div", "pin");
    this.spoken = element("div", "spoken");
    this.spoken.setAttribute("aria-live", "polite");
    this.choices = element("div", "choices");
    this.selects = Object.fromEntries(Object.entries(ASKED).map(([name, title]) => [name, this.choiceOf(name, title)]));
    this.sums = element("div", "sums");
    this.sums.dataset.testid = "attention-arithmetic";
    const beside = element("div", "beside");
    beside.append(this.position, this.pin, this.choices, this.sums, this.spoken);
    this.root = element("section", "attention");
    this.root.append(this.matrix.root, beside);
    parent.appendChild(this.root);
  }

  choiceOf(name, title) {
    const label = element("label", "choice", title);
    const made = element("select");
    made.onchange = () => {
      this[name] = Number(made.value);
      this.tell();
      this.write();
    };
    label.append(made);
    this.choices.append(label);
    return made;
  }

  take(data) {
    const scene = unpackAll(data);
    if (data.tail) scene.tail = unpackAll(data.tail);
    const another = this.scene && String(data.sentence) !== String(this.scene.sentence) && !this.returning;
    const step = this.scene ? this.stepsHere() : null;
    Object.assign(this, { scene, returning: false });
    const sizes = { number: scene.query.shape[1], feature: scene.inputs.shape[1], unit: scene.innerBias.shape[0] };
    for (const [name, size] of Object.entries(sizes)) {
      this.selects[name].replaceChildren(...Array.from({ length: size }, (_, place) => new Option(place, place)));
      const asked = this.asked?.[name];
      this[name] = clamp(Number.isInteger(asked) ? asked : this[name] ?? this.usual(name), 0, size - 1);
    }
    this.matrix.show(scene, scene.rows.map((_, row) => chainOf(scene, row).weights));
    if (another) {
      this.pinned = false;
      this.asked = null;
      this.place.write(this.numbers());
    }
    this.goToPlace(another ? null : step);
  }

  // The steps that the selection stands for: what is shown around it may change.
  stepsHere() {
    const { columns, rows } = this.scene;
    return { row: columns[rows[this.row]].step, column: columns[this.column].step };
  }

  // Where the address says; else where the person is; at first, and in another sentence, at the largest share.
  goToPlace(step) {
    const { columns, rows } = this.scene;
    const wanted = Number.isInteger(this.asked?.row) && Number.isInteger(this.asked?.column) ? this.asked : step;
    const row = rows.findIndex((column) => columns[column].step === wanted?.row);
    const column = columns.findIndex((each) => each.step === wanted?.column);
    if (wanted === this.asked && row >= 0) this.pinned = this.asked.held === 1;
    if (row >= 0 && column >= 0) this.select(row, column);
    else this.select(...this.matrix.strongest());
  }

  // Of a word's features the one that moves the answer most in the mean over the words; else the first.
  usual(name) {
    const { tail, outputs, rows } = this.scene;
    if (name !== "feature" || !tail) return 0;
    const wide = tail.kernel.shape[0];
    const parts = Array.from(tail.kernel.values, (weight, feature) =>
      Math.abs(weight * rows.reduce((all, column) => all + outputs.values[column * wide + feature], 0)));
    return parts.indexOf(Math.max(...parts));
  }

  comeBack() {
    Object.assign(this, { asked: this.place.read(), pinned: false, returning: true });
    for (const name of Object.keys(ASKED)) {
      const last = this.selects[name].length - 1;
      this[name] = clamp(Number.isInteger(this.asked[name]) ? this.asked[name] : this.usual(name), 0, last);
    }
    this.goToPlace(null);
  }

  moveTo(row, column) {
    this.select(row, column);
    this.tell();
  }

  // A person has gone to another place or chosen a number: the address says it.
  tell() {
    this.asked = null;
    this.place.write({ ...this.stepsHere(), held: this.pinned ? 1 : null, ...this.numbers() });
  }

  // Numbers that somebody has chosen; the usual ones stay out of the address.
  numbers() {
    return Object.fromEntries(Object.keys(ASKED).map((name) => [name, this[name] === this.usual(name) ? null : this[name]]));
  }

  hold(row, column) {
    this.pinned = !(this.pinned && row === this.row && column === this.column);
    this.moveTo(row, column);
  }

  press(event) {
    const step = MOVES[event.key];
    if (step) {
      const [down, across] = event.ctrlKey && Math.abs(step[1]) === Infinity ? [step[1], step[1]] : step;
      this.moveTo(this.row + down, this.column + across);
      this.matrix.keepInSight();
    } else if (event.key === "Enter" || event.key === "Escape") {
      this.pinned = event.key === "Enter" && !this.pinned;
      this.moveTo(this.row, this.column);
    } else return;
    event.preventDefault();
  }

  select(row, column) {
    performance.mark("attention-redraw");
    this.row = clamp(row, 0, this.scene.rows.length - 1);
    this.column = clamp(column, 0, this.scene.columns.length - 1);
    this.chain = chainOf(this.scene, this.row);
    this.matrix.mark(this.row, this.column, this.pinned);
    this.pin.textContent = this.pinned ? "held: click it again to let go" : "click a cell to hold it";
    this.write();
    // A benchmark reads these; only the newest are kept.
    if (++this.measures % KEPT_MEASURES === 0) performance.clearMeasures("attention-redraw");
    performance.measure("attention-redraw", "attention-redraw");
    performance.clearMarks("attention-redraw");
  }

  write() {
    const { scene, chain, column, number, feature, unit } = this;
    for (const name of Object.keys(ASKED)) this.selects[name].value = this[name];
    const [asks, seen] = [scene.columns[chain.asks].word, scene.columns[column].word];
    this.position.textContent = `head ${scene.head}: “${asks}” looks at “${seen}” with ${(100 * chain.weights[column]).toFixed(1)}%`;
    clearTimeout(this.saying); // a screen reader hears where the selection came to rest
    this.saying = setTimeout(() => (this.spoken.textContent = this.position.textContent), SAID_AFTER_MS);
    this.sums.replaceChildren(...stepsOf(scene, chain, { column, number, feature, unit }).map((step, place) => this.detail(step, place)));
  }

  detail(step, place) {
    const box = element("details", "step");
    box.dataset.step = step.id;
    const head = element("summary");
    head.append(element("b", "", `${place + 1}. ${step.title}`), element("span", "line", step.line));
    box.append(head);
    const fill = () => box.children.length > 1 || box.append(...step.body());
    box.open = this.opened.has(step.id);
    if (box.open) fill();
    box.ontoggle = () => {
      this.opened[box.open ? "add" : "delete"](step.id);
      if (box.open) fill();
    };
    return box;
  }
}
