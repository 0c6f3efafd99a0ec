// A pad to draw a digit on, with mouse, finger or keys: white ink on black, as 28 x 28 grey bytes in base64.

import { bytesOf } from "./arrays.js";
import { PICKED, REACHED } from "./colours.js";
import { ARROWS, button, element, placeIn } from "./dom.js";
import { clamp } from "./numbers.js";

const SIDE = 28; // pixels of the picture
const DIGIT = 20; // pixels that MNIST's digits fill, in the middle
const FINE = 10; // pixels of the pad for each of them; their mean is the picture's pixel, so that edges are soft
const QUIET = 150; // ms without a change before the picture is sent

export class Pad {
  // `start`: a picture in base64 to go on from, or "". `send` gets each new picture, `quiet` ms after the last change.
  constructor(start, send, quiet = QUIET) {
    this.send = send;
    this.quiet = quiet;
    this.cursor = { x: SIDE / 2, y: SIDE / 2 };
    this.pressed = false; // a pointer is drawing
    this.down = false; // the keyboard's pen is drawing
    this.build();
    this.goOnFrom(start);
  }

  // Show a picture in base64 to go on from, or an empty pad for "".
  goOnFrom(start) {
    clearTimeout(this.timer);
    this.start = start ? pictureOf(bytesOf(start)) : null;
    this.strokes = [];
    this.example = false; // what is shown is not the person's: the first stroke begins on an empty pad
    this.paint();
  }

  build() {
    this.root = element("div", "drawing");
    this.root.pad = this;
    this.canvas = element("canvas", "pad");
    this.canvas.width = this.canvas.height = SIDE * FINE;
    this.canvas.tabIndex = 0;
    this.canvas.dataset.testid = "pad";
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", "Drawing pad. Arrow keys move the pen, space lowers or lifts it, backspace undoes.");
    this.width = element("input", "width");
    Object.assign(this.width, { type: "range", min: "1", max: "5", step: "0.5", value: "2.5" });
    const label = element("label", "tool", "Pen");
    label.append(this.width);
    this.place = element("span", "place");
    this.place.setAttribute("aria-live", "polite");
    const tools = element("div", "tools");
    tools.append(label, button("tool", "Undo", () => this.undo()), button("tool", "Clear", () => this.clear()), this.place);
    this.root.append(this.canvas, tools);
    this.canvas.onpointerdown = (event) => this.press(event);
    this.canvas.onpointermove = (event) => this.move(event);
    this.canvas.onpointerup = this.canvas.onpointercancel = () => this.release();
    this.canvas.onkeydown = (event) => this.key(event);
    this.canvas.onfocus = this.canvas.onblur = () => this.paint();
  }

  // --- pointer: mouse, pen, finger ---

  press(event) {
    if (event.button !== 0) return;
    event.preventDefault(); // it would select text; the focus is set in the next line
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.pressed = true;
    this.down = false;
    this.place.textContent = "";
    this.begin(this.at(event));
  }

  move(event) {
    if (!this.pressed) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.go(this.at(each));
  }

  // The end of a stroke is what somebody waits for: it is sent at once.
  release() {
    if (!this.pressed) return;
    this.pressed = false;
    this.tell();
  }

  at(event) {
    const [down, across] = placeIn(this.canvas, event);
    return { x: across * SIDE, y: down * SIDE };
  }

  // --- keyboard ---

