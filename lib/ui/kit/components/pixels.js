// A picture that shows the numbers of the pixel under the pointer. Looking around stays in the browser.

import { bytesOf } from "./arrays.js";
import { ARROWS, button, element, placeIn } from "./dom.js";
import { clamp, decimals } from "./numbers.js";
import { Place } from "./place.js";

const REACH = 3; // pixels shown as numbers around the chosen one, on each side
const BIN = 8; // pixel values in one bar of the histogram
const SCALES = [["raw", "0 to 255"], ["unit", "÷ 255: 0 to 1"], ["standard", "standardised"]];
const CHANNELS = { 1: ["grey"], 3: ["red", "green", "blue"] };
const INKS = { grey: [255, 255, 255], red: [255, 0, 0], green: [0, 255, 0], blue: [0, 0, 255] };

export default function ({ data: [data], parentElement, setStateValue }) {
  const known = parentElement.querySelector(".pixels");
  if (known) known.view.show(data);
  else parentElement.appendChild(new View(data).root);
  // The app is told where somebody looks only while a task waits for it: each word costs a run of the script.
  parentElement.querySelector(".pixels").view.told = data.watched ? (place) => setStateValue("place", place) : () => {};
}

class View {
  constructor(data) {
    this.root = element("div", "pixels");
    this.root.view = this;
    this.root.onkeydown = (event) => this.key(event);
    this.place = new Place(this.root, ["row", "column", "scale"], () => this.comeBack(), (place) => this.told(place));
    this.readPlace();
    this.show(data);
  }

  // The address counts rows and columns as the page does, from 1.
  readPlace() {
    const { row, column, scale } = this.place.read();
    this.scale = SCALES.some(([known]) => known === scale) ? scale : "raw";
    this.looked = Number.isInteger(row) && Number.isInteger(column); // a person has chosen a pixel
    if (this.looked) [this.row, this.column] = [row - 1, column - 1];
  }

  comeBack() {
    this.readPlace();
    this.placed = this.looked; // the picture that belongs to this place may still be on its way
    this.show(this.data);
  }

  // A person looks at a pixel, or at the numbers of another scale.
  lookAt(row, column) {
    this.looked = true;
    this.placed = false;
    this.choose(row, column);
    this.tellPlace();
  }

  tellPlace() {
    const [row, column] = this.looked ? [this.row + 1, this.column + 1] : [null, null];
    this.place.write({ row, column, scale: this.scale === "raw" ? null : this.scale });
  }

  show(data) {
    const size = this.data && `${this.data.height} ${this.data.width}`;
    this.data = data;
    this.bytes = bytesOf(data.pixels);
    this.names = CHANNELS[data.channels];
    // A person's pixel stays chosen in another picture of the same size. Until somebody chose one: the brightest pixel.
    const another = size && size !== `${data.height} ${data.width}`;
    if (!this.looked || (another && !this.placed)) [this.row, this.column] = this.brightest();
    this.build();
    this.choose(this.row, this.column);
  }

  value(row, column, channel) {
    return this.bytes[(row * this.data.width + column) * this.data.channels + channel];
  }

  // A pixel as a number of one scale.
  scaled(value, channel, scale = this.scale) {
    if (scale === "raw") return value;
    if (scale === "unit") return value / 255;
    return (value / 255 - this.data.mean[channel]) / this.data.deviation[channel];
  }

  brightest() {
    let best = -1, place = 0;
    for (let pixel = 0; pixel < this.data.height * this.data.width; pixel++) {
      let sum = 0;
      for (let channel = 0; channel < this.data.channels; channel++) sum += this.bytes[pixel * this.data.channels + channel];
      if (sum > best) [best, place] = [sum, pixel];
    }
    return [Math.floor(place / this.data.width), place % this.data.width];
  }

  // --- what is drawn once for each picture ---

