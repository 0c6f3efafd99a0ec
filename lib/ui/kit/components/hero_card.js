// What a map or an answer of Home's picture says when it is pointed at: what it is, its numbers, from which kernel.

import { at } from "./arrays.js";
import { colourOf, css, inkOn, palette } from "./colours.js";
import { element, placeIn } from "./dom.js";
import { clamp, decimals, minus } from "./numbers.js";
import { percent } from "./hero_stage.js";

const AWAY = 8; // pixels from what it speaks of
const WRITTEN_WEIGHTS = 9; // so many weights are written into their squares

export class Card {
  constructor(stage, data) {
    Object.assign(this, { stage, layers: data.layers, names: data.names, colours: palette([-1], data.diverging), shown: null });
    this.box = element("div", "card");
    this.box.dataset.testid = "hero-card";
    this.box.hidden = true;
    this.title = element("div", "title");
    this.canvas = element("canvas", "large");
    this.kernels = element("div", "kernels");
    this.words = element("div", "words");
    this.cell = element("div", "cell");
    const pictures = element("div", "pictures");
    pictures.append(this.canvas, this.kernels);
    this.box.append(this.title, pictures, this.words, this.cell);
    stage.root.append(this.box);
  }

  // New numbers went through.
  take(outputs) {
    this.outputs = outputs;
    for (const unit of this.stage.groups.flat()) unit.setAttribute("aria-label", this.wordsOf(unit).join(" "));
    if (this.shown) this.show(this.shown);
  }

  show(unit) {
    this.shown?.classList.remove("pointed");
    this.shown = unit;
    this.box.hidden = !unit;
    if (!unit) return;
    unit.classList.add("pointed");
    const [title, ...words] = this.wordsOf(unit);
    this.title.textContent = title;
    this.words.textContent = words.join(" ");
    this.cell.textContent = "";
    const { layer, output, place } = this.of(unit);
    this.canvas.hidden = layer.kind === "Dense";
    if (!this.canvas.hidden) {
      const [rows, columns, maps] = output.shape;
      const highest = Math.max(...output.values) || 1;
      this.stage.fill(this.canvas, rows, columns, (cell) => output.values[cell * maps + place] / highest);
    }
    this.kernels.replaceChildren(...(layer.kind === "Conv2D" ? this.kernelsOf(layer, place) : []));
    this.goBeside(unit);
  }

  // The number of a map under the pointer.
  point(event) {
    if (!this.shown || this.canvas.hidden) return;
    const { output, place } = this.of(this.shown);
    const [rows, columns] = output.shape;
    const [row, column] = placeIn(this.shown, event).map((share, axis) => Math.floor(share * output.shape[axis]));
    if (row < 0 || row >= rows || column < 0 || column >= columns) return;
    this.cell.textContent = `row ${row}, column ${column}: ${written(at(output, row, column, place))}`;
  }

  of(unit) {
    const number = this.layers.findIndex(({ name }) => name === unit.dataset.layer);
    return { number, layer: this.layers[number], output: this.outputs[number], place: Number(unit.dataset.unit) };
  }

  wordsOf(unit) {
    const { number, layer, output, place } = this.of(unit);
    const [rows, columns, maps] = output.shape;
    if (layer.kind === "Dense") {
      const [products] = layer.kernel.shape;
      return [
        `${layer.name}, class ${this.names[place]}: ${percent(output.values[place])}`,
        `${products} products and the bias ${written(layer.bias.values[place])} add up to ${written(output.sums[place])}.`,
        `Softmax makes shares of the ${maps} sums.`,
      ];
    }
    let [least, most, sum] = [Infinity, -Infinity, 0];
    for (let cell = place; cell < output.values.length; cell += maps) {
      const value = output.values[cell];
      if (value < least) least = value;
      if (value > most) most = value;
      sum += value;
    }
    const said = [
      `${layer.name}, map ${place + 1} of ${maps}`,
      `${rows} × ${columns} numbers from ${written(least)} to ${written(most)}, mean ${written(sum / (rows * columns))}.`,
    ];
    if (layer.kind === "MaxPooling2D") {
      const before = this.layers[number - 1].name;
      return [...said, `Each is the largest of ${layer.size} × ${layer.size} numbers in map ${place + 1} of ${before}.`];
    }
    const [side, , channels] = layer.kernel.shape;
    const over = channels > 1 ? `${channels} maps` : "the input";
    return [...said, `Its kernel slides ${side} × ${side} weights over ${over} and adds the bias ${written(layer.bias.values[place])}. ReLU turns sums below 0 into 0.`];
  }

  // A kernel as squares: blue below 0, red above. A single plane has its weights written in.
  kernelsOf({ kernel }, filter) {
    const [side, , channels] = kernel.shape;
    const weights = kernel.values.filter((_, index) => index % kernel.shape[3] === filter);
    const most = weights.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0) || 1;
    return Array.from({ length: channels }, (_, channel) => {
      const made = element("div", "kernel");
      made.style.setProperty("--side", side);
      made.classList.toggle("written", weights.length <= WRITTEN_WEIGHTS);
      for (let tap = 0; tap < side * side; tap++) {
        const weight = weights[tap * channels + channel];
        const colour = colourOf(weight, [-most, most], this.colours);
        const cell = element("span", "", weights.length <= WRITTEN_WEIGHTS ? minus(decimals(weight, 1)) : undefined);
        Object.assign(cell.style, { background: css(colour), color: inkOn(colour) });
        made.append(cell);
      }
      return made;
    });
  }

  // To the right of it, or to the left where there is no room; below or above it on a narrow picture.
  goBeside(unit) {
    const [root, own] = [this.stage.root.getBoundingClientRect(), unit.getBoundingClientRect()];
    const [width, height] = [this.box.offsetWidth, this.box.offsetHeight];
    let left = own.right - root.left + AWAY;
    let top = own.top + own.height / 2 - root.top - height / 2;
    if (left + width > root.width) left = own.left - root.left - AWAY - width;
    if (left < 0) {
      left = clamp(own.left + own.width / 2 - root.left - width / 2, 0, Math.max(root.width - width, 0));
      top = own.top - root.top - AWAY - height;
      if (top < 0) top = own.bottom - root.top + AWAY;
    } else top = clamp(top, 0, Math.max(root.height - height, 0));
    Object.assign(this.box.style, { left: `${left}px`, top: `${top}px` });
  }
}

function written(value) {
  return minus(decimals(value, 2));
}
