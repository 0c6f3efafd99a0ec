// Descents on a map of the loss, their loss by step below, and a player. Only the data comes from the app: playing and
// scrubbing stay in the browser.

import { between } from "./arrays.js";
import { button, element, shape } from "./dom.js";
import { clamp, short } from "./numbers.js";
import { Place } from "./place.js";

const BANDS = 18, PIXELS = 600, STEP_MS = 90;
const LOSS = { left: 44, right: 432, top: 8, bottom: 112 };

export default function ({ data: [data], parentElement, setStateValue }) {
  const view = parentElement.view ?? (parentElement.view = build(parentElement));
  // The app is told where somebody looks only while a task waits for it: each word costs a run of the script.
  view.told = data.watched ? (place) => setStateValue("place", place) : () => {};
  const same = view.data?.surface === data.surface && JSON.stringify(view.data.paths) === JSON.stringify(data.paths);
  if (same) return () => stop(view); // whoever looks at a step stays there
  stop(view);
  if (view.data?.surface !== data.surface) paint(view.canvas, data);
  view.data = data;
  view.map.setAttribute("aria-label", data.label);
  view.scrub.max = data.steps;
  drawPaths(view);
  show(view, view.asked ?? data.steps);
  return () => stop(view);
}

function build(parent) {
  const root = element("div", "descent");
  const frame = element("div", "frame");
  const view = {
    canvas: element("canvas", "hills"), map: shape("svg", { class: "map", viewBox: "-4.7 -4.15 8.85 8.85", role: "img" }),
    loss: shape("svg", { class: "loss", viewBox: "0 0 440 138", "aria-hidden": "true" }),
    play: button("play"), scrub: element("input", "scrub"), said: element("output", "said"), rows: element("div", "rows"),
  };
  view.canvas.width = view.canvas.height = PIXELS;
  view.scrub.type = "range";
  view.scrub.min = 0;
  view.scrub.setAttribute("aria-label", "step");
  view.scrub.dataset.testid = "scrub";
  view.said.dataset.testid = "position";
  view.rows.dataset.testid = "numbers";
  view.play.onclick = () => (view.timer ? stop(view) : play(view));
  view.scrub.oninput = () => { stop(view); go(view, Number(view.scrub.value)); };
  const asked = () => (Number.isInteger(view.place.read().step) ? view.place.read().step : null);
  const returned = () => { stop(view); show(view, (view.asked = asked()) ?? view.data.steps); };
  view.place = new Place(root, ["step"], returned, (place) => view.told(place));
  view.asked = asked(); // until somebody plays or scrubs, the address says the step
  frame.append(view.canvas, view.map);
  const player = element("div", "player");
  player.append(view.play, view.scrub, view.said);
  const main = element("div", "main"), side = element("div", "side");
  main.append(frame, player);
  side.append(view.rows, view.loss);
  root.append(main, side);
  parent.appendChild(root);
  stop(view);
  return view;
}

// Paint bands of equal height with lines between them: the higher, the denser. The page's colour shows through.
function paint(canvas, data) {
  const context = canvas.getContext("2d"), image = context.createImageData(PIXELS, PIXELS);
  const highest = Math.max(...data.grid), side = Math.sqrt(data.grid.length), last = side - 1;
  let above = [];
  for (let row = 0; row < PIXELS; row++) {
    const bands = [];
    for (let column = 0; column < PIXELS; column++) {
      const value = between(data.grid, side, (1 - row / (PIXELS - 1)) * last, (column / (PIXELS - 1)) * last);
      const band = Math.floor((value / highest) * BANDS * 0.999);
      const edge = band !== (bands[column - 1] ?? band) || band !== (above[column] ?? band);
      image.data.set([125, 137, 148, 6 + (band / BANDS) * 130 + (edge ? 70 : 0)], 4 * (row * PIXELS + column));
      bands.push(band);
    }
    above = bands;
  }
  context.putImageData(image, 0, 0);
}

function drawPaths(view) {
  const { data, map, loss } = view, reach = data.reach;
  map.replaceChildren(...mapAxes(reach));
  loss.replaceChildren(...lossAxes(data));
  const inside = shape("g", { "clip-path": "url(#inside)" });
  const clip = shape("clipPath", { id: "inside" });
  clip.append(shape("rect", { x: -reach, y: -reach, width: 2 * reach, height: 2 * reach }));
  const under = shape("clipPath", { id: "under" });
  under.append(shape("rect", { x: LOSS.left - 8, y: 0, width: 440, height: LOSS.bottom + 8 }));
  const curves = shape("g", { "clip-path": "url(#under)" });
  view.drawn = data.paths.map((path) => {
    const places = path.points.map(([x, y]) => [x, -y]);
    const heights = path.losses.map((value, step) => [lossX(data, step), lossY(data, value)]);
    return { path, places, heights, onMap: trace(inside, path, places, 0.13, 0.045),
      onLoss: trace(curves, path, heights, 5, 0) };
  });
  for (const drawn of view.drawn) inside.append(drawn.onMap.ball), curves.append(drawn.onLoss.ball);
  map.append(clip, inside);
  loss.append(under, curves);
}

