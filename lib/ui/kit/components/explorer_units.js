// How a number of a vector, or of a map made cell by cell, comes about: the arithmetic in words.

import { at } from "./arrays.js";
import { element } from "./dom.js";
import { joined, line, written } from "./explorer_sums.js";

// What a number of the vector is: its name, the place in the maps that were flattened, or its index.
export function namesOf(scene, place) {
  if (scene.inputNames.length) return scene.inputNames[place];
  if (!scene.mapsShape) return `${place}`;
  const [, width, channels] = scene.mapsShape;
  const [pixel, map] = [Math.floor(place / channels), place % channels];
  const where = `row ${Math.floor(pixel / width)}, column ${pixel % width}`;
  return channels > 1 ? `map ${map}, ${where}` : where;
}

// A Dense unit: a line for each of the weightiest products, one for all others, then the sum.
export function unitLines(scene, unit) {
  const { units } = scene;
  const columns = scene.input.shape[1];
  const products = units.places[unit].map((place, rank) => {
    const term = element("span", "term",
      `${written(at(units.values, unit, rank))}*${written(at(units.weights, unit, rank))} = ${written(at(units.products, unit, rank))}`);
    const made = line(element("b", "", `${namesOf(scene, place)}: `), term);
    made.dataset.tap = `0,${Math.floor(place / columns)},${place % columns}`;
    return made;
  });
  const parts = units.places[unit].map((_, rank) => written(at(units.products, unit, rank)));
  if (units.others) {
    parts.push(written(at(units.rest, unit)));
    products.push(line(element("b", "", `the other ${units.others} products together: `), written(at(units.rest, unit))));
  }
  const total = element("b", "total", written(at(units.totals, unit)));
  const sum = line(element("b", "", "total: "), ...joined(parts, " + "), ` + bias ${written(at(units.bias, unit))} = `, total);
  return [sum, ...products];
}

export function softmaxLine(scene, total, value) {
  const [largest, sum] = scene.softmax;
  return `softmax: exp(${written(total)} - ${written(largest)}) / ${written(sum)} = ${written(value)}`;
}

// Normalization, or a layer that hands numbers on.
export function cellLine(scene, row, column) {
  const before = written(at(scene.input, row, column, 0));
  const after = element("b", "total", written(at(scene.output, row, column, 0)));
  if (!scene.factors) return line(`${before} is handed on: `, after);
  const [mean, variance, gamma, beta] = ["mean", "variance", "gamma", "beta"].map((name) => written(at(scene.factors[name], row, column)));
  const epsilon = written(scene.factors.epsilon);
  return line(`gamma ${gamma} * (${before} - mean ${mean}) / sqrt(variance ${variance} + ${epsilon}) + beta ${beta} = `, after);
}
