// The confusion matrix. One of its cells takes the focus, arrow keys lead it to the others. Choosing a cell by click, Enter
// or Space tells the app its two classes.

import { ARROWS, element } from "./dom.js";
import { clamp } from "./numbers.js";

const FEW = 5; // classes of a small table
const WIDE = 60; // letters of all columns' names side by side; more are written sideways
const DEEP = 0.93; // from this shade on a white number is easier to read than a black one, also on a light page

export default function ({ data: [data], parentElement, setTriggerValue }) {
  parentElement.confusion ??= new Confusion(parentElement);
  parentElement.confusion.send = (cell) => setTriggerValue("chosen", cell);
  parentElement.confusion.show(data);
}

class Confusion {
  constructor(parent) {
    this.over = null; // [true class, predicted class] under the pointer
    this.focused = null;
    this.root = element("section", "confusion");
    this.said = element("div", "said");
    this.said.dataset.testid = "said";
    parent.append(this.root);
  }

  show(data) {
    const before = this.data;
    this.data = data;
    // The same classes keep their cells, so that the focus stays when other numbers come.
    if (!before || before.names.join("\n") !== data.names.join("\n")) this.build();
    this.table.setAttribute("aria-label", data.label);
    this.cells.forEach((row, i) => row.forEach((cell, j) => this.fill(cell, i, j)));
    if (data.chosen && String(data.chosen) !== String(before && before.chosen)) this.aim(data.chosen);
    this.say({});
  }

  // --- what is made once for the classes ---

  build() {
    const { names } = this.data;
    this.cells = names.map((_, i) => names.map((_, j) => this.cell(i, j)));
    this.table = part("grid", "table");
    this.table.style.setProperty("--classes", names.length);
    this.table.classList.toggle("few", names.length < FEW);
    this.table.classList.toggle("sideways", names.join("").length > WIDE);
    const head = part("row", "row");
    head.append(part("gridcell"), ...names.map((name) => heading("columnheader", name)));
    const rows = this.cells.map((cells, i) => {
      const row = part("row", "row");
      row.append(heading("rowheader", names[i]), ...cells);
      return row;
    });
    this.table.append(head, ...rows);
    this.table.onkeydown = (event) => this.key(event);
    this.table.onpointerleave = () => this.say({ over: null });
    this.table.onfocusout = () => this.say({ focused: null });
    const axes = [element("div", "axis across", "predicted"), element("div", "axis down", "true")];
    this.root.replaceChildren(...axes, this.table, this.said);
    this.at = [0, 0];
    this.aim(this.at);
  }

  cell(i, j) {
    const made = part("gridcell", i === j ? "cell right" : "cell wrong");
    made.tabIndex = -1;
    made.onclick = () => this.choose([i, j]);
    made.onpointerenter = () => this.say({ over: [i, j] });
    made.onfocus = () => this.say({ focused: [i, j], over: null }); // the pointer may still rest on another one
    return made;
  }

  // --- what changes with the numbers ---

  fill(cell, i, j) {
    const { chosen, numbers, shades } = this.data;
    cell.textContent = numbers[i][j];
    cell.style.setProperty("--shade", `${(100 * shades[i][j]).toFixed(1)}%`);
    cell.classList.toggle("deep", shades[i][j] > DEEP);
    cell.setAttribute("aria-label", this.words([i, j]));
    if (chosen) cell.setAttribute("aria-selected", String(chosen[0] === i && chosen[1] === j));
  }

  words([i, j]) {
    const { counts, names } = this.data;
    const whole = counts[i].reduce((sum, each) => sum + each, 0);
    const share = whole ? `, ${((100 * counts[i][j]) / whole).toFixed(1)}% of this class` : "";
    const samples = `${counts[i][j].toLocaleString("en")} ${counts[i][j] === 1 ? "sample" : "samples"}`;
    return `true: ${names[i]}, predicted: ${names[j]}, ${samples}${share}`;
  }

  // Say in words what the pointer is over, or else what has the focus.
  say(change) {
    Object.assign(this, change);
    const cell = this.over ?? this.focused;
    this.said.textContent = cell ? this.words(cell) : "";
  }

  // --- pointer and keyboard ---

  // Let this cell be the one that Tab leads to.
  aim([i, j]) {
    this.cells[this.at[0]][this.at[1]].tabIndex = -1;
    this.cells[i][j].tabIndex = 0;
    this.at = [i, j];
  }

  choose(cell) {
    this.aim(cell);
    if (this.data.chosen) this.send(cell);
  }

  key(event) {
    const last = this.cells.length - 1;
    const [i, j] = this.at;
    if (event.key === "Enter" || event.key === " ") {
      this.choose(this.at);
    } else if (event.key in ARROWS) {
      const [down, across] = ARROWS[event.key];
      this.go([clamp(i + down, 0, last), clamp(j + across, 0, last)]);
    } else if (event.key === "Home" || event.key === "End") {
      this.go([i, event.key === "Home" ? 0 : last]);
    } else {
      return;
    }
    event.preventDefault();
  }

  go([i, j]) {
    this.aim([i, j]);
    this.cells[i][j].focus();
  }
}

function part(role, className) {
  const made = element("div", className);
  made.setAttribute("role", role);
  return made;
}

function heading(role, name) {
  const made = part(role, "heading");
  made.append(element("span", "", name));
  made.title = name;
  return made;
}
