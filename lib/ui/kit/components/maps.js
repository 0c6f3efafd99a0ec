// Maps of numbers on canvases: one canvas pixel a cell, stretched by CSS, and above it an overlay for outlines.

import { colourOf, palette, PICKED } from "./colours.js";
import { element, placeIn } from "./dom.js";
import { short } from "./numbers.js";

// Draw each cell. `valueAt` gives NaN where there is no number; the page shows through there.
export function paint(canvas, rows, columns, valueAt, range, stops) {
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(columns, rows);
  const colours = palette(range, stops);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = valueAt(row, column);
      if (Number.isNaN(value)) continue;
      const place = 4 * (row * columns + column);
      pixels.data.set(colourOf(value, range, colours), place);
      pixels.data[place + 3] = 255;
    }
  }
  context.putImageData(pixels, 0, 0);
}

// A box with cells and an overlay, exactly as large as its map.
export class CellMap {
  constructor(onResize) {
    this.box = element("div", "map");
    this.cells = element("canvas", "cells");
    this.overlay = element("canvas", "overlay");
    this.box.append(this.cells, this.overlay);
    this.observer = new ResizeObserver(() => {
      this.fit();
      onResize();
    });
    this.observer.observe(this.box);
  }

  show(rows, columns, valueAt, range, stops) {
    this.rows = rows;
    this.columns = columns;
    this.box.style.aspectRatio = `${columns} / ${rows}`;
    paint(this.cells, rows, columns, valueAt, range, stops);
    this.fit();
  }

  fit() {
    const box = this.box.getBoundingClientRect();
    this.overlay.width = Math.round(box.width * devicePixelRatio);
    this.overlay.height = Math.round(box.height * devicePixelRatio);
  }

  clear() {
    this.overlay.getContext("2d").clearRect(0, 0, this.overlay.width, this.overlay.height);
  }

  // Outline cells from (row, column) on, `down` by `across` of them. A dark line under a light one is seen on any colour.
  outline(row, column, { down = 1, across = 1, colour = PICKED, width = 2, fill = "" } = {}) {
    const context = this.overlay.getContext("2d");
    const [tall, wide] = [this.overlay.height / this.rows, this.overlay.width / this.columns];
    const box = [column * wide, row * tall, across * wide, down * tall];
    const least = 4 * devicePixelRatio;
    for (const axis of [0, 1]) {
      const missing = least - box[2 + axis];
      if (missing > 0) {
        box[axis] -= missing / 2;
        box[2 + axis] = least;
      }
    }
    if (fill) {
      context.fillStyle = fill;
      context.fillRect(...box);
    }
    for (const [stroke, thick] of [["#000000", width + 1.6], [colour, width]]) {
      context.strokeStyle = stroke;
      context.lineWidth = thick * devicePixelRatio;
      context.strokeRect(...box);
    }
  }

  // The cell under a pointer; null outside.
  cellAt(event) {
    const [down, across] = placeIn(this.box, event);
    const [row, column] = [Math.floor(down * this.rows), Math.floor(across * this.columns)];
    const inside = row >= 0 && row < this.rows && column >= 0 && column < this.columns;
    return inside ? { row, column } : null;
  }
}

// A bar of the colours with the numbers at its ends.
export function legend([low, high], stops, digits) {
  const made = element("div", "legend");
  const bar = element("span", "bar");
  const ends = low < 0 ? stops : ["#000", "#fff"];
  bar.style.background = `linear-gradient(to right, ${ends.join(", ")})`;
  made.append(element("span", "", short(low, digits)), bar, element("span", "", short(high, digits)));
  return made;
}
