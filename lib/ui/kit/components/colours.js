// Colours as [red, green, blue], 0 to 255: read, mixed, and written for CSS.

import { clamp } from "./numbers.js";

export const PICKED = "#E69F00"; // what a person has chosen
export const REACHED = "#56B4E9"; // what is connected with it

export function rgbOf(hex) {
  return [1, 3, 5].map((from) => parseInt(hex.slice(from, from + 2), 16));
}

export function css([red, green, blue], alpha = 1) {
  return `rgba(${Math.round(red)},${Math.round(green)},${Math.round(blue)},${alpha})`;
}

export function blend(from, to, share) {
  return from.map((value, part) => value + (to[part] - value) * share);
}

// 256 colours from the low end of a range to the high end. Where no number is negative: grey, from black. Otherwise
// through the given stops, "#rrggbb" each, of which the middle one stands for 0.
export function palette([low], stops) {
  const colours = stops.map(rgbOf);
  return Array.from({ length: 256 }, (_, step) => {
    if (low >= 0) return [step, step, step];
    const place = (step / 255) * (colours.length - 1);
    const before = Math.min(Math.floor(place), colours.length - 2);
    return blend(colours[before], colours[before + 1], place - before).map(Math.round);
  });
}

// The colour of a number in a palette; beyond its range the colour of the nearest end.
export function colourOf(value, [low, high], colours) {
  return colours[Math.round(255 * clamp((value - low) / (high - low), 0, 1))];
}

// The text colour that is read best on a colour.
export function inkOn([red, green, blue]) {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? "#10171c" : "#ffffff";
}
