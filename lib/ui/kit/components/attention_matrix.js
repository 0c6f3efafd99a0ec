// The words against the words: a table whose rows look at its columns, and above it arcs from the word that looks.

import { element, shape } from "./dom.js";

const NUMBERS_UP_TO = 12; // columns in which a share is written as a number
const MOST_SHADE = 65; // per cent of colour at the largest share: text is still read on it
const WHY = { padding: "padding", causal: "later word" };

export class AttentionMatrix {
  // `on.over`, `on.press`: with row and column, where a pointer is; `on.key`: with the event of a key.
  constructor(on) {
    this.on = on;
    this.arcs = shape("svg", { class: "arcs", preserveAspectRatio: "none", "aria-hidden": "true" });
    this.table = element("table", "matrix");
    this.table.dataset.testid = "attention-matrix";
    this.table.tabIndex = 0;
    this.table.setAttribute("role", "grid");
    this.inner = element("div", "inner");
    this.inner.append(this.arcs, this.table);
    this.strip = element("div", "strip");
    this.strip.append(this.inner);
    this.keys = element("div", "keys");
    this.root = element("div", "look");
    this.root.append(this.strip, this.keys);
    this.listen();
  }

  listen() {
    const place = (event) => event.target.closest?.("td")?.dataset.at?.split(",").map(Number);
    this.table.onpointerover = (event) => {
      const at = event.pointerType === "mouse" && place(event);
      if (at) this.on.over(...at);
    };
    this.table.onclick = (event) => {
      const at = place(event);
      if (at) this.on.press(...at);
    };
    this.table.onkeydown = (event) => this.on.key(event);
  }

  // `shares`: of each row, a number for each column.
  show(scene, shares) {
    Object.assign(this, { scene, shares });
    this.most = Math.max(0.0001, ...shares.flat());
    this.inner.style.setProperty("--columns", scene.columns.length);
    this.table.setAttribute("aria-label",
      `${scene.label} Arrow keys go from cell to cell, Enter holds one.`);
    const head = element("tr");
    head.append(element("td", "corner"), ...scene.columns.map((column) => this.head(column, "col")));
    const body = element("tbody");
    body.append(...scene.rows.map((column, row) => this.row(scene.columns[column], row)));
    const top = element("thead");
    top.append(head);
    this.table.replaceChildren(top, body);
    this.cells = [...body.rows].map((row) => [...row.querySelectorAll("td")]);
    this.rowHeads = [...body.rows].map((row) => row.querySelector("th"));
    this.columnHeads = [...head.querySelectorAll("th")];
    this.marked = [];
    this.legend();
  }

  head({ word, kind }, scope) {
    const made = element("th", kind);
    made.scope = scope;
    made.title = kind === "unknown" ? `${word}: not in the vocabulary` : word;
    const name = element("span", "", kind === "padding" ? "PAD" : word);
    name.dir = "auto";
    made.append(name);
    return made;
  }

  row(word, row) {
    const made = element("tr");
    made.append(this.head(word, "row"), ...this.scene.columns.map((_, column) => this.cell(row, column)));
    return made;
  }

  cell(row, column) {
    const { scene } = this;
    const made = element("td");
    made.dataset.at = `${row},${column}`;
    made.id = `cell-${row}-${column}`;
    const share = this.shares[row][column];
    if (scene.allowed[row][column] !== "1") {
      const why = scene.columns[column].kind === "padding" ? "padding" : "causal";
      made.className = `masked ${why}`;
      made.setAttribute("aria-label", `masked: ${WHY[why]}`);
      return made;
    }
    made.style.setProperty("--shade", `${(MOST_SHADE * share) / this.most}%`);
    const text = share.toFixed(2);
    if (scene.columns.length <= NUMBERS_UP_TO) made.textContent = text === "1.00" ? "1" : text.slice(1);
    else made.setAttribute("aria-label", text);
    return made;
  }

  legend() {
    const masked = [...new Set(this.cells.flat().filter((cell) => cell.classList.contains("masked")).map((cell) => cell.classList[1]))];
    const bar = element("span", "bar");
    const scale = element("span", "scale");
    scale.append("0", bar, this.most.toFixed(2));
    const unknown = this.scene.columns.some(({ kind }) => kind === "unknown") ? [element("span", "mark unknown", "unknown word")] : [];
    this.keys.replaceChildren(element("span", "", "a row's word looks at the columns' words; its share:"), scale,
      ...masked.map((why) => element("span", `mark masked ${why}`, `masked: ${WHY[why]}`)), ...unknown);
  }

  // The cell that stands out most: its share beside an even one. Where several do, not on the diagonal.
  strongest() {
    let best = [0, 0];
    let most = -1;
    this.shares.forEach((shares, row) => shares.forEach((share, column) => {
      const even = 1 / this.scene.allowed[row].replaceAll("0", "").length;
      const apart = share / even + (this.scene.rows[row] === column ? 0 : 1e-6);
      if (apart > most) [most, best] = [apart, [row, column]];
    }));
    return best;
  }

  mark(row, column, held) {
    for (const each of this.marked) each.classList.remove("chosen", "held", "along");
    const cell = this.cells[row][column];
    this.marked = [cell, this.rowHeads[row], this.columnHeads[column], ...this.cells[row]];
    for (const each of this.cells[row]) each.classList.add("along");
    for (const each of this.marked.slice(0, 3)) each.classList.add("chosen");
    cell.classList.toggle("held", held);
    this.table.setAttribute("aria-activedescendant", cell.id);
    this.drawArcs(row, column);
  }

  drawArcs(row, chosen) {
    const { columns, rows } = this.scene;
    const from = rows[row];
    this.arcs.setAttribute("viewBox", `0 0 ${columns.length} 1`);
    const drawn = this.shares[row].map((share, column) => {
      if (!share) return null;
      const [start, end] = [from + 0.5, column + 0.5];
      const high = 1 - 1.3 * Math.sqrt((Math.abs(end - start) || 0.5) / columns.length);
      const loop = column === from ? 0.3 : 0;
      const made = shape("path", {
        d: `M${start - loop} 1C${start - loop} ${high} ${end + loop} ${high} ${end + loop} 1`,
        "stroke-width": 0.5 + (6 * share) / this.most, "stroke-opacity": 0.25 + (0.65 * share) / this.most,
      });
      if (column === chosen) made.setAttribute("class", "chosen");
      return made;
    });
    this.arcs.replaceChildren(...drawn.filter(Boolean));
  }

  keepInSight() {
    this.marked[0]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