  build() {
    this.cursors = [];
    const picture = this.map(null, "output");
    picture.canvas.tabIndex = 0;
    picture.canvas.setAttribute("role", "application");
    picture.canvas.setAttribute("aria-label", `${this.data.name}: arrow keys move over its pixels`);
    this.position = element("div", "position");
    this.position.dataset.testid = "position";
    this.arithmetic = element("div", "arithmetic");
    this.arithmetic.dataset.testid = "arithmetic";
    this.arithmetic.setAttribute("aria-live", "polite");
    this.grids = this.names.map((name, channel) => this.grid(name, channel));
    const left = element("div", "left");
    left.append(picture.frame, this.position);
    const numbers = element("div", "numbers");
    numbers.append(...this.grids.map(({ box }) => box));
    const right = element("div", "right");
    if (this.data.scaling) right.append(this.switch(), this.histogram());
    const top = element("div", "top");
    top.append(left, right);
    if (this.data.channels === 1) right.append(numbers);
    else if (!this.data.scaling) right.append(this.planes());
    this.root.replaceChildren(top, ...(this.data.channels === 3 ? [numbers] : []), this.arithmetic);
  }

  // One picture of all channels (null) or of one, with a mark on the chosen pixel.
  map(channel, testid) {
    const { height, width, channels } = this.data;
    const canvas = Object.assign(element("canvas", "map"), { width, height });
    canvas.dataset.testid = testid;
    const pixels = new ImageData(width, height);
    for (let pixel = 0; pixel < height * width; pixel++)
      for (let paint = 0; paint < 4; paint++) {
        const own = this.bytes[pixel * channels + (channel ?? Math.min(paint, channels - 1))];
        const ink = channel === null ? 255 : INKS[this.names[channel]][paint];
        pixels.data[4 * pixel + paint] = paint === 3 ? 255 : (own * ink) / 255;
      }
    canvas.getContext("2d").putImageData(pixels, 0, 0);
    const frame = element("div", "frame");
    frame.style.aspectRatio = `${width} / ${height}`;
    const cursor = element("div", "cursor");
    this.cursors.push(cursor);
    frame.append(canvas, cursor);
    const point = (event) => {
      const [down, across] = placeIn(canvas, event);
      this.lookAt(Math.floor(down * height), Math.floor(across * width));
    };
    canvas.onpointermove = canvas.onpointerdown = point;
    return { frame, canvas };
  }

  planes() {
    const row = element("div", "planes");
    this.names.forEach((name, channel) => {
      const plane = element("figure", "plane");
      const map = this.map(channel, `plane-${name}`);
      map.canvas.setAttribute("role", "img");
      map.canvas.setAttribute("aria-label", `the ${name} plane`);
      plane.append(map.frame, element("figcaption", "", name));
      row.append(plane);
    });
    return row;
  }

  grid(name, channel) {
    const box = element("div", "values");
    if (this.names.length > 1) box.append(element("div", "name", name));
    const cells = element("div", "cells");
    for (let place = 0; place < (2 * REACH + 1) ** 2; place++) cells.append(element("span", "cell"));
    box.append(cells);
    return { box, cells: [...cells.children], channel };
  }

  switch() {
    const row = element("div", "scales");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", "Numbers shown");
    for (const [scale, words] of SCALES) {
      const made = button("scale", words, () => {
        this.scale = scale;
        this.choose(this.row, this.column);
        this.tellPlace();
      });
      made.dataset.testid = `scale-${scale}`;
      row.append(made);
    }
    this.switches = [...row.children];
    return row;
  }

  // --- the histogram: its bars keep their heights and move along with the scale ---

  histogram() {
    this.bars = [];
    const counts = this.names.map(() => new Array(256 / BIN).fill(0));
    this.bytes.forEach((value, place) => counts[place % this.data.channels][Math.floor(value / BIN)]++);
    const tallest = Math.log10(1 + Math.max(...counts.flat()));
    this.plot = element("div", "histogram");
    this.plot.setAttribute("role", "img");
    const field = element("div", "field");
    this.names.forEach((name, channel) => counts[channel].forEach((count, place) => {
      const bar = element("span", `bar ${name}`);
      bar.style.height = `${(100 * Math.log10(1 + count)) / tallest}%`;
      bar.title = `${name} ${place * BIN} to ${place * BIN + BIN - 1}: ${count} pixels`;
      this.bars.push({ bar, channel, low: place * BIN });
      field.append(bar);
    }));
    this.marks = this.names.map((name) => element("span", `mark ${name}`));
    this.ticks = element("div", "ticks");
    field.append(...this.marks);
    this.plot.append(field, this.ticks);
    return this.plot;
  }

