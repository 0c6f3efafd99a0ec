// What the explorer is built of: its elements, the input's planes, the output's map and a small map for each filter.

import { at } from "./arrays.js";
import { button, element } from "./dom.js";
import { written } from "./explorer_sums.js";
import { CellMap, legend, paint } from "./maps.js";

const LEGEND_DIGITS = 4;
const MANY_LINES = 8;
const CELL = 1.75; // rem: the side of a cell of a vector at most

// Of many channels each plane is small, so that the output stays beside them.
function planesClass(channels, lines) {
  if (channels === 1) return "planes";
  if (lines) return "planes lines";
  return channels <= 4 ? "planes few" : channels <= 16 ? "planes many" : "planes crowd";
}

// A sequence lies in one row, or has a row for each step.
function stepsOf([rows, columns, features]) {
  return rows === 1 ? `${columns} steps of ${features} numbers` : `${rows} steps of ${columns} numbers`;
}

export class Stage {
  // `calls` has what to do when a map has changed its size (redraw), the pointer is over a plane of the input or has
  // left it (over), and a plane or a filter is chosen (chooseChannel, chooseFilter).
  constructor(parent, calls) {
    this.calls = calls;
    this.output = new CellMap(calls.redraw);
    this.planes = [];
    this.root = element("section", "explorer");
    this.root.setAttribute("aria-label", "explorer");
    this.arithmetic = element("div", "arithmetic");
    this.arithmetic.dataset.testid = "arithmetic";
    this.arithmetic.tabIndex = 0; // it scrolls where a sum is long, also by keyboard
    this.activation = element("div", "activation");
    this.activation.dataset.testid = "activation";
    this.spoken = element("div", "spoken");
    this.spoken.setAttribute("aria-live", "polite");
    this.root.append(this.toolbar(), this.parts(), this.arithmetic, this.activation, this.spoken);
    parent.appendChild(this.root);
  }

  toolbar() {
    this.player = button("play", "▶ Play");
    this.position = element("span", "position");
    this.position.dataset.testid = "position";
    this.pin = element("span", "pin");
    this.readout = element("span", "readout");
    const bar = element("div", "toolbar");
    bar.append(this.player, this.position, this.pin, this.readout);
    return bar;
  }

  parts() {
    this.inputPart = element("div", "part input");
    this.middle = element("div", "part middle");
    this.outputPart = element("div", "part output");
    this.outputTitle = element("div", "title");
    this.output.box.dataset.testid = "output";
    this.output.box.tabIndex = 0;
    this.output.box.setAttribute("role", "application");
    this.outputKey = element("div");
    this.thumbs = element("div", "thumbs");
    this.outputPart.append(this.outputTitle, this.output.box, this.outputKey, this.thumbs);
    const stage = element("div", "stage");
    stage.append(this.inputPart, this.middle, this.outputPart);
    return stage;
  }

  showInput(scene) {
    const [height, width, channels] = scene.input.shape;
    const [[top, bottom], [left, right]] = scene.pads;
    const lines = Boolean(scene.steps) && height === 1;
    while (this.planes.length < channels) this.planes.push(this.plane(this.planes.length));
    this.planes.splice(channels).forEach((plane) => plane.map.observer.disconnect());
    this.planes.forEach(({ map, name }, channel) => {
      const valueAt = (row, column) => {
        const [y, x] = [row - top, column - left];
        return y < 0 || y >= height || x < 0 || x >= width ? NaN : at(scene.input, y, x, channel);
      };
      map.show(height + top + bottom, width + left + right, valueAt, scene.inputRange, scene.diverging);
      if (lines) Object.assign(map.box.style, { aspectRatio: "", height: `${channels > MANY_LINES ? 12 : 20}px` });
      // The cells of a short vector are no larger than those of the output.
      const short = scene.inputCount !== null || (scene.steps && !lines);
      map.box.style.maxWidth = short ? `${CELL * Math.max(map.columns, 2)}rem` : "";
      name.textContent = channels > 1 ? scene.channelNames[channel] : "";
      this.reachable(map.box, scene.channelsApart, `show the products of ${scene.channelNames[channel]}`);
    });
    const padded = top + bottom + left + right ? ", with padding around (hatched)" : "";
    const planes = element("div", planesClass(channels, lines));
    planes.append(...this.planes.map((plane) => plane.box));
    const size = scene.inputCount !== null ? `${scene.inputCount} numbers`
      : scene.steps ? stepsOf(scene.input.shape) : `${height}×${width}×${channels}`;
    this.inputPart.replaceChildren(
      element("div", "title", `input ${size}${padded}`), planes,
      legend(scene.inputRange, scene.diverging, LEGEND_DIGITS),
    );
  }