// A path: all of it faint, the part up to the shown step strong, and a ball at that step.
function trace(group, path, places, radius, dot) {
  const all = shape("polyline", { class: "way faint", points: places.join(" "), stroke: path.colour });
  const sofar = shape("polyline", { class: "way", stroke: path.colour });
  const dots = places.filter(() => dot).map(([cx, cy]) => shape("circle", { cx, cy, r: dot, fill: path.colour }));
  const ball = shape("circle", { class: "ball", r: radius, fill: path.colour });
  group.append(all, ...dots, sofar);
  return { sofar, ball };
}

function mapAxes(reach) {
  const ticks = [-reach, -reach / 2, 0, reach / 2, reach];
  return [
    ...ticks.map((tick) => shape("text", { x: tick, y: reach + 0.32, "text-anchor": "middle" }, tick)),
    ...ticks.map((tick) => shape("text", { x: -reach - 0.1, y: 0.1 - tick, "text-anchor": "end" }, tick)),
    shape("text", { x: reach, y: reach + 0.62, "text-anchor": "end" }, "weight x →"),
    shape("text", { x: -reach + 0.1, y: -reach + 0.35, class: "inside" }, "↑ weight y"),
  ];
}

const lossX = (data, step) => LOSS.left + ((LOSS.right - LOSS.left) * step) / data.steps;
const lossY = (data, value) => LOSS.bottom - ((LOSS.bottom - LOSS.top) * value) / data.highest;

function lossAxes(data) {
  const parts = [];
  for (const share of [0, 0.5, 1]) {
    const y = lossY(data, share * data.highest);
    parts.push(shape("line", { x1: LOSS.left, x2: LOSS.right, y1: y, y2: y, class: "grid" }));
    parts.push(shape("text", { x: LOSS.left - 6, y: y + 4, "text-anchor": "end" },
      short(share * data.highest, 2)));
  }
  for (const share of [0, 0.25, 0.5, 0.75]) {
    const step = Math.round(share * data.steps);
    parts.push(shape("text", { x: lossX(data, step), y: LOSS.bottom + 18, "text-anchor": "middle" }, step));
  }
  parts.push(shape("text", { x: LOSS.right, y: LOSS.bottom + 18, "text-anchor": "end" }, `step ${data.steps}`));
  parts.push(shape("text", { x: LOSS.right, y: LOSS.top + 12, "text-anchor": "end" }, "loss by step"));
  return parts;
}

// A person goes to a step, and the address says it: nothing at the last one, where every picture begins.
function go(view, step) {
  show(view, step);
  view.asked = null;
  view.place.write({ step: view.step < view.data.steps ? view.step : null });
}

function show(view, wanted) {
  const step = clamp(wanted, 0, view.data.steps);
  view.step = step;
  view.scrub.value = step;
  view.said.textContent = `step ${step}`;
  for (const { places, heights, onMap, onLoss } of view.drawn) {
    for (const [line, ways] of [[onMap, places], [onLoss, heights]]) {
      const here = Math.min(step, ways.length - 1);
      line.sofar.setAttribute("points", ways.slice(0, here + 1).join(" "));
      line.ball.setAttribute("cx", ways[here][0]);
      line.ball.setAttribute("cy", ways[here][1]);
    }
  }
  view.rows.replaceChildren(...view.data.paths.map((path) => row(path, Math.min(step, path.words.length - 1), step)));
}

function row(path, here, step) {
  const [x, y, loss] = path.words[here], made = element("div", "row");
  const key = element("span", "key");
  key.style.background = path.colour;
  const end = here < step ? `overflow after step ${here}` : `loss ${loss}`;
  made.append(key, element("b", "", path.name), element("span", "", `x ${x}`), element("span", "", `y ${y}`), element("span", "", end));
  return made;
}

function play(view) {
  if (view.step >= view.data.steps) go(view, 0);
  view.play.textContent = "❚❚";
  view.play.setAttribute("aria-label", "Pause");
  view.timer = setInterval(() => {
    go(view, view.step + 1);
    if (view.step >= view.data.steps) stop(view);
  }, STEP_MS);
}

function stop(view) {
  clearInterval(view.timer);
  view.timer = null;
  view.play.textContent = "▶";
  view.play.setAttribute("aria-label", "Play");
}
