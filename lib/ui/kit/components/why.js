// Why this answer: signed maps beside the image. The place that is pointed at is outlined on the image as the pixels it sees.

import { at, unpack } from "./arrays.js";
import { ARROWS, element } from "./dom.js";
import { CellMap, legend } from "./maps.js";
import { clamp, short } from "./numbers.js";

const DIGITS = 4;

export default function ({ data: [data], parentElement }) {
  parentElement.why ??= new Why(parentElement);
  parentElement.why.show(data);
}

class Why {
  constructor(parent) {
    this.place = null;
    this.root = element("section", "why");
    this.image = new CellMap(() => this.draw());
    this.picture = element("img");
    this.image.box.classList.add("seen");
    this.image.box.prepend(this.picture);
    this.parts = element("div", "parts");
    this.readout = element("div", "readout");
    this.readout.dataset.testid = "why-place";
    this.readout.setAttribute("aria-live", "polite");
    this.root.append(this.parts, this.readout);
    this.maps = [];
    parent.appendChild(this.root);
  }

  show(data) {
    this.data = data;
    this.root.setAttribute("aria-label", `what speaks for the answer, and what against it: ${data.said}`);
    this.picture.src = data.image;
    this.picture.alt = "the image";
    this.image.show(...data.size, () => NaN, [0, 1], data.diverging);
    this.values = data.maps.map(unpack);
    while (this.maps.length < data.maps.length) this.maps.push(this.map(this.maps.length));
    this.maps.splice(data.maps.length).forEach(({ map }) => map.observer.disconnect());
    this.maps.forEach((made, which) => this.fill(made, which));
    const image = element("figure", "one");
    image.append(element("figcaption", "", "the image"), this.image.box);
    this.parts.replaceChildren(image, ...this.maps.map(({ box }) => box));
    if (this.place) this.go(...this.place);
    this.draw();
  }

  map(which) {
    const map = new CellMap(() => this.draw());
    map.box.tabIndex = 0;
    map.box.dataset.testid = `why-map-${which}`;
    map.box.setAttribute("role", "application");
    map.box.onpointermove = (event) => this.over(map.cellAt(event));
    map.box.onclick = (event) => this.over(map.cellAt(event));
    map.box.onkeydown = (event) => {
      const step = ARROWS[event.key];
      if (!step) return;
      const [row, column] = this.place ?? [0, 0];
      this.go(row + step[0], column + step[1]);
      event.preventDefault();
    };
    return { map, box: element("figure", "one") };
  }

  fill({ map, box }, which) {
    const { title, total } = this.data.maps[which];
    const values = this.values[which];
    const largest = values.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    map.show(...values.shape, (row, column) => at(values, row, column), [-largest, largest], this.data.diverging);
    map.box.setAttribute("aria-label", `${title}, ${values.shape.join(" by ")} places. Arrow keys move.`);
    const made = element("div", "sum", total);
    made.dataset.testid = `why-sum-${which}`;
    box.replaceChildren(element("figcaption", "", title), map.box, legend([-largest, largest], this.data.diverging, DIGITS), made);
  }

  over(cell) {
    if (cell) this.go(cell.row, cell.column);
  }

  go(row, column) {
    const [rows, columns] = this.values[0].shape;
    this.place = [clamp(row, 0, rows - 1), clamp(column, 0, columns - 1)];
    this.draw();
  }

  draw() {
    if (!this.data) return;
    [this.image, ...this.maps.map(({ map }) => map)].forEach((map) => map.clear());
    if (!this.place) {
      this.readout.textContent = "";
      return;
    }
    const [row, column] = this.place;
    this.maps.forEach(({ map }) => map.outline(row, column, { width: 2.5 }));
    const seen = this.place.map((cell, axis) => {
      const [start, step, size] = this.data.fields[axis];
      const first = start + cell * step;
      return [clamp(first, 0, this.data.size[axis] - 1), clamp(first + size - 1, 0, this.data.size[axis] - 1)];
    });
    const [[top, bottom], [left, right]] = seen;
    this.image.outline(top, left, { down: bottom - top + 1, across: right - left + 1, width: 2.5 });
    const said = this.data.maps.map(({ title }, which) => `${title} ${short(at(this.values[which], row, column), DIGITS)}`);
    const pixels = this.data.fields.every(([, step, size]) => step === 1 && size === 1);
    const sees = pixels ? "" : ` sees rows ${top} to ${bottom}, columns ${left} to ${right}`;
    this.readout.textContent = `${pixels ? "pixel" : "place"} ${row}, ${column}${sees}: ${said.join("; ")}`;
  }
}
