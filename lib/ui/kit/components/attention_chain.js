// From one word that looks to the network's answer: every number on the way, as lib/concepts/attention.py computes it.

import { at } from "./arrays.js";
import { total } from "./sums.js";

const EPSILON = 0.001; // keeps the normalisation away from a division by 0; Keras' own

// One place's numbers.
export function numbersAt(array, place) {
  const width = array.shape.at(-1);
  return Array.from(array.values.subarray(place * width, (place + 1) * width));
}

// What a Dense layer sums: each output's products and its bias.
function sums(inputs, kernel, bias) {
  const width = kernel.shape[1];
  const made = Array.from(bias.values);
  inputs.forEach((value, place) => {
    for (let unit = 0; unit < width; unit++) made[unit] += value * kernel.values[place * width + unit];
  });
  return made;
}

// A word's numbers centred and scaled by their own mean and variance.
function normalised(values, gamma, beta) {
  const mean = total(values) / values.length;
  const variance = total(values.map((value) => (value - mean) ** 2)) / values.length;
  const root = Math.sqrt(variance + EPSILON);
  const out = values.map((value, place) => ((value - mean) / root) * gamma.values[place] + beta.values[place]);
  return { mean, variance, root, out };
}

// All that a row of the matrix leads to.
export function chainOf(scene, row) {
  const asks = scene.rows[row];
  const query = numbersAt(scene.query, asks);
  const products = scene.columns.map((_, column) =>
    total(query.map((value, place) => value * at(scene.key, column, place))));
  const scores = products.map((product) => product / (scene.root * scene.temperature));
  const largest = at(scene.largest, row);
  const allowed = scene.columns.map((_, column) => scene.allowed[row][column] === "1");
  const powers = scores.map((score, column) => (allowed[column] ? Math.exp((scene.uniform ? 0 : score) - largest) : 0));
  const rest = at(scene.restTotal, row);
  const all = total(powers) + rest;
  const weights = powers.map((power) => power / all);
  const mean = numbersAt(scene.restMixed, row).map((value, place) =>
    value + total(weights.map((weight, column) => weight * at(scene.value, column, place))));
  const mixed = mean.map((value) => (scene.off ? 0 : value));
  const joined = numbersAt(scene.joined, asks);
  mixed.forEach((value, place) => (joined[scene.head * mixed.length + place] = value));
  const output = sums(joined, scene.outputKernel, scene.outputBias);
  const inputs = numbersAt(scene.inputs, asks);
  const attended = inputs.map((value, place) => value + output[place]);
  const first = normalised(attended, scene.firstGamma, scene.firstBeta);
  const inner = sums(first.out, scene.innerKernel, scene.innerBias);
  const outer = sums(inner.map((value) => Math.max(value, 0)), scene.outerKernel, scene.outerBias);
  const summed = first.out.map((value, place) => value + outer[place]);
  const second = normalised(summed, scene.secondGamma, scene.secondBeta);
  return {
    row, asks, query, products, scores, largest, allowed, powers, rest, all, weights, mean, mixed, joined, output, inputs,
    attended, first, inner, outer, summed, second,
  };
}
