// The lines between the maps of Home's picture, brighter where more happens, and the light that passes along them.

import { css, rgbOf } from "./colours.js";

const GAP_MS = [520, 380, 560, 380, 640]; // from one column to the next
const MOST_DOTS = 60;
const FRAME_MS = 30; // the light is drawn no more often: it need not cost more

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
    const scale = Math.min(devicePixelRatio, 2);
    for (const canvas of [this.stage.lines, this.stage.pulses]) {
      Object.assign(canvas, { width: Math.round(box.width * scale), height: Math.round(box.height * scale) });
      canvas.getContext("2d").scale(scale, scale);
    }
    const groups = [[this.stage.image], ...this.stage.groups];
    this.rooms = groups.map((group) => group.map((made) => {
      const own = made.getBoundingClientRect();
      return { left: own.left - box.left, right: own.right - box.left, top: own.top - box.top, bottom: own.bottom - box.top };
    }));
    this.size = [box.width, box.height];
    this.ready = true;
    this.draw();
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

  // Let the light pass: each column shows its new numbers when the light arrives.
  pass() {
    cancelAnimationFrame(this.frame);
    const begun = performance.now();
    this.reached = 0;
    this.draw(0);
    let drawn = -Infinity;
    const step = (now) => {
      this.frame = requestAnimationFrame(step);
      if (now - drawn < FRAME_MS) return;
      drawn = now;
      let [gap, left] = [0, now - begun];
      while (gap < this.gaps.length && left >= GAP_MS[gap % GAP_MS.length]) left -= GAP_MS[gap++ % GAP_MS.length];
      if (gap === this.gaps.length) return this.finish();
      while (this.reached < gap) this.arrive();
      this.light(gap, Math.max(left, 0) / GAP_MS[gap % GAP_MS.length]);
    };
    this.frame = requestAnimationFrame(step);
  }

  arrive() {
    this.stage.paint(this.reached, this.outputs[this.reached]);
    this.draw(++this.reached);
  }

  light(gap, share) {
    const context = this.stage.pulses.getContext("2d");
    context.clearRect(0, 0, ...this.size);
    const brightest = [...this.gaps[gap]].sort((one, other) => other[2] - one[2]).slice(0, MOST_DOTS);
    for (const [from, to, alpha, isBest] of brightest) {
      const [x0, y0, x1, y1] = this.ends(gap, from, to);
      const eased = share * share * (3 - 2 * share);
      const [x, y] = this.down ? [x0 + (x1 - x0) * eased, y0 + (y1 - y0) * share] : [x0 + (x1 - x0) * share, y0 + (y1 - y0) * eased];
      for (const [radius, strength] of [[5, 0.3], [2, 1]]) {
        context.fillStyle = css(isBest ? this.best : this.thread, Math.min(1, strength * (0.25 + 1.4 * alpha)));
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fill();
      }
    }
  }

  // Everything at once; no light is left on its way.
  finish() {
    cancelAnimationFrame(this.frame);
    if (this.size) this.stage.pulses.getContext("2d").clearRect(0, 0, ...this.size);
    this.outputs.forEach((output, place) => this.stage.paint(place, output));
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
