// Rows of numbers as colours, each with its name. The number that is pointed at is written out; arrow keys lead to the others.

import { at, unpack } from "./arrays.js";
import { ARROWS, element } from "./dom.js";
import { CellMap, legend } from "./maps.js";
import { clamp } from "./numbers.js";

const DIGITS = 4;

export default function ({ data: [data], parentElement }) {
  parentElement.rows ??= new Rows(parentElement);
  parentElement.rows.show(data);
}

class Rows {
  constructor(parent) {
    this.place = null;
    this.map = new CellMap(() => this.draw());
    this.map.box.tabIndex = 0;
    this.map.box.dataset.testid = "rows";
    this.map.box.setAttribute("role", "application");
    this.map.box.onpointermove = this.map.box.onclick = (event) => {
      const cell = this.map.cellAt(event);
      if (cell) this.go(cell.row, cell.column);
    };
    this.map.box.onkeydown = (event) => this.press(event);
    this.names = element("div", "names");
    this.across = element("div", "across");
    this.below = element("div", "below");
    this.readout = element("div", "readout");
    this.readout.dataset.testid = "rows-place";
    this.readout.setAttribute("aria-live", "polite");
    this.root = element("section", "rows");
    this.root.append(this.names, this.map.box, this.across, this.below, this.readout);
    parent.appendChild(this.root);
  }

  show(data) {
    this.data = data;
    this.values = unpack(data.values);
    const [, columns] = this.values.shape;
    this.map.show(...this.values.shape, (row, column) => at(this.values, row, column), data.range, data.diverging);
    this.map.box.setAttribute("aria-label", `${data.label} Arrow keys move.`);
    this.map.box.style.aspectRatio = "auto";
    this.root.style.setProperty("--rows", data.names.length);
    this.names.replaceChildren(...data.names.map((name) => element("span", "", name)));
    this.across.replaceChildren(...["0", "number", String(columns - 1)].map((text) => element("span", "", text)));
    this.below.replaceChildren(legend(data.range, data.diverging, DIGITS));
    if (this.place) this.go(...this.place);
  }

  press(event) {
    const step = ARROWS[event.key];
    if (!step) return;
    const [row, column] = this.place ?? [0, 0];
    if (this.place) this.go(row + step[0], column + step[1]);
    else this.go(row, column);
    event.preventDefault();
  }

  go(row, column) {
    const [rows, columns] = this.values.shape;
    this.place = [clamp(row, 0, rows - 1), clamp(column, 0, columns - 1)];
    this.draw();
  }

  draw() {
    this.map.clear();
    if (!this.place) return;
    const [row, column] = this.place;
    this.map.outline(row, column);
    this.readout.textContent = `${this.data.names[row]}, number ${column}: ${at(this.values, row, column).toFixed(DIGITS)}`;
  }
}
