// A drawn digit in the form that MNIST's digits have: the same steps as `lib/data/normalising.py`, to the same bytes.

import { clamp } from "./numbers.js";

const SIDE = 28;
const INK_SIDE = 20; // pixels of a digit's longest side
const CENTRE = 14; // where the centre of mass comes to lie
const FAINT = 32; // differences between ink and background below this are no ink
const EDGE = 0.2; // share of the strongest ink below which there is none

// Pillow's filters and how far they reach, in pixels of the smaller of both pictures.
const BOX = { reach: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) };
const BICUBIC = {
  reach: 2,
  weight: (x) => {
    const far = Math.abs(x);
    if (far < 1) return (1.5 * far - 2.5) * far * far + 1;
    return far < 2 ? (((far - 5) * far + 8) * far - 4) * -0.5 : 0;
  },
};

// A picture of 28 x 28 bytes as MNIST would hold it; null where there is no ink on it.
export function asMnist(bytes) {
  const inked = inkOf({ values: Float32Array.from(bytes), height: SIDE, width: SIDE });
  return inked && centred(scaled(cropped(inked)));
}

// How much a pixel differs from the background, which is what the border is; the strongest 255.
function inkOf({ values, height, width }) {
  const border = [];
  for (let column = 0; column < width; column++) border.push(values[column], values[(height - 1) * width + column]);
  for (let row = 0; row < height; row++) border.push(values[row * width], values[(row + 1) * width - 1]);
  border.sort((one, other) => one - other);
  const background = (border[border.length / 2 - 1] + border[border.length / 2]) / 2;
  const [lighter, darker] = [Math.max(...values) - background, background - Math.min(...values)];
  const sign = lighter >= darker ? 1 : -1;
  const ink = values.map((value) => Math.max(sign * (value - background), 0));
  const strongest = Math.max(...ink);
  if (strongest < FAINT) return null;
  const [least, factor] = [Math.fround(EDGE * strongest), Math.fround(255 / strongest)];
  return { values: ink.map((value) => (value < least ? 0 : value * factor)), height, width };
}

function cropped({ values, height, width }) {
  const [rows, columns] = [[], []];
  values.forEach((value, place) => {
    if (value === 0) return;
    rows.push(Math.floor(place / width));
    columns.push(place % width);
  });
  const [top, left] = [Math.min(...rows), Math.min(...columns)];
  const [tall, wide] = [Math.max(...rows) - top + 1, Math.max(...columns) - left + 1];
  const cut = new Float32Array(tall * wide);
  for (let row = 0; row < tall; row++) {
    const from = (top + row) * width + left;
    cut.set(values.subarray(from, from + wide), row * wide);
  }
  return { values: cut, height: tall, width: wide };
}

// Both sides by the same factor, with soft edges, never to nothing.
function scaled(picture) {
  const factor = INK_SIDE / Math.max(picture.height, picture.width);
  const [height, width] = [picture.height, picture.width].map((side) => Math.max(1, toEven(side * factor)));
  const filter = factor > 1 ? BICUBIC : BOX;
  const wide = resized(picture, width, filter);
  const tall = turned(resized(turned(wide), height, filter));
  return { ...tall, values: tall.values.map((value) => clamp(value, 0, 255)) };
}

// Another width, as Pillow computes it.
function resized({ values, height, width }, target, { reach, weight }) {
  if (target === width) return { values, height, width };
  const scale = width / target;
  const stretch = Math.max(scale, 1);
  const made = new Float32Array(height * target);
  for (let column = 0; column < target; column++) {
    const centre = (column + 0.5) * scale;
    const first = Math.max(Math.trunc(centre - reach * stretch + 0.5), 0);
    const last = Math.min(Math.trunc(centre + reach * stretch + 0.5), width);
    const weights = Array.from({ length: last - first }, (_, tap) => weight((tap + first - centre + 0.5) / stretch));
    const total = weights.reduce((sum, each) => sum + each, 0);
    for (let row = 0; row < height; row++) {
      made[row * target + column] = weights.reduce((sum, each, tap) => sum + values[row * width + first + tap] * (each / total), 0);
    }
  }
  return { values: made, height, width: target };
}

// Rows become columns.
function turned({ values, height, width }) {
  const made = new Float32Array(values.length);
  values.forEach((value, place) => (made[(place % width) * height + Math.floor(place / width)] = value));
  return { values: made, height: width, width: height };
}

// On 28 x 28 pixels, the centre of mass in the middle; all of the ink stays on them.
function centred({ values, height, width }) {
  let [mass, down, across] = [0, 0, 0];
  values.forEach((value, place) => {
    mass += value;
    down += value * Math.floor(place / width);
    across += value * (place % width);
  });
  const top = clamp(toEven(CENTRE - down / mass), 0, SIDE - height);
  const left = clamp(toEven(CENTRE - across / mass), 0, SIDE - width);
  const sheet = new Uint8Array(SIDE * SIDE);
  values.forEach((value, place) => (sheet[(top + Math.floor(place / width)) * SIDE + left + (place % width)] = toEven(value)));
  return sheet;
}

// Rounded; halves go to the even number, as in Python.
function toEven(value) {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 ? floor + 1 : floor;
}
