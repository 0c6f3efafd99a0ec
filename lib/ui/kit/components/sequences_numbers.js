// Numbers as the components about sequences and about attention write them.

import { decimals, minus } from "./numbers.js";

export const LEGEND_DIGITS = 3;

// Three decimals.
export function fixed(value) {
  return minus(decimals(value, 3));
}

// A sum of numbers: 0.310 + 0.120 − 0.050.
export function sum(values) {
  return values.map((value, place) => {
    const text = fixed(value);
    if (!place) return text;
    return text.startsWith("−") ? ` − ${text.slice(1)}` : ` + ${text}`;
  }).join("");
}
