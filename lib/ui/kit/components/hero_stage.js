// What stands on Home's picture: the pad, the maps of each layer, the answers, a few buttons.

import { bytesOf } from "./arrays.js";
import { button, element } from "./dom.js";
import { Pad } from "./pad.js";

const QUIET = 0; // ms without a change of the drawing before it passes through: it does so while the pen moves
const BRIGHTER = 0.7; // the power by which small numbers are made brighter

export class Stage {
  constructor(parent, data, calls) {
    this.parent = parent;
    this.data = data;
    this.pixels = pixelsOf(bytesOf(data.colours));
    this.root = element("section", "hero");
    this.root.dataset.testid = "hero";
    this.root.setAttribute("role", "group");
    this.lines = layer("canvas", "lines");
    this.pulses = layer("canvas", "lines");
    this.pulses.hidden = true;
    this.root.append(this.lines, this.pulses);
    this.buildInput(calls);
    const shown = data.layers.filter(({ kind }) => kind === "Conv2D" || kind === "MaxPooling2D");
    this.columns = shown.map(({ name }, place) => this.buildMaps(name, data.places.maps[place]));
    this.buildAnswers(data.layers.at(-1).name);
    this.groups = [...this.columns, this.answers];
    for (const group of this.groups) group.forEach((unit, place) => (unit.tabIndex = place ? -1 : 0));
    this.spoken = element("div", "spoken");
    this.spoken.setAttribute("role", "status");
    this.root.append(this.spoken);
    parent.appendChild(this.root);
  }

  buildInput({ draw, drawn, play, another }) {
    this.pad = new Pad("", (_, base64) => draw(base64), QUIET);
    this.image = this.pad.canvas;
    this.image.classList.add("image");
    this.image.setAttribute("aria-label", `Draw a digit. ${this.image.getAttribute("aria-label")}`);
    this.image.addEventListener("pointerup", drawn);
    placed(this.image, this.data.places.image);
    this.player = button("play", "", play);
    this.hint = element("div", "hint", "Draw here");
    const tools = element("div", "tools");
    const next = button("", "Next", another);
    next.setAttribute("aria-label", "Next digit");
    tools.append(next, button("", "Clear", () => this.pad.clear()), this.player);
    this.frame = element("div", "frame input");
    this.frame.append(element("div", "name", "input"), this.image, this.hint, tools);
    this.root.append(this.frame);
  }

  buildMaps(name, boxes) {
    const frame = element("div", "frame");
    frame.append(named(name, boxes));
    const units = boxes.map((box, unit) => {
      const made = button("unit map");
      Object.assign(made.dataset, { testid: "hero-map", layer: name, unit });
      made.append(element("canvas", "cells"));
      placed(made, box);
      return made;
    });
    frame.append(...units);
    this.root.append(frame);
    return units;
  }

  buildAnswers(name) {
    const frame = element("div", "frame classes");
    const { answers } = this.data.places;
    frame.append(named(name, answers));
    this.answers = answers.map((box, unit) => {
      const made = button("unit answer");
      Object.assign(made.dataset, { testid: "hero-answer", layer: name, unit });
      const track = element("span", "track");
      track.append(element("span", "fill"));
      made.append(element("span", "class", this.data.names[unit]), track, element("span", "share"));
      placed(made, box);
      return made;
    });
    frame.append(...this.answers);
    this.root.append(frame);
  }

  // Take the place of the still picture, which a screen reader would read as well.
  replace() {
    this.parent.host?.closest(".st-key-hero")?.setAttribute("data-moving", "");
  }

  // A person is drawing just now.
  get busy() {
    return this.pad.pressed || this.pad.down;
  }

  mayPlay(can) {
    this.player.hidden = !can;
  }

  playing(on) {
    this.player.textContent = on ? "❚❚ Pause" : "▶ Play";
  }

  // --- numbers ---

  // In words: what goes in, and what comes out.
  describe(what, outputs) {
    const shares = outputs.at(-1).values;
    const best = shares.indexOf(Math.max(...shares));
    const names = this.columns.map(([first]) => first.dataset.layer).join(", ");
    this.said = `${this.data.names[best]}: ${percent(shares[best])}`;
    this.root.setAttribute("aria-label", `${what} on its way through ${names} to the answer ${this.said}.`);
    this.what = what;
  }

  say() {
    this.spoken.textContent = `${this.what}: the answer is ${this.said}`;
  }

  // What stands here is of another digit.
  unlight() {
    for (const unit of this.groups.flat()) unit.classList.add("unlit");
  }

  // Show the numbers of one column, 0 the first layer's; the last are the answers.
  paint(place, { shape: [rows, columns, maps], values }) {
    for (const unit of this.groups[place]) unit.classList.remove("unlit");
    if (place === this.columns.length) return this.answer(values);
    const highest = values.reduce((most, value) => Math.max(most, value), 0) || 1;
    this.columns[place].forEach((unit, map) => {
      const canvas = unit.firstChild;
      this.fill(canvas, rows, columns, (cell) => values[cell * maps + map] / highest);
    });
  }

  fill(canvas, rows, columns, shareAt) {
    Object.assign(canvas, { width: columns, height: rows });
    const context = canvas.getContext("2d");
    const image = context.createImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    for (let cell = 0; cell < pixels.length; cell++) pixels[cell] = this.pixels[Math.round(255 * shareAt(cell) ** BRIGHTER)];
    context.putImageData(image, 0, 0);
  }

  answer(shares) {
    const best = shares.indexOf(Math.max(...shares));
    this.answers.forEach((row, unit) => {
      row.classList.toggle("best", unit === best);
      row.querySelector(".fill").style.width = `${100 * shares[unit]}%`;
      row.querySelector(".share").textContent = shares[unit] >= 0.005 ? percent(shares[unit]) : "";
    });
  }
}

export function percent(share) {
  return `${(100 * share).toFixed(1)}%`;
}

// Colours of red, green, blue as whole opaque pixels.
function pixelsOf(colours) {
  const bytes = new Uint8Array((4 * colours.length) / 3).fill(255);
  for (let place = 0; place < colours.length; place += 3) bytes.set(colours.subarray(place, place + 3), (4 * place) / 3);
  return new Uint32Array(bytes.buffer);
}

function layer(tag, name) {
  const made = element(tag, name);
  made.setAttribute("aria-hidden", "true");
  return made;
}

// A layer's name, below its maps on a wide picture and above them on a narrow one.
function named(name, boxes) {
  const made = element("div", "name", name);
  const left = Math.min(...boxes.map(([from]) => from));
  const right = Math.max(...boxes.map(([from, , width]) => from + width));
  made.style.setProperty("--middle", `${(left + right) / 2}%`);
  return made;
}

function placed(made, [left, top, width, height]) {
  for (const [name, value] of Object.entries({ left, top, width, height })) made.style.setProperty(`--${name}`, `${value}%`);
}