  key(event) {
    const step = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) {
      const { x, y } = this.cursor;
      const [row, column] = [Math.floor(y) + step[0], Math.floor(x) + step[1]];
      this.cursor = { x: clamp(column, 0, SIDE - 1) + 0.5, y: clamp(row, 0, SIDE - 1) + 0.5 };
      if (this.down) this.go(this.cursor);
    } else if (event.key === " ") {
      this.down = !this.down;
      if (this.down) this.begin(this.cursor);
    } else if (event.key === "Backspace") {
      this.undo();
    } else return;
    event.preventDefault();
    event.stopPropagation();
    const { x, y } = this.cursor;
    this.place.textContent = `row ${Math.floor(y) + 1}, column ${Math.floor(x) + 1}, pen ${this.down ? "down" : "up"}`;
    this.paint();
  }

  // --- strokes ---

  // Show somebody else's digit, 28 x 28 bytes.
  show(bytes) {
    Object.assign(this, { start: pictureOf(bytes), strokes: [], example: true, down: false });
    this.paint();
  }

  begin(point) {
    if (this.example) this.start = null;
    this.example = false;
    this.strokes.push({ width: Number(this.width.value), points: [point] });
    this.go(point);
  }

  go(point) {
    this.cursor = { x: clamp(point.x, 0, SIDE), y: clamp(point.y, 0, SIDE) };
    this.strokes.at(-1).points.push(point);
    this.changed();
  }

  undo() {
    this.down = false;
    if (this.strokes.pop()) this.changed();
  }

  clear() {
    Object.assign(this, { start: null, strokes: [], example: false, down: false });
    this.changed();
  }

  changed() {
    this.paint();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), this.quiet);
  }

  tell() {
    clearTimeout(this.timer);
    this.send("pixels", this.picture());
  }

  // --- pixels ---

  ink(context) {
    context.fillStyle = "black";
    context.fillRect(0, 0, SIDE * FINE, SIDE * FINE);
    context.imageSmoothingEnabled = false; // each pixel of a picture stays as it is
    if (this.start) context.drawImage(this.start, 0, 0, SIDE * FINE, SIDE * FINE);
    context.strokeStyle = "white";
    context.lineCap = context.lineJoin = "round";
    for (const { width, points } of this.strokes) {
      context.lineWidth = width * FINE;
      context.beginPath();
      points.forEach(({ x, y }) => context.lineTo(x * FINE, y * FINE));
      context.stroke();
    }
  }

  paint() {
    const context = this.canvas.getContext("2d");
    this.ink(context);
    this.frame(context);
    if (!this.canvas.matches(":focus") || this.pressed) return;
    context.strokeStyle = this.down ? PICKED : REACHED;
    context.lineWidth = 2;
    context.strokeRect(Math.floor(this.cursor.x) * FINE, Math.floor(this.cursor.y) * FINE, FINE, FINE);
  }

  // The square that a digit should fill, as a guide: it is on the pad, not in the picture.
  frame(context) {
    const edge = ((SIDE - DIGIT) / 2) * FINE;
    context.strokeStyle = "rgb(255 255 255 / 45%)";
    context.lineWidth = 1;
    context.setLineDash([3, 5]);
    context.strokeRect(edge, edge, DIGIT * FINE, DIGIT * FINE);
    context.setLineDash([]);
  }

  // The picture in base64, or "" where the pad is empty.
  picture() {
    if (!this.start && !this.strokes.length) return "";
    const canvas = Object.assign(element("canvas"), { width: SIDE * FINE, height: SIDE * FINE });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    this.ink(context);
    const fine = context.getImageData(0, 0, SIDE * FINE, SIDE * FINE).data;
    const sums = new Float64Array(SIDE * SIDE);
    for (let row = 0; row < SIDE * FINE; row++)
      for (let column = 0; column < SIDE * FINE; column++)
        sums[Math.floor(row / FINE) * SIDE + Math.floor(column / FINE)] += fine[4 * (row * SIDE * FINE + column)];
    return btoa(String.fromCharCode(...sums.map((sum) => Math.round(sum / (FINE * FINE)))));
  }
}

// A picture as a canvas to go on from.
function pictureOf(grey) {
  const canvas = Object.assign(element("canvas"), { width: SIDE, height: SIDE });
  const pixels = new ImageData(SIDE, SIDE);
  grey.forEach((ink, place) => pixels.data.set([ink, ink, ink, 255], 4 * place));
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  return canvas;
}