  plane(channel) {
    const map = new CellMap(this.calls.redraw);
    const box = element("div", "plane");
    const name = element("div", "name");
    box.append(map.box, name);
    map.box.classList.add("hatched");
    map.box.onpointermove = (event) => this.calls.over(map.cellAt(event), channel);
    map.box.onpointerleave = () => this.calls.over(null, channel);
    map.box.onclick = () => this.calls.chooseChannel(channel);
    map.box.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.calls.chooseChannel(channel);
    };
    return { map, box, name };
  }

  // Where a plane is chosen, so it can be with the keyboard.
  reachable(box, chosen, words) {
    if (chosen) Object.entries({ tabindex: "0", role: "button", "aria-label": words }).forEach((pair) => box.setAttribute(...pair));
    else ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
  }

  showOutput(scene, chosen) {
    const [rows, columns, filters] = scene.output.shape;
    const range = scene.outputRanges[chosen];
    this.output.box.style.maxWidth = `min(${Math.max(columns, 2) * CELL}rem, ${(26 * columns) / rows}rem)`;
    this.output.show(rows, columns, (row, column) => at(scene.output, row, column, chosen), range, scene.diverging);
    const flat = scene.count !== null;
    const size = flat ? `${scene.count} numbers` : scene.steps ? stepsOf(scene.output.shape) : `${rows}×${columns}×${filters}`;
    const part = scene.first || scene.count < scene.among ? `, ${scene.first} to ${scene.first + scene.count - 1} of ${scene.among}` : "";
    this.outputTitle.textContent = !flat ? `output ${size}${scene.steps && filters === 1 ? "" : `: ${scene.filterNames[chosen]}`}`
      : scene.operation === "weighted" ? `units, ${size}${part}` : `vector, ${size}`;
    this.output.box.setAttribute("aria-label",
      `output, ${size}. Arrow keys move, Enter holds the place, Space plays.`);
    this.outputKey.replaceChildren(legend(range, scene.diverging, LEGEND_DIGITS));
    const names = filters > 1 ? scene.filterNames : [];
    this.thumbs.replaceChildren(...names.map((name, filter) => this.thumb(scene, name, filter, filter === chosen)));
  }

  thumb(scene, name, filter, chosen) {
    const made = button("thumb");
    const canvas = element("canvas", "cells");
    made.setAttribute("aria-pressed", String(chosen));
    paint(canvas, scene.output.shape[0], scene.output.shape[1],
      (row, column) => at(scene.output, row, column, filter), scene.outputRanges[filter], scene.diverging);
    made.append(canvas, element("span", "", name));
    made.onclick = () => {
      this.calls.chooseFilter(filter);
      this.thumbs.children[filter].focus(); // a new button in the place of this one
    };
    return made;
  }

  // The box only grows, so that what is below it does not jump while the numbers change their length.
  write(nodes) {
    this.arithmetic.replaceChildren(...nodes);
    const tall = this.arithmetic.offsetHeight;
    if (tall > (parseFloat(this.arithmetic.style.minHeight) || 0)) this.arithmetic.style.minHeight = `${tall}px`;
  }

  // A screen reader hears the place and its number.
  say(value) {
    const words = `${this.position.textContent}: ${written(value)}`;
    if (this.spoken.textContent !== words) this.spoken.textContent = words;
  }
}