  // Place on the axis, in percent. The axis shows -2.5 to 3.5, for raw values 255 times that: dividing by 255 moves no bar.
  along(value, channel) {
    const shown = this.scale === "raw" ? value / 255 : this.scaled(value, channel);
    return (100 * (shown + 2.5)) / 6;
  }

  moveBars() {
    for (const { bar, channel, low } of this.bars) {
      bar.style.left = `${this.along(low, channel)}%`;
      bar.style.width = `${this.along(low + BIN, channel) - this.along(low, channel)}%`;
    }
    this.marks.forEach((mark, channel) => {
      mark.style.left = `${this.along(this.value(this.row, this.column, channel), channel)}%`;
    });
    const factor = this.scale === "raw" ? 255 : 1;
    this.ticks.replaceChildren(...[-2, -1, 0, 1, 2, 3].map((place) => {
      const tick = element("span", "tick", String(place * factor));
      tick.style.left = `${(100 * (place + 2.5)) / 6}%`;
      return tick;
    }));
    this.switches.forEach((made, place) => made.setAttribute("aria-pressed", String(SCALES[place][0] === this.scale)));
    const low = this.names.map((_, channel) => number(this.scaled(0, channel), this.scale)).join(", ");
    const high = this.names.map((_, channel) => number(this.scaled(255, channel), this.scale)).join(", ");
    this.plot.setAttribute("aria-label", `Histogram of the pixels; black is at ${low}, the brightest at ${high}`);
  }

  // --- what follows the chosen pixel ---

  choose(row, column) {
    const { height, width } = this.data;
    this.row = clamp(row, 0, height - 1);
    this.column = clamp(column, 0, width - 1);
    for (const cursor of this.cursors) {
      cursor.style.left = `${(100 * this.column) / width}%`;
      cursor.style.top = `${(100 * this.row) / height}%`;
      cursor.style.width = `${100 / width}%`;
      cursor.style.height = `${100 / height}%`;
    }
    this.grids.forEach((grid) => this.fill(grid));
    if (this.data.scaling) this.moveBars();
    this.position.textContent = `row ${this.row + 1}, column ${this.column + 1}`;
    this.arithmetic.replaceChildren(...this.names.map((name, channel) => element("div", "sum", this.sum(name, channel))));
  }

  fill({ cells, channel }) {
    const { height, width } = this.data;
    cells.forEach((cell, place) => {
      const row = this.row - REACH + Math.floor(place / (2 * REACH + 1));
      const column = this.column - REACH + (place % (2 * REACH + 1));
      const outside = row < 0 || column < 0 || row >= height || column >= width;
      const value = outside ? 0 : this.value(row, column, channel);
      cell.className = outside ? "cell outside" : row === this.row && column === this.column ? "cell chosen" : "cell";
      cell.textContent = outside ? "" : number(this.scaled(value, channel), this.scale);
      const ink = INKS[this.names[channel]].map((part) => (part * value) / 255);
      cell.style.background = outside ? "" : `rgb(${ink.join()})`;
      cell.style.color = outside ? "" : 0.3 * ink[0] + 0.59 * ink[1] + 0.11 * ink[2] > 110 ? "#000" : "#fff";
    });
  }

  sum(name, channel) {
    const value = this.value(this.row, this.column, channel);
    const start = this.names.length > 1 ? `${name} ` : "";
    if (!this.data.scaling) return `${start}${value}, as a share ${value}/255 = ${number(value / 255, "sum")}`;
    const mean = this.data.mean[channel].toFixed(4), deviation = this.data.deviation[channel].toFixed(4);
    return `${start}(${value}/255 - ${mean})/${deviation} = ${number(this.scaled(value, channel, "standard"), "sum")}`;
  }

  key(event) {
    const step = ARROWS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.lookAt(this.row + step[0], this.column + step[1]);
  }
}

function number(value, scale) {
  return scale === "raw" ? String(value) : decimals(value, scale === "sum" ? 3 : 2);
}
