// A kernel as a grid of fields. Good numbers go to the app as text; a bad one is explained here and sent nowhere.

import { ARROWS, element } from "./dom.js";
import { short } from "./numbers.js";

export default function ({ data: [data], parentElement, setTriggerValue }) {
  parentElement.editor ??= new Editor(parentElement);
  parentElement.editor.send = (text) => setTriggerValue("edited", text);
  parentElement.editor.show(data);
}

const MOVES = { ...ARROWS, Enter: [1, 0] };

// A number as people write it: 0.5, 0,5, -1 or 1/9.
function parse(text) {
  const parts = text.trim().replace(",", ".").split("/");
  if (parts.length > 2 || parts.some((part) => !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part.trim()))) return NaN;
  return parts.length === 2 ? Number(parts[0]) / Number(parts[1]) : Number(parts[0]);
}

// In the app's precision (float32): what the app sends back is then the same text.
function asText(weights) {
  return weights.map(Math.fround).join(",");
}

class Editor {
  constructor(parent) {
    this.grid = element("div", "grid");
    this.grid.setAttribute("role", "group");
    this.message = element("p", "message");
    this.message.setAttribute("role", "alert");
    this.sent = new Set();
    parent.append(this.grid, this.message);
  }

  // Nothing is changed when the app only repeats what it sent before or what came from here: somebody may be typing.
  show({ size, weights, limit }) {
    this.limit = limit;
    const text = asText(weights);
    const known = this.sent.delete(text) || text === this.received;
    this.received = text;
    if (known && size === this.size) return;
    this.size = size;
    this.last = text;
    this.grid.style.setProperty("--size", size);
    this.fields = weights.map((weight, place) => this.field(weight, place));
    this.grid.replaceChildren(...this.fields);
    this.check();
  }

  field(weight, place) {
    const made = element("input");
    made.value = short(weight, 4);
    made.dataset.exact = String(weight);
    made.dataset.rounded = made.value;
    made.inputMode = "text";
    made.autocomplete = "off";
    made.setAttribute("aria-label", `kernel row ${Math.floor(place / this.size)}, column ${place % this.size}`);
    made.onchange = () => this.changed();
    made.onfocus = () => made.select();
    made.onkeydown = (event) => this.press(event, place);
    return made;
  }

  // Arrow keys go from field to field. Left and right stay within a number until the caret has come to its end.
  press(event, place) {
    const move = MOVES[event.key];
    if (!move) return;
    const field = this.fields[place];
    const all = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const end = move[1] < 0 ? field.selectionEnd === 0 : field.selectionStart === field.value.length;
    if (move[1] && !all && !end) return;
    const [row, column] = [Math.floor(place / this.size) + move[0], (place % this.size) + move[1]];
    if (event.key === "Enter") this.changed();
    if (row < 0 || row >= this.size || column < 0 || column >= this.size) return;
    event.preventDefault();
    this.fields[row * this.size + column].focus();
  }

  valueOf(field) {
    return field.value === field.dataset.rounded ? Number(field.dataset.exact) : parse(field.value);
  }

  // Say what is wrong with the first bad field; true when all are good.
  check() {
    const bad = this.fields.map((field) => !(Math.abs(this.valueOf(field)) <= this.limit));
    this.fields.forEach((field, place) => field.setAttribute("aria-invalid", String(bad[place])));
    const first = bad.indexOf(true);
    if (first < 0) {
      this.message.textContent = "";
      return true;
    }
    const written = this.fields[first].value.trim().slice(0, 20);
    const what = written ? `“${written}”` : "An empty field";
    this.message.textContent =
      `${what} in row ${Math.floor(first / this.size)}, column ${first % this.size} cannot be used: ` +
      `write a number from -${this.limit} to ${this.limit}, such as -0.5 or 1/9. The picture still shows the last good kernel.`;
    return false;
  }

  changed() {
    if (!this.check()) return;
    const text = asText(this.fields.map((field) => this.valueOf(field)));
    if (text === this.last) return;
    this.sent.add(text);
    this.last = text;
    this.send(text);
  }
}
