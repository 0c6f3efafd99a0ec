// The lines between the maps of Home's picture, brighter where more happens, and the light that passes along them.

import { css, rgbOf } from "./colours.js";

const GAP_MS = [520, 380, 560, 380, 640]; // from one column to the next
const MOST_DOTS = 60;
const FRAME_MS = 33; // the light is drawn no more often: it need not cost more
const GLOW = 5; // pixels from the middle of a dot to its edge

export class Threads {
  constructor(stage, data) {
    this.stage = stage;
    this.thread = rgbOf(data.thread);
    this.best = rgbOf(data.best);
    this.ready = false;
    new ResizeObserver(() => this.measure()).observe(stage.root);
  }

  take(outputs) {
    this.outputs = outputs.filter(({ shape }) => shape[0] > 1);
    this.outputs.push(outputs.at(-1));
    this.painted = 0; // so many columns show their new numbers
    this.weigh();
  }

  // How bright each line is: for each gap a list of [from, to, alpha, is the best answer's].
  weigh() {
    const shares = this.outputs.at(-1).values;
    const best = shares.indexOf(Math.max(...shares));
    let [before, lit] = [1, [1]];
    this.gaps = this.outputs.map(({ shape: [rows, columns, maps], values }, place) => {
      const last = place === this.outputs.length - 1;
      const lights = last ? [...shares] : meansOf(values, rows * columns, maps);
      const apart = before === maps && !last;
      const lines = [];
      for (let from = 0; from < before; from++) {
        for (let to = 0; to < maps; to++) {
          if (apart && from !== to) continue;
          if (last) lines.push([from, to, (26 + 150 * lights[to] * (0.3 + lit[from])) / 255, to === best]);
          else lines.push([from, to, apart || before === 1 ? 0.55 : Math.min((34 + 260 * lit[from] * lights[to]) / 255, 0.66), false]);
        }
      }
      [before, lit] = [maps, lights];
      return lines.sort((one, other) => one[3] - other[3]);
    });
  }

  // Where everything stands now.
  measure() {
    const box = this.stage.root.getBoundingClientRect();
    if (!box.width) return;
    this.down = getComputedStyle(this.stage.root).getPropertyValue("--flow").trim() === "down";
    this.scale = Math.min(devicePixelRatio, 2);
    this.cover(this.stage.lines, 0, 0, box.width, box.height);
    const groups = [[this.stage.image], ...this.stage.groups];
    this.rooms = groups.map((group) => group.map((made) => {
      const own = made.getBoundingClientRect();
      return { left: own.left - box.left, right: own.right - box.left, top: own.top - box.top, bottom: own.bottom - box.top };
    }));
    this.size = [box.width, box.height];
    this.open = null;
    this.ready = true;
    this.draw();
  }

  // Lay a canvas, empty, over a part of the picture; what is drawn on it is in the picture's own pixels.
  cover(canvas, left, top, width, height) {
    Object.assign(canvas, { width: Math.ceil(width * this.scale), height: Math.ceil(height * this.scale) });
    const own = { left, top, width: canvas.width / this.scale, height: canvas.height / this.scale };
    for (const [name, value] of Object.entries(own)) canvas.style[name] = `${value}px`;
    canvas.getContext("2d").setTransform(this.scale, 0, 0, this.scale, -left * this.scale, -top * this.scale);
  }

  ends(gap, from, to) {
    const [one, other] = [this.rooms[gap][from], this.rooms[gap + 1][to]];
    // On a narrow picture the answers stand in two columns: the lines end above these.
    if (this.down) return [(one.left + one.right) / 2, one.bottom, (other.left + other.right) / 2, this.rooms[gap + 1][0].top];
    return [one.right, (one.top + one.bottom) / 2, other.left, (other.top + other.bottom) / 2];
  }

