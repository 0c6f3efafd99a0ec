// How one output number comes about: small grids of numbers, and the arithmetic in words.

import { at } from "./arrays.js";
import { colourOf, css, inkOn } from "./colours.js";
import { element } from "./dom.js";
import { short } from "./numbers.js";

export const LARGEST_GRID = 7;
const WRITTEN_OUT = 100;

// A number in the arithmetic.
export function written(value) {
  return short(value, 4);
}

// A number in a cell of a grid: no more than fits. The arithmetic below has the rest.
function brief(value) {
  return Math.abs(value) < 10 ? written(Number(value.toFixed(3))) : short(value, 3);
}

// What a window sees of one channel: for each tap its place in the padded image, its value, and whether it is padding.
export function tapsOf(scene, row, column, channel) {
  const [height, width] = scene.input.shape;
  const taps = [];
  for (let down = 0; down < scene.window[0]; down++) {
    for (let across = 0; across < scene.window[1]; across++) {
      const y = row * scene.stride + down * scene.dilation;
      const x = column * scene.stride + across * scene.dilation;
      const [top, left] = [y - scene.pads[0][0], x - scene.pads[1][0]];
      const inside = top >= 0 && top < height && left >= 0 && left < width;
      const value = inside ? at(scene.input, top, left, channel) : 0;
      taps.push({ down, across, y, x, inside, value, channel, name: `${channel},${down},${across}` });
    }
  }
  return taps;
}

function numberGrid(title, columns, cells) {
  const made = element("figure", "numbers");
  const grid = element("div", "grid");
  grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  grid.style.setProperty("--columns", columns);
  grid.setAttribute("role", "img");
  grid.setAttribute("aria-label", `${title}: ${cells.map((cell) => cell.text).join(", ")}`);
  for (const { tap, text, colour, mark } of cells) {
    const made = element("span", mark ? `number ${mark}` : "number", text);
    made.dataset.tap = tap.name;
    if (colour) {
      made.style.background = css(colour);
      made.style.color = inkOn(colour);
    }
    grid.append(made);
  }
  made.append(grid, element("figcaption", "", title));
  return made;
}

export function windowGrid(scene, taps, winner) {
  const absent = scene.operation === "sum" ? "0" : "–";
  return numberGrid("window", scene.window[1], taps.map((tap) => ({
    tap,
    text: tap.inside ? brief(tap.value) : absent,
    colour: tap.inside ? colourOf(tap.value, scene.inputRange, scene.inputColours) : null,
    mark: !tap.inside ? "padding" : tap === winner ? "winner" : "",
  })));
}

// Window x kernel = products, for one channel.
export function productRow(scene, taps, filter, named) {
  const row = element("div", "products");
  const size = scene.window[1];
  const signed = (tap, value, range) => ({
    tap, text: brief(value), colour: colourOf(value, [-range, range], scene.signedColours),
  });
  const products = taps.map((tap) => Math.fround(tap.value * weightOf(scene, tap, filter)));
  const largest = Math.max(...products.map(Math.abs)) || 1;
  if (named) row.append(element("div", "channel", scene.channelNames[taps[0].channel]));
  row.append(
    windowGrid(scene, taps),
    element("span", "sign", "×"),
    numberGrid("kernel", size, taps.map((tap) => signed(tap, weightOf(scene, tap, filter), scene.largestWeight[filter] || 1))),
    element("span", "sign", "="),
    numberGrid("products", size, taps.map((tap, place) => signed(tap, products[place], largest))),
  );
  return row;
}

function weightOf(scene, tap, filter) {
  return at(scene.kernel, tap.down, tap.across, tap.channel, filter);
}

function term(tap, text, mark = "") {
  const made = element("span", tap.inside ? `term ${mark}` : "term padding", text);
  made.dataset.tap = tap.name;
  return made;
}

export function joined(parts, sign) {
  return parts.flatMap((part, place) => (place ? [sign, part] : [part]));
}

export function line(...parts) {
  const made = element("div", "line");
  made.append(...parts);
  return made;
}

// A convolution: all products; for several channels a line with its sum each, then the total.
export function sumLines(scene, byChannel, filter, total) {
  const bias = `bias ${written(at(scene.bias, filter))}`;
  const products = byChannel.map((taps) => joined(
    taps.map((tap) => term(tap, `${written(tap.value)}*${written(weightOf(scene, tap, filter))}`)), " + ",
  ));
  const result = element("b", "total", written(total));
  if (products.length === 1) return [line(...products[0], ` + ${bias} = `, result)];
  const sums = byChannel.map((taps) => taps.reduce((sum, tap) => sum + tap.value * weightOf(scene, tap, filter), 0));
  const lines = products.map((terms, channel) =>
    line(element("b", "", `${scene.channelNames[channel]}: `), ...terms, ` = ${written(sums[channel])}`));
  return [...lines, line(element("b", "", "total: "), `${sums.map((sum) => written(sum)).join(" + ")} + ${bias} = `, result)];
}

// A pooling: `max(...)` with the winner marked, or the mean of the pixels that are there.
export function poolLines(scene, taps, winner, value) {
  const real = taps.filter((tap) => tap.inside);
  const shown = real.length > WRITTEN_OUT ? real.slice(0, 8) : real;
  const terms = shown.map((tap) => term(tap, written(tap.value), tap === winner ? "winner" : ""));
  if (shown.length < real.length) terms.push(`... (${real.length} numbers)`);
  const result = element("b", "total", written(value));
  if (scene.operation === "average") return [line("(", ...joined(terms, " + "), `) / ${real.length} = `, result)];
  return [line(`${scene.operation}(`, ...joined(terms, ", "), ") = ", result)];
}

export function winnerOf(operation, taps) {
  const better = { max: (a, b) => a > b, min: (a, b) => a < b }[operation];
  if (!better) return null;
  return taps.filter((tap) => tap.inside).reduce((best, tap) => (better(tap.value, best.value) ? tap : best));
}

export function activationLine(scene, before, after) {
  if (scene.activation === "linear") return "";
  const among = scene.activation === "softmax" ? ` among ${scene.among} filters` : "";
  return `${scene.activation}(${written(before)}${among}) = ${written(after)}`;
}
