// Painting for the boundary: grids with one byte a cell, colours, and the plane with its points and axes.

import { between, bytesOf } from "./arrays.js";
import { blend, css } from "./colours.js";
import { element } from "./dom.js";
import { minus } from "./numbers.js";

const FINE = 4; // drawn pixels a cell of the plane, along one axis
const STRENGTH = 0.72; // share of a class's colour where the network is sure; points in full colour still stand out
const MARGIN = { left: 24, right: 6, top: 6, bottom: 20 };
const TICKS = [-6, -4, -2, 0, 2, 4, 6];

// Reads "rgb(14, 17, 23)", as browsers write a computed colour.
export function rgbOfStyle(text) {
  return (text.match(/[\d.]+/g) ?? ["255", "255", "255"]).slice(0, 3).map(Number);
}

// 256 colours: from the first class, through the page's own background, to the second.
export function scaleOf([negative, positive], ground) {
  return Array.from({ length: 256 }, (_, step) => {
    const share = (2 * step) / 255 - 1;
    return blend(ground, share < 0 ? negative : positive, STRENGTH * Math.abs(share));
  });
}

// The colour of a place with a grid for each class: the classes mixed by their shares, or only the likeliest.
function mixedAt(values, look) {
  const sum = values.reduce((total, value) => total + value, 0) || 1;
  const best = values.indexOf(Math.max(...values));
  const mixed = [0, 1, 2].map((part) => values.reduce(
    (total, value, place) => total + (look.discrete ? Number(place === best) : value / sum) * look.classes[place][part], 0));
  return blend(look.ground, mixed, STRENGTH);
}

export function paintGrids(canvas, grids, side, look, fine) {
  const size = side * fine;
  if (canvas.width !== size) [canvas.width, canvas.height] = [size, size];
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(size, size);
  for (let row = 0, place = 0; row < size; row++) {
    const r = (row + 0.5) / fine - 0.5;
    for (let column = 0; column < size; column++, place += 4) {
      const c = (column + 0.5) / fine - 0.5;
      const value = grids.length === 1 ? between(grids[0], side, r, c) : 0;
      const colour = grids.length === 1
        ? look.scale[look.discrete ? (value < 127.5 ? 0 : 255) : Math.round(value)]
        : mixedAt(grids.map((grid) => between(grid, side, r, c)), look);
      pixels.data[place] = colour[0];
      pixels.data[place + 1] = colour[1];
      pixels.data[place + 2] = colour[2];
      pixels.data[place + 3] = 255;
    }
  }
  context.putImageData(pixels, 0, 0);
}

export function pointsOf(packed, colours, numbers, ground) {
  const places = new Uint16Array(bytesOf(packed.places).buffer);
  return Array.from(bytesOf(packed.labels), (label, place) => {
    const share = label / 127.5 - 1;
    const colour = numbers ? blend(ground, colours[share < 0 ? 0 : 1], Math.abs(share)) : colours[label];
    return { x: places[2 * place] / 65535, y: places[2 * place + 1] / 65535, colour };
  });
}

// The plane: the painted grids (if there are any) under the points, and numbers along both axes.
export class Plane {
  constructor() {
    this.canvas = element("canvas", "plane");
    this.canvas.dataset.testid = "plane";
    this.canvas.setAttribute("role", "img");
    this.image = element("canvas");
  }

  draw(scene, grids, side, look, showTest) {
    const width = this.canvas.clientWidth || 300;
    const dense = Math.min(window.devicePixelRatio || 1, 2);
    const inner = width - MARGIN.left - MARGIN.right;
    const height = inner + MARGIN.top + MARGIN.bottom;
    const [wide, high] = [Math.round(width * dense), Math.round(height * dense)];
    if (this.canvas.width !== wide || this.canvas.height !== high) [this.canvas.width, this.canvas.height] = [wide, high];
    const context = this.canvas.getContext("2d");
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.clearRect(0, 0, width, height);
    if (grids) {
      paintGrids(this.image, grids, side, look, Math.round((FINE * 48) / side));
      context.drawImage(this.image, MARGIN.left, MARGIN.top, inner, inner);
    }
    this.axes(context, inner, look, scene.range);
    context.save();
    context.beginPath();
    context.rect(MARGIN.left, MARGIN.top, inner, inner);
    context.clip();
    this.points(context, scene.train, inner, look, false);
    if (showTest) this.points(context, scene.test, inner, look, true);
    context.restore();
    if (scene.place) this.mark(context, scene.place, inner, scene.range);
  }

  // A ring and a cross at one place: dark around light, so that they are seen on any colour.
  mark(context, [x, y], inner, [low, high]) {
    const across = MARGIN.left + ((x - low) / (high - low)) * inner;
    const down = MARGIN.top + ((high - y) / (high - low)) * inner;
    for (const [colour, width] of [["#000000", 5], ["#ffffff", 2]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.arc(across, down, 9, 0, 7);
      for (const [right, below] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        context.moveTo(across + 9 * right, down + 9 * below);
        context.lineTo(across + 15 * right, down + 15 * below);
      }
      context.stroke();
    }
  }

  // The place under a pointer, [x, y]; null beside the plane.
  placeAt(event, [low, high]) {
    const box = this.canvas.getBoundingClientRect();
    const inner = box.width - MARGIN.left - MARGIN.right;
    const right = (event.clientX - box.left - MARGIN.left) / inner;
    const down = (event.clientY - box.top - MARGIN.top) / inner;
    if (right < 0 || right > 1 || down < 0 || down > 1) return null;
    return [low + right * (high - low), high - down * (high - low)];
  }

  axes(context, inner, look, [low, high]) {
    context.strokeStyle = css(look.ink, 0.45);
    context.fillStyle = css(look.ink);
    context.lineWidth = 1;
    context.strokeRect(MARGIN.left + 0.5, MARGIN.top + 0.5, inner - 1, inner - 1);
    context.font = `11px ${look.font}`;
    for (const tick of TICKS) {
      const along = ((tick - low) / (high - low)) * inner;
      context.textAlign = tick === high ? "right" : "center";
      context.textBaseline = "top";
      context.fillText(minus(String(tick)), MARGIN.left + along, MARGIN.top + inner + 5);
      context.textAlign = "right";
      context.textBaseline = tick === high ? "top" : tick === low ? "bottom" : "middle";
      context.fillText(minus(String(tick)), MARGIN.left - 4, MARGIN.top + inner - along);
    }
  }

  points(context, points, inner, look, hollow) {
    const radius = points.length > 600 ? 2.4 : 3.2;
    context.lineWidth = hollow ? 1.8 : 1;
    for (const { x, y, colour } of points) {
      context.beginPath();
      context.arc(MARGIN.left + x * inner, MARGIN.top + (1 - y) * inner, radius, 0, 7);
      context.fillStyle = css(hollow ? look.ground : colour);
      context.strokeStyle = hollow ? css(colour) : css(look.numbers ? look.ink : look.ground, 0.9);
      context.fill();
      context.stroke();
    }
  }
}
