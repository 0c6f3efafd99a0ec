// The explorer: a selection moves over the output, and the page shows where that number comes from.

import { at, unpack, unpackAll } from "./arrays.js";
import { css, palette, PICKED, REACHED, rgbOf } from "./colours.js";
import { ARROWS, element } from "./dom.js";
import { Stage } from "./explorer_stage.js";
import {
  activationLine, joined, LARGEST_GRID, line, poolLines, productRow, sumLines, tapsOf, windowGrid, winnerOf, written,
} from "./explorer_sums.js";
import { cellLine, namesOf, softmaxLine, unitLines } from "./explorer_units.js";
import { clamp } from "./numbers.js";
import { Place } from "./place.js";

export default function ({ data: [data], parentElement, setStateValue }) {
  parentElement.explorer ??= new Explorer(parentElement);
  // The app is told where somebody looks only while a task waits for it: each word costs a run of the script.
  parentElement.explorer.told = data.watched ? (place) => setStateValue("place", place) : () => {};
  parentElement.explorer.show(data);
  return () => parentElement.explorer.play(false);
}

const SECONDS_OF_PLAY = 25;
const SAID_AFTER_MS = 400;
const SHOWN_CELLS = 12; // all channels' grids are shown at once up to this: channels times the window's side
const KEPT_MEASURES = 200;
const CELL_BY_CELL = ["normalise", "copy"];
const SEEN_FILL = css(rgbOf(PICKED), 0.22);
const REACHED_FILL = css(rgbOf(REACHED), 0.35);
const STEPS = { ...ARROWS, Home: [0, -Infinity], End: [0, Infinity], PageUp: [-5, 0], PageDown: [5, 0] };

// A step of the input, with what stands there.
function stepName(scene, step) {
  const here = scene.steps[step];
  return here === undefined ? `step ${step}` : `step ${step} “${here}”`;
}

// Which place of a sequence the output's number is, and the steps that its window sees.
function alongSteps(scene, taps, column) {
  const seen = taps.filter((tap) => tap.inside).map((tap) => tap.x - scene.pads[1][0]);
  const words = seen.map((step) => scene.steps[step]).filter((word) => word !== undefined).join(" ");
  const steps = seen.length > 1 ? `steps ${seen[0]} to ${seen.at(-1)}` : `step ${seen[0]}`;
  return seen.length ? `position ${column}: ${steps}${words && ` “${words}”`}` : `position ${column}: padding alone`;
}

class Explorer {
  constructor(parent) {
    Object.assign(this, { row: -1, column: -1, filter: 0, channel: 0, pinned: false, measures: 0 });
    this.stage = new Stage(parent, {
      redraw: () => this.draw(),
      over: (cell, channel) => this.overInput(cell, channel),
      chooseChannel: (channel) => this.chooseChannel(channel),
      chooseFilter: (filter) => this.chooseFilter(filter),
    });
    const names = ["row", "column", "map", "held"];
    this.place = new Place(this.stage.root, names, () => this.comeBack(), (place) => this.told(place));
    this.asked = this.place.read(); // until somebody moves, the address says the place
    this.listen();
  }

  listen() {
    const { output, player, root } = this.stage;
    const select = (event) => {
      const cell = output.cellAt(event);
      if (cell) this.moveTo(cell.row, cell.column);
    };
    output.box.onpointermove = (event) => this.pinned || this.timer || select(event);
    output.box.onclick = (event) => this.click(event);
    output.box.onkeydown = (event) => this.press(event);
    player.onclick = () => this.play(!this.timer);
    root.onpointerover = (event) => this.point(event.target.closest?.("[data-tap]")?.dataset.tap ?? null);
    root.onpointerleave = () => this.point(null);
  }

  show(data) {
    const scene = { ...data };
    for (const name of ["input", "output", "kernel", "bias", "sums"]) scene[name] = unpack(data[name]);
    for (const group of ["units", "factors"]) if (data[group]) scene[group] = unpackAll(data[group]);
    scene.inputColours = palette(data.inputRange, data.diverging);
    scene.signedColours = palette([-1], data.diverging);
    const [, , channels, filters] = scene.kernel?.shape ?? [0, 0, 0, 0];
    scene.largestWeight = new Array(filters).fill(0);
    scene.kernel?.values.forEach((value, place) => {
      scene.largestWeight[place % filters] = Math.max(scene.largestWeight[place % filters], Math.abs(value));
    });
    const another = this.scene && this.picture !== data.input.data && !this.pinned && !this.returning;
    // A number that the app points at: the one a person has just chosen elsewhere.
    const chosen = this.scene && data.start !== null && data.start !== this.scene.start && !this.returning;
    Object.assign(this, { scene, picture: data.input.data, returning: false });
    this.takeMap();
    if (another || chosen) this.forgetPlace();
    this.channel = Math.min(this.channel, scene.input.shape[2] - 1);
    this.allChannels = channels * scene.window[0] <= SHOWN_CELLS;
    scene.channelsApart = scene.operation === "sum" && channels > 1 && !this.allChannels && !scene.steps;
    this.stage.root.classList.toggle("large", scene.operation === "sum" && scene.window[0] > 4);
    this.stage.arithmetic.style.minHeight = "";
    this.stage.showInput(scene);
    this.stage.showOutput(scene, this.filter);
    this.goToPlace(another, chosen);
  }

