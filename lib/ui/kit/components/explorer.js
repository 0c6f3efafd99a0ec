// The explorer: moves a selection over the output, and shows where that number comes from.
export default function ({ data: [data], parentElement }) {
  parentElement.explorer ??= new Explorer(parentElement);
  parentElement.explorer.show(data);
  return () => parentElement.explorer.play(false);
}

const SECONDS_OF_PLAY = 25;
const SAID_AFTER_MS = 400;
const SHOWN_CELLS = 12; // channels times window side, up to which all channels' grids are shown at once
const KEPT_MEASURES = 200;
const STEPS = {
  ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
  Home: [0, -Infinity], End: [0, Infinity], PageUp: [-5, 0], PageDown: [5, 0],
};

class Explorer {
  constructor(parent) {
    Object.assign(this, { row: -1, column: -1, filter: 0, channel: 0, pinned: false, measures: 0 });
    this.redraw = () => this.draw();
    this.output = new CellMap(this.redraw);
    this.planes = [];
    this.build(parent);
    this.listen();
  }

  build(parent) {
    this.root = element("section", "explorer");
    this.root.setAttribute("aria-label", "explorer");
    this.button = element("button", "play", "▶ Play");
    this.button.type = "button";
    this.position = element("span", "position");
    this.position.dataset.testid = "position";
    this.pin = element("span", "pin");
    this.readout = element("span", "readout");
    const bar = element("div", "toolbar");
    bar.append(this.button, this.position, this.pin, this.readout);
    this.inputPart = element("div", "part input");
    this.middle = element("div", "part middle");
    this.outputPart = element("div", "part output");
    this.outputTitle = element("div", "title");
    this.output.box.dataset.testid = "output";
    this.output.box.tabIndex = 0;
    this.output.box.setAttribute("role", "application");
    this.outputKey = element("div");
    this.thumbs = element("div", "thumbs");
    this.outputPart.append(this.outputTitle, this.output.box, this.outputKey, this.thumbs);
    const stage = element("div", "stage");
    stage.append(this.inputPart, this.middle, this.outputPart);
    this.arithmetic = element("div", "arithmetic");
    this.arithmetic.dataset.testid = "arithmetic";
    this.activation = element("div", "activation");
    this.activation.dataset.testid = "activation";
    this.spoken = element("div", "spoken");
    this.spoken.setAttribute("aria-live", "polite");
    this.root.append(bar, stage, this.arithmetic, this.activation, this.spoken);
    parent.appendChild(this.root);
  }

  listen() {
    const box = this.output.box;
    const select = (event) => {
      const cell = this.output.cellAt(event);
      if (cell) this.select(cell.row, cell.column);
    };
    box.onpointermove = (event) => this.pinned || this.timer || select(event);
    box.onclick = (event) => this.click(event);
    box.onkeydown = (event) => this.press(event);
    this.button.onclick = () => this.play(!this.timer);
    this.root.onpointerover = (event) => this.point(event.target.closest?.("[data-tap]")?.dataset.tap ?? null);
    this.root.onpointerleave = () => this.point(null);
  }

  show(data) {
    const scene = { ...data, range: null };
    for (const name of ["input", "output", "kernel", "bias", "sums"]) scene[name] = unpack(data[name]);
    scene.inputColours = palette(data.inputRange, data.diverging);
    scene.signedColours = palette([-1], data.diverging);
    const [, , channels, filters] = scene.kernel?.shape ?? [0, 0, 0, 0];
    scene.largestWeight = Array.from({ length: filters }, (_, filter) =>
      scene.kernel.values.reduce((most, value, place) => (place % filters === filter ? Math.max(most, Math.abs(value)) : most), 0) || 1);
    this.scene = scene;
    this.filter = Math.min(this.filter, scene.output.shape[2] - 1);
    this.channel = Math.min(this.channel, scene.input.shape[2] - 1);
    this.allChannels = channels * scene.window[0] <= SHOWN_CELLS;
    this.root.classList.toggle("large", scene.operation === "sum" && scene.window[0] > 4);
    this.arithmetic.style.minHeight = "";
    this.showInput();
    this.showOutput();
    if (this.row < 0) this.begin();
    this.select(this.row, this.column);
  }