  draw(upTo = this.gaps.length) {
    if (!this.ready) return;
    const context = this.stage.lines.getContext("2d");
    context.clearRect(0, 0, ...this.size);
    this.gaps.forEach((lines, gap) => lines.forEach(([from, to, alpha, isBest]) => {
      const reached = gap < upTo;
      const [x0, y0, x1, y1] = this.ends(gap, from, to);
      context.beginPath();
      context.moveTo(x0, y0);
      if (this.down) context.bezierCurveTo(x0, y0 + (y1 - y0) / 3, x1, y0 + (2 * (y1 - y0)) / 3, x1, y1);
      else context.bezierCurveTo(x0 + (x1 - x0) / 3, y0, x0 + (2 * (x1 - x0)) / 3, y1, x1, y1);
      context.strokeStyle = css(isBest && reached ? this.best : this.thread, reached ? alpha : 0.12);
      context.lineWidth = 1.3;
      context.stroke();
    }));
  }

  // --- light ---

  // Let the light pass: each column shows its new numbers when the light arrives, and until then none of another digit.
  pass() {
    clearInterval(this.passing);
    if (this.painted < this.outputs.length) this.stage.unlight();
    const begun = performance.now();
    this.painted = 0;
    this.draw(0);
    this.passing = setInterval(() => {
      let [gap, left] = [0, performance.now() - begun];
      while (gap < this.gaps.length && left >= GAP_MS[gap % GAP_MS.length]) left -= GAP_MS[gap++ % GAP_MS.length];
      if (gap === this.gaps.length) return this.finish();
      while (this.painted < gap) this.arrive();
      this.light(gap, left / GAP_MS[gap % GAP_MS.length]);
    }, FRAME_MS);
  }

  arrive() {
    this.stage.paint(this.painted, this.outputs[this.painted]);
    this.draw(++this.painted);
  }

  // The brightest lines of the gap get a dot each. Their canvas covers this gap alone: nothing else is drawn anew.
  enter(gap) {
    const brightest = [...this.gaps[gap]].sort((one, other) => other[2] - one[2]).slice(0, MOST_DOTS);
    this.dots = brightest.map(([from, to, alpha, isBest]) => ({ ends: this.ends(gap, from, to), alpha, colour: isBest ? this.best : this.thread }));
    const across = this.dots.flatMap(({ ends }) => [ends[0], ends[2]]);
    const down = this.dots.flatMap(({ ends }) => [ends[1], ends[3]]);
    const [left, top] = [across, down].map((places) => Math.min(...places) - GLOW);
    const [right, bottom] = [across, down].map((places) => Math.max(...places) + GLOW);
    this.cover(this.stage.pulses, left, top, right - left, bottom - top);
    this.stage.pulses.hidden = false;
    this.open = gap;
  }

  light(gap, share) {
    if (this.open !== gap) this.enter(gap);
    const context = this.stage.pulses.getContext("2d");
    context.clearRect(0, 0, ...this.size);
    const eased = share * share * (3 - 2 * share);
    for (const { ends: [x0, y0, x1, y1], alpha, colour } of this.dots) {
      const [x, y] = this.down ? [x0 + (x1 - x0) * eased, y0 + (y1 - y0) * share] : [x0 + (x1 - x0) * share, y0 + (y1 - y0) * eased];
      for (const [radius, strength] of [[GLOW, 0.3], [2, 1]]) {
        context.fillStyle = css(colour, Math.min(1, strength * (0.25 + 1.4 * alpha)));
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fill();
      }
    }
  }

  // Everything at once; no light is left on its way.
  finish() {
    clearInterval(this.passing);
    this.open = null;
    this.stage.pulses.hidden = true;
    while (this.painted < this.outputs.length) this.stage.paint(this.painted, this.outputs[this.painted++]);
    this.draw();
  }
}

// How bright each map is on the average, 0 to 1.
function meansOf(values, cells, maps) {
  const highest = values.reduce((most, value) => Math.max(most, value), 0) || 1;
  const sums = new Array(maps).fill(0);
  values.forEach((value, place) => (sums[place % maps] += (value / highest) ** 0.7));
  return sums.map((sum) => sum / cells);
}
