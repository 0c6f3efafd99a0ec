// Arrays of numbers: as the app sends them, and what is read from them.

import { clamp } from "./numbers.js";

export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

// float32 numbers with their shape; null where the app sent none.
export function unpack(packed) {
  return packed ? { shape: packed.shape, values: new Float32Array(bytesOf(packed.data).buffer) } : null;
}

// The same of each packed array of a group; what is none stays as it is.
export function unpackAll(group) {
  return Object.fromEntries(Object.entries(group).map(([name, value]) => [name, value?.data ? unpack(value) : value]));
}

// The number at a place: one index for each axis.
export function at(array, ...place) {
  return array.values[place.reduce((index, step, axis) => index * array.shape[axis] + step, 0)];
}

// The value of a square grid (row by row) between its cells, bilinear. Beyond the outermost cells: the value at the edge.
export function between(grid, side, row, column) {
  const top = clamp(Math.floor(row), 0, side - 2);
  const left = clamp(Math.floor(column), 0, side - 2);
  const down = clamp(row - top, 0, 1);
  const right = clamp(column - left, 0, 1);
  const start = top * side + left;
  return (grid[start] * (1 - right) + grid[start + 1] * right) * (1 - down) +
    (grid[start + side] * (1 - right) + grid[start + side + 1] * right) * down;
}