  // Where the address says; else where the person is; in another picture, and at first, where the app points or something
  // happens.
  goToPlace(another, chosen = false) {
    const { row, column, held } = this.asked ?? {};
    const { start, output } = this.scene;
    if (Number.isInteger(row) && Number.isInteger(column)) Object.assign(this, { row, column, pinned: held === 1 });
    else if (start !== null && (chosen || another || this.row < 0)) {
      Object.assign(this, { row: Math.floor(start / output.shape[1]), column: start % output.shape[1] });
    } else if (this.row < 0 || another) this.begin();
    this.select(this.row, this.column);
  }

  takeMap() {
    const asked = this.asked?.map;
    this.filter = clamp(Number.isInteger(asked) ? asked : this.filter, 0, this.scene.output.shape[2] - 1);
  }

  forgetPlace() {
    this.asked = null;
    this.place.write({ map: this.filter || null });
  }

  // After Back or Forward; the picture of that address may still be on its way.
  comeBack() {
    Object.assign(this, { asked: this.place.read(), row: -1, filter: 0, pinned: false, returning: true });
    this.takeMap();
    this.stage.showOutput(this.scene, this.filter);
    this.goToPlace(false);
  }

  // A person has gone to another place, or stays at one: the address says it.
  tellPlace() {
    this.asked = null;
    this.place.write({ row: this.row, column: this.column, map: this.filter || null, held: this.pinned ? 1 : null });
  }

  moveTo(row, column) {
    this.select(row, column);
    this.tellPlace();
  }

