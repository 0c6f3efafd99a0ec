// Maps of numbers on canvases: one canvas pixel a cell, stretched by CSS, and above it an overlay for outlines.

const PICKED = "#E69F00";
const REACHED = "#56B4E9";

function unpack(packed) {
  if (!packed) return null;
  const bytes = Uint8Array.from(atob(packed.data), (letter) => letter.charCodeAt(0));
  return { shape: packed.shape, values: new Float32Array(bytes.buffer) };
}

function at(array, ...place) {
  return array.values[place.reduce((index, step, axis) => index * array.shape[axis] + step, 0)];
}

// 256 colours from the low end of a range to the high end: grey from 0, or diverging around 0.
function palette([low], stops) {
  const hex = stops.map((stop) => [1, 3, 5].map((from) => parseInt(stop.slice(from, from + 2), 16)));
  return Array.from({ length: 256 }, (_, step) => {
    if (low >= 0) return [step, step, step];
    const place = (step / 255) * (hex.length - 1);
    const before = Math.min(Math.floor(place), hex.length - 2);
    return hex[before].map((from, part) => Math.round(from + (hex[before + 1][part] - from) * (place - before)));
  });
}

function colourOf(value, [low, high], colours) {
  const share = (value - low) / (high - low);
  return colours[Math.round(255 * Math.min(1, Math.max(0, share)))];
}

function css([red, green, blue]) {
  return `rgb(${red},${green},${blue})`;
}

function inkOn([red, green, blue]) {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? "#10171c" : "#ffffff";
}

// Draw each cell; `valueAt` gives NaN where there is none, which stays see-through.
function paint(canvas, rows, columns, valueAt, range, stops) {
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

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// A box with cells and an overlay, exactly as large as its map.
class CellMap {
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

  // Outline cells from (row, column), `down` by `across` of them: dark below and light above, seen on any colour.
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

  // The cell below a pointer; null outside.
  cellAt(event) {
    const box = this.box.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.rows);
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.columns);
    const inside = row >= 0 && row < this.rows && column >= 0 && column < this.columns;
    return inside ? { row, column } : null;
  }
}

// What the ends of the colours mean.
function legend([low, high], stops) {
  const made = element("div", "legend");
  const bar = element("span", "bar");
  const ends = low < 0 ? stops : ["#000", "#fff"];
  bar.style.background = `linear-gradient(to right, ${ends.join(", ")})`;
  made.append(element("span", "", short(low)), bar, element("span", "", short(high)));
  return made;
}