  // First look where something happens: at the output's strongest number.
  begin() {
    const [rows, columns] = this.scene.output.shape;
    let strongest = -1;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const size = Math.abs(this.valueAt(row, column));
        if (size > strongest) [strongest, this.row, this.column] = [size, row, column];
      }
    }
  }

  showInput() {
    const scene = this.scene;
    const [height, width, channels] = scene.input.shape;
    const [[top, bottom], [left, right]] = scene.pads;
    while (this.planes.length < channels) this.planes.push(this.plane(this.planes.length));
    this.planes.splice(channels).forEach((plane) => plane.map.observer.disconnect());
    this.planes.forEach(({ map, name }, channel) => {
      const valueAt = (row, column) => {
        const [y, x] = [row - top, column - left];
        return y < 0 || y >= height || x < 0 || x >= width ? NaN : at(scene.input, y, x, channel);
      };
      map.show(height + top + bottom, width + left + right, valueAt, scene.inputRange, scene.diverging);
      name.textContent = channels > 1 ? scene.channelNames[channel] : "";
    });
    const padded = top + bottom + left + right ? ", with padding around (hatched)" : "";
    const planes = element("div", channels === 1 ? "planes" : channels <= 4 ? "planes few" : "planes many");
    planes.append(...this.planes.map((plane) => plane.box));
    this.inputPart.replaceChildren(
      element("div", "title", `input ${height}×${width}×${channels}${padded}`), planes,
      legend(scene.inputRange, scene.diverging),
    );
  }

  plane(channel) {
    const map = new CellMap(this.redraw);
    const box = element("div", "plane");
    const name = element("div", "name");
    box.append(map.box, name);
    map.box.classList.add("hatched");
    map.box.onpointermove = (event) => this.overInput(map.cellAt(event), channel);
    map.box.onpointerleave = () => this.overInput(null, channel);
    map.box.onclick = () => {
      this.channel = channel;
      if (this.scene.operation !== "sum") this.filter = Math.min(channel, this.scene.output.shape[2] - 1);
      this.showOutput();
      this.draw();
    };
    return { map, box, name };
  }

  showOutput() {
    const scene = this.scene;
    const [rows, columns, filters] = scene.output.shape;
    const valueAt = (row, column) => at(scene.output, row, column, this.filter);
    const range = scene.outputRanges[this.filter];
    this.output.box.style.maxWidth = `min(${Math.max(columns, 2) * 28}px, ${(420 * columns) / rows}px)`;
    this.output.show(rows, columns, valueAt, range, scene.diverging);
    const flat = scene.operation === "flatten";
    const size = flat ? `${scene.input.values.length} numbers` : `${rows}×${columns}×${filters}`;
    this.outputTitle.textContent = flat ? `vector, ${size}` : `output ${size}: ${scene.filterNames[this.filter]}`;
    this.output.box.setAttribute("aria-label",
      `output, ${size}. Arrow keys move, Enter holds the place, Space plays.`);
    this.outputKey.replaceChildren(legend(range, scene.diverging));
    this.thumbs.replaceChildren(...(filters > 1 ? scene.filterNames.map((name, filter) => this.thumb(name, filter)) : []));
  }

  thumb(name, filter) {
    const scene = this.scene;
    const made = element("button", "thumb");
    const canvas = element("canvas", "cells");
    made.type = "button";
    made.setAttribute("aria-pressed", String(filter === this.filter));
    paint(canvas, scene.output.shape[0], scene.output.shape[1],
      (row, column) => at(scene.output, row, column, filter), scene.outputRanges[filter], scene.diverging);
    made.append(canvas, element("span", "", name));
    made.onclick = () => {
      this.filter = filter;
      if (scene.operation !== "sum") this.channel = filter;
      this.showOutput();
      this.draw();
      this.thumbs.children[filter].focus();
    };
    return made;
  }

  valueAt(row, column) {
    return at(this.scene.output, row, column, this.filter);
  }

  select(row, column) {
    const [rows, columns] = this.scene.output.shape;
    this.row = Math.min(Math.max(row, 0), rows - 1);
    this.column = Math.min(Math.max(column, 0), columns - 1);
    if (this.scene.operation === "flatten") {
      const index = Math.min(this.row * columns + this.column, this.scene.input.values.length - 1);
      this.row = Math.floor(index / columns);
      this.column = index % columns;
      this.channel = index % this.scene.input.shape[2];
    }
    this.draw();
  }

  draw() {
    if (!this.scene) return;
    performance.mark("explorer-redraw");
    this.planes.forEach(({ map }) => map.clear());
    this.output.clear();
    this.output.outline(this.row, this.column, { width: 2.5 });
    if (this.scene.operation === "flatten") this.drawPlace();
    else this.drawWindow();
    this.pin.textContent = this.pinned ? "held: click it again to let go" : "";
    this.markReached();
    this.markTap();
    this.sayLater();
    // A benchmark reads these; only the newest are kept.
    if (++this.measures % KEPT_MEASURES === 0) performance.clearMeasures("explorer-redraw");
    performance.measure("explorer-redraw", "explorer-redraw");
    performance.clearMarks("explorer-redraw");
  }

  drawWindow() {
    const { scene, row, column, filter } = this;
    const sum = scene.operation === "sum";
    const channels = sum ? scene.input.shape[2] : 1;
    const byChannel = Array.from({ length: channels }, (_, place) => tapsOf(scene, row, column, sum ? place : filter));
    byChannel.forEach((taps) => this.outlineTaps(taps));
    this.position.textContent = `row ${row}, column ${column}`;
    const value = this.valueAt(row, column);
    const winner = winnerOf(scene.operation, byChannel[0]);
    const total = scene.sums ? at(scene.sums, row, column, filter) : value;
    this.write(sum ? sumLines(scene, byChannel, filter, total) : poolLines(scene, byChannel[0], winner, value));
    this.activation.textContent = activationLine(scene, total, value);
    if (winner) this.planes[filter].map.outline(winner.y, winner.x, { colour: REACHED, width: 2 });
    if (scene.window[0] > LARGEST_GRID) this.middle.replaceChildren();
    else if (!sum) this.middle.replaceChildren(windowGrid(scene, byChannel[0], winner));
    else {
      const shown = this.allChannels ? byChannel : [byChannel[this.channel]];
      this.middle.replaceChildren(...shown.map((taps) => productRow(scene, taps, filter, channels > 1)));
      if (!this.allChannels) this.middle.append(element("div", "hint", "Click a plane of the input for its channel."));
    }
  }

  outlineTaps(taps) {
    const { map } = this.planes[taps[0].channel];
    const [first, last] = [taps[0], taps[taps.length - 1]];
    const cell = map.box.clientWidth / map.columns;
    if (cell >= 5 || this.scene.dilation > 1) {
      taps.forEach((tap) => map.outline(tap.y, tap.x, { width: 0.8, fill: "rgba(230,159,0,0.22)" }));
    }
    map.outline(first.y, first.x, { down: last.y - first.y + 1, across: last.x - first.x + 1 });
  }

  // Flatten: the one place in the maps that this number of the vector comes from.
  drawPlace() {
    const [, width, channels] = this.scene.input.shape;
    const index = this.row * this.scene.output.shape[1] + this.column;
    const [place, channel] = [Math.floor(index / channels), index % channels];
    const [row, column] = [Math.floor(place / width), place % width];
    this.planes[channel].map.outline(row, column, { width: 2.5 });
    this.position.textContent = `row ${row}, column ${column}, channel ${channel}: index ${index}`;
    this.write([line(`(${row}*${width} + ${column})*${channels} + ${channel} = `, element("b", "total", index))]);
    this.activation.textContent = `value ${short(this.scene.input.values[index])}`;
    this.middle.replaceChildren();
  }

  // The box only grows, so that what is below does not jump while the numbers change their length.
  write(lines) {
    this.arithmetic.replaceChildren(...joined(lines, "\n"));
    const tall = this.arithmetic.offsetHeight;
    if (tall > (parseFloat(this.arithmetic.style.minHeight) || 0)) this.arithmetic.style.minHeight = `${tall}px`;
  }

  overInput(cell, channel) {
    if (cell && this.scene.operation === "flatten") {
      const [, width, channels] = this.scene.input.shape;
      const index = (cell.row * width + cell.column) * channels + channel;
      const columns = this.scene.output.shape[1];
      if (!this.pinned && !this.timer) this.select(Math.floor(index / columns), index % columns);
      return;
    }
    this.over = cell && { ...cell, channel };
    this.draw();
  }

  // The pixel of the input below the pointer: its value, and the outputs it takes part in.
  markReached() {
    this.readout.textContent = "";
    if (!this.over || this.scene.operation === "flatten") return;
    const { scene } = this;
    const [rows, columns] = scene.output.shape;
    const [y, x] = [this.over.row - scene.pads[0][0], this.over.column - scene.pads[1][0]];
    const outside = y < 0 || y >= scene.input.shape[0] || x < 0 || x >= scene.input.shape[1];
    const along = (place, taps, count) => Array.from({ length: taps }, (_, tap) => (place - tap * scene.dilation) / scene.stride)
      .filter((position) => Number.isInteger(position) && position >= 0 && position < count);
    const down = along(this.over.row, scene.window[0], rows);
    const across = along(this.over.column, scene.window[1], columns);
    down.forEach((row) => across.forEach((column) =>
      this.output.outline(row, column, { colour: REACHED, width: 1, fill: "rgba(86,180,233,0.35)" })));
    const value = outside ? "padding" : `pixel row ${y}, column ${x}: ${short(at(scene.input, y, x, this.over.channel))}`;
    this.readout.textContent = `${value}, used by ${down.length * across.length} outputs of each map`;
  }

  point(tap) {
    if (tap === this.tap) return;
    this.tap = tap;
    this.draw();
  }

  // One tap, wherever it is written: in the input, in the grids and in the arithmetic.
  markTap() {
    if (!this.tap) return;
    const [channel, down, across] = this.tap.split(",").map(Number);
    const { stride, dilation } = this.scene;
    this.planes[channel]?.map.outline(
      this.row * stride + down * dilation, this.column * stride + across * dilation, { colour: REACHED, width: 3 });
    this.root.querySelectorAll(`[data-tap="${this.tap}"]`).forEach((made) => made.classList.add("pointed"));
  }

  click(event) {
    const cell = this.output.cellAt(event);
    if (!cell) return;
    const same = this.pinned && cell.row === this.row && cell.column === this.column;
    this.play(false);
    this.pinned = !same;
    this.select(cell.row, cell.column);
  }

  press(event) {
    const step = STEPS[event.key];
    if (step) {
      this.play(false);
      this.step(...(event.ctrlKey && Math.abs(step[1]) === Infinity ? [step[1], step[1]] : step));
    } else if (event.key === " ") this.play(!this.timer);
    else if (event.key === "Enter" || event.key === "Escape") {
      this.pinned = event.key === "Enter" && !this.pinned;
      this.draw();
    } else return;
    event.preventDefault();
  }

  step(down, across) {
    const [, columns] = this.scene.output.shape;
    if (this.scene.operation === "flatten" && Math.abs(across) === 1) {
      const index = this.row * columns + this.column + across;
      this.select(Math.floor(Math.max(index, 0) / columns), Math.max(index, 0) % columns);
    } else this.select(this.row + down, this.column + across);
  }

  play(on) {
    clearInterval(this.timer);
    this.timer = null;
    this.button.textContent = on ? "❚❚ Pause" : "▶ Play";
    if (!on) return;
    this.pinned = false;
    const [rows, columns] = this.scene.output.shape;
    const last = () => this.row * columns + this.column >= rows * columns - 1;
    if (last()) this.select(0, 0);
    const pace = Math.min(300, Math.max(40, (1000 * SECONDS_OF_PLAY) / (rows * columns)));
    this.timer = setInterval(() => {
      if (last() || !this.root.isConnected) return this.play(false);
      const next = this.row * columns + this.column + 1;
      this.select(Math.floor(next / columns), next % columns);
    }, pace);
  }

  // A screen reader hears where the selection came to rest, not every cell on the way.
  sayLater() {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      const value = this.valueAt(this.row, this.column);
      const words = `${this.position.textContent}: ${short(value)}`;
      if (this.spoken.textContent !== words) this.spoken.textContent = words;
    }, SAID_AFTER_MS);
  }
}