  // Begin at the output's strongest number: something happens there.
  begin() {
    const [rows, columns] = this.scene.output.shape;
    let strongest = -1;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const size = Math.abs(this.valueAt(row, column));
        if (size > strongest) [strongest, this.row, this.column] = [size, row, column];
      }
    }
  }

  chooseChannel(channel) {
    this.channel = channel;
    if (this.scene.operation !== "sum") this.filter = Math.min(channel, this.scene.output.shape[2] - 1);
    this.stage.showOutput(this.scene, this.filter);
    this.moveTo(this.row, this.column);
  }

  chooseFilter(filter) {
    this.filter = filter;
    if (this.scene.operation !== "sum") this.channel = filter;
    this.stage.showOutput(this.scene, this.filter);
    this.moveTo(this.row, this.column);
  }

  valueAt(row, column) {
    return at(this.scene.output, row, column, this.filter);
  }

  select(row, column) {
    const [rows, columns] = this.scene.output.shape;
    this.row = clamp(row, 0, rows - 1);
    this.column = clamp(column, 0, columns - 1);
    if (this.scene.count !== null) {
      const index = Math.min(this.row * columns + this.column, this.scene.count - 1);
      this.row = Math.floor(index / columns);
      this.column = index % columns;
      if (this.scene.operation === "flatten") this.channel = index % this.scene.input.shape[2];
    }
    this.draw();
  }

  draw() {
    if (!this.scene) return;
    performance.mark("explorer-redraw");
    this.stage.planes.forEach(({ map }) => map.clear());
    this.stage.output.clear();
    this.stage.output.outline(this.row, this.column, { width: 2.5 });
    if (this.scene.operation === "flatten") this.drawPlace();
    else if (this.scene.operation === "weighted") this.drawUnit();
    else if (CELL_BY_CELL.includes(this.scene.operation)) this.drawCell();
    else this.drawWindow();
    this.stage.pin.textContent = this.pinned ? "held: click it again to let go" : "";
    this.markReached();
    this.markTap();
    this.sayLater();
    // A benchmark reads these; only the newest are kept.
    if (++this.measures % KEPT_MEASURES === 0) performance.clearMeasures("explorer-redraw");
    performance.measure("explorer-redraw", "explorer-redraw");
    performance.clearMarks("explorer-redraw");
  }

  drawWindow() {
    const { scene, row, column, filter } = this;
    const sum = scene.operation === "sum";
    const channels = sum ? scene.input.shape[2] : 1;
    const byChannel = Array.from({ length: channels }, (_, place) => tapsOf(scene, row, column, sum ? place : filter));
    byChannel.forEach((taps) => this.outlineTaps(taps));
    this.stage.position.textContent = scene.steps ? alongSteps(scene, byChannel[0], column) : `row ${row}, column ${column}`;
    const value = this.valueAt(row, column);
    const winner = winnerOf(scene.operation, byChannel[0]);
    const total = scene.sums ? at(scene.sums, row, column, filter) : value;
    const lines = sum ? sumLines(scene, byChannel, filter, total) : poolLines(scene, byChannel[0], winner, value);
    this.stage.write(joined(lines, "\n"));
    this.stage.activation.textContent = activationLine(scene, total, value);
    if (winner) this.stage.planes[filter].map.outline(winner.y, winner.x, { colour: REACHED, width: 2 });
    if (Math.max(...scene.window) > LARGEST_GRID) this.stage.middle.replaceChildren();
    else if (!sum) this.stage.middle.replaceChildren(windowGrid(scene, byChannel[0], winner));
    else if (scene.steps && !this.allChannels) this.stage.middle.replaceChildren(); // the lines below have it all
    else {
      const shown = this.allChannels ? byChannel : [byChannel[this.channel]];
      this.stage.middle.replaceChildren(...shown.map((taps) => productRow(scene, taps, filter, channels > 1)));
      if (!this.allChannels) this.stage.middle.append(element("div", "hint", "Choose a plane of the input for its channel."));
    }
  }

  outlineTaps(taps) {
    const { map } = this.stage.planes[taps[0].channel];
    const [first, last] = [taps[0], taps[taps.length - 1]];
    const cell = map.box.clientWidth / map.columns;
    if (cell >= 5 || this.scene.dilation > 1) {
      taps.forEach((tap) => map.outline(tap.y, tap.x, { width: 0.8, fill: SEEN_FILL }));
    }
    map.outline(first.y, first.x, { down: last.y - first.y + 1, across: last.x - first.x + 1 });
  }

  // Flatten: outline the one cell of the input that this number of the vector comes from.
  drawPlace() {
    const [, width, channels] = this.scene.input.shape;
    const index = this.row * this.scene.output.shape[1] + this.column;
    const [place, channel] = [Math.floor(index / channels), index % channels];
    const [row, column] = [Math.floor(place / width), place % width];
    this.stage.planes[channel].map.outline(row, column, { width: 2.5 });
    this.stage.position.textContent = `row ${row}, column ${column}, channel ${channel}: index ${index}`;
    this.stage.write([line(`(${row}*${width} + ${column})*${channels} + ${channel} = `, element("b", "total", index))]);
    this.stage.activation.textContent = `value ${written(this.scene.input.values[index])}`;
    this.stage.middle.replaceChildren();
  }

  // Dense: outline the inputs with the weightiest products.
  drawUnit() {
    const { scene } = this;
    const unit = this.row * scene.output.shape[1] + this.column;
    const columns = scene.input.shape[1];
    scene.units.places[unit].forEach((place) => this.stage.planes[0].map.outline(Math.floor(place / columns), place % columns, { width: 1 }));
    const name = scene.unitNames[unit];
    this.stage.position.textContent = `unit ${scene.first + unit}${name === undefined ? "" : `: ${name}`}`;
    this.stage.write(unitLines(scene, unit));
    const [total, value] = [at(scene.units.totals, unit), this.valueAt(this.row, this.column)];
    this.stage.activation.textContent = scene.softmax ? softmaxLine(scene, total, value) : activationLine(scene, total, value);
    this.stage.middle.replaceChildren();
  }

  // A layer that makes each number from the one at the same place.
  drawCell() {
    const { scene, row, column } = this;
    this.stage.planes[0].map.outline(row, column, { width: 2.5 });
    const vector = scene.count !== null;
    const place = scene.steps ? `${stepName(scene, row)}, feature ${column}` : `row ${row}, column ${column}`;
    this.stage.position.textContent = vector ? `number ${row * scene.output.shape[1] + column}` : place;
    this.stage.write([cellLine(scene, row, column)]);
    this.stage.activation.textContent = "";
    this.stage.middle.replaceChildren();
  }

  overInput(cell, channel) {
    if (cell && this.scene.operation === "flatten") {
      const [, width, channels] = this.scene.input.shape;
      const index = (cell.row * width + cell.column) * channels + channel;
      const columns = this.scene.output.shape[1];
      if (!this.pinned && !this.timer) this.moveTo(Math.floor(index / columns), index % columns);
      return;
    }
    this.over = cell && { ...cell, channel };
    this.draw();
  }

  // The pixel of the input under the pointer: its value, and the outputs that it takes part in.
  markReached() {
    this.stage.readout.textContent = "";
    const { scene } = this;
    if (!this.over || scene.operation === "flatten") return;
    if (scene.operation === "weighted") {
      const place = this.over.row * scene.input.shape[1] + this.over.column;
      const value = scene.input.values[place];
      if (!Number.isNaN(value)) this.stage.readout.textContent = `input ${namesOf(scene, place)}: ${written(value)}`;
      return;
    }
    const [rows, columns] = scene.output.shape;
    const [y, x] = [this.over.row - scene.pads[0][0], this.over.column - scene.pads[1][0]];
    const outside = y < 0 || y >= scene.input.shape[0] || x < 0 || x >= scene.input.shape[1];
    const along = (place, taps, count) => Array.from({ length: taps }, (_, tap) => (place - tap * scene.dilation) / scene.stride)
      .filter((position) => Number.isInteger(position) && position >= 0 && position < count);
    const down = along(this.over.row, scene.window[0], rows);
    const across = along(this.over.column, scene.window[1], columns);
    down.forEach((row) => across.forEach((column) =>
      this.stage.output.outline(row, column, { colour: REACHED, width: 1, fill: REACHED_FILL })));
    const value = outside ? "padding" : `pixel row ${y}, column ${x}: ${written(at(scene.input, y, x, this.over.channel))}`;
    this.stage.readout.textContent = `${value}, used by ${down.length * across.length} outputs of each map`;
  }

  point(tap) {
    if (tap === this.tap) return;
    this.tap = tap;
    this.draw();
  }

  // Mark the tap under the pointer everywhere it is shown: in the input, in the grids and in the arithmetic.
  markTap() {
    if (!this.tap) return;
    const [channel, down, across] = this.tap.split(",").map(Number);
    const { stride, dilation, operation } = this.scene;
    const [top, left] = operation === "weighted" ? [0, 0] : [this.row * stride, this.column * stride];
    this.stage.planes[channel]?.map.outline(top + down * dilation, left + across * dilation, { colour: REACHED, width: 3 });
    this.stage.root.querySelectorAll(`[data-tap="${this.tap}"]`).forEach((made) => made.classList.add("pointed"));
  }

  click(event) {
    const cell = this.stage.output.cellAt(event);
    if (!cell) return;
    const same = this.pinned && cell.row === this.row && cell.column === this.column;
    this.play(false);
    this.pinned = !same;
    this.moveTo(cell.row, cell.column);
  }

  press(event) {
    const step = STEPS[event.key];
    if (step) {
      this.play(false);
      this.step(...(event.ctrlKey && Math.abs(step[1]) === Infinity ? [step[1], step[1]] : step));
    } else if (event.key === " ") this.play(!this.timer);
    else if (event.key === "Enter" || event.key === "Escape") {
      this.pinned = event.key === "Enter" && !this.pinned;
      this.moveTo(this.row, this.column);
    } else return;
    event.preventDefault();
  }

  step(down, across) {
    const [, columns] = this.scene.output.shape;
    if (this.scene.count !== null && Math.abs(across) === 1) {
      const index = this.row * columns + this.column + across;
      this.moveTo(Math.floor(Math.max(index, 0) / columns), Math.max(index, 0) % columns);
    } else this.moveTo(this.row + down, this.column + across);
  }

  play(on) {
    clearInterval(this.timer);
    this.timer = null;
    this.stage.player.textContent = on ? "❚❚ Pause" : "▶ Play";
    if (!on) return;
    this.pinned = false;
    const [rows, columns] = this.scene.output.shape;
    const last = () => this.row * columns + this.column >= rows * columns - 1;
    if (last()) this.moveTo(0, 0);
    const pace = clamp((1000 * SECONDS_OF_PLAY) / (rows * columns), 40, 300);
    this.timer = setInterval(() => {
      if (last() || !this.stage.root.isConnected) return this.play(false);
      const next = this.row * columns + this.column + 1;
      this.moveTo(Math.floor(next / columns), next % columns);
    }, pace);
  }

  // A screen reader hears where the selection came to rest, not every cell on the way.
  sayLater() {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.stage.say(this.valueAt(this.row, this.column)), SAID_AFTER_MS);
  }
}
