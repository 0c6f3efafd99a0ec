// All runs of a person as a table: sorted by any column in the browser, at most two of them picked. What is sorted by and
// what is picked goes to the app, which writes it into the address.

import { button, element } from "./dom.js";
import { short } from "./numbers.js";

const STEP = 100; // rows that are made at once; the others when somebody comes near the end
const NEAR_PIXELS = 600;
const MOST_PICKED = 2;
const ORDER = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const WHOLE = new Intl.NumberFormat("en-US"); // made once: making it takes longer than writing a hundred numbers
const NOTHING = "–";

// How the values of each kind of column are written.
const WRITTEN = {
  words: String,
  whole: (value) => WHOLE.format(value),
  number: (value) => short(value, 4),
  share: (value) => `${(100 * value).toFixed(2)}%`,
  seconds: (value) => (value < 100 ? `${short(value, 3)} s` : `${Math.floor(value / 60)} min ${Math.floor(value % 60)} s`),
  moment: (value) => new Date(1000 * value).toISOString().slice(0, 16).replace("T", " "),
};

export default function ({ data: [data], parentElement, setTriggerValue }) {
  parentElement.scores ??= new Scores(parentElement);
  parentElement.scores.take(data, setTriggerValue);
}

class Scores {
  constructor(parent) {
    this.box = element("div", "score-box");
    this.box.tabIndex = 0; // arrow keys scroll it
    this.box.setAttribute("role", "region");
    this.table = element("table", "scores");
    this.head = element("thead");
    this.body = element("tbody");
    this.more = button("more", "", () => this.grow());
    this.said = element("p", "picked-now");
    this.said.setAttribute("role", "status");
    this.table.append(this.head, this.body);
    this.box.append(this.table, this.more);
    parent.append(this.box, this.said);
    this.box.onscroll = () => {
      if (this.box.scrollTop + this.box.clientHeight > this.box.scrollHeight - NEAR_PIXELS) this.grow();
    };
    Object.assign(this, { root: parent.getRootNode(), text: "", shown: STEP, sort: "", picked: [] });
    this.told = { sort: [], picked: [] };
    this.given = { sort: "", picked: "" };
  }

  // Show what the app has sent, and keep what was done here since.
  take(data, tell) {
    Object.assign(this, { data, tell });
    const text = JSON.stringify([data.columns, data.rows]);
    const other = text !== this.text;
    const sorted = this.adopt("sort", data.sort);
    const marked = this.adopt("picked", data.picked);
    this.text = text;
    if (other || sorted) this.draw();
    else if (marked) this.mark();
  }

  // The app's word counts, unless it only answers to something that was told to it here: a newer choice stays.
  adopt(name, value) {
    const text = JSON.stringify(value);
    const told = this.told[name];
    const echo = told.indexOf(text);
    const before = JSON.stringify(this[name]);
    if (echo >= 0) told.splice(0, echo + 1);
    else if (!told.length || text !== this.given[name]) {
      told.length = 0;
      this[name] = value;
    }
    this.given[name] = text;
    return JSON.stringify(this[name]) !== before;
  }

  say(name, value) {
    this[name] = value;
    this.told[name].push(JSON.stringify(value));
    this.tell(name, value);
  }

  // --- what is seen ---

  draw() {
    const focused = this.root.activeElement?.dataset?.focus;
    const left = this.box.scrollLeft;
    this.box.setAttribute("aria-label", this.data.label);
    this.table.setAttribute("aria-label", this.data.label);
    this.table.setAttribute("aria-rowcount", this.data.rows.length + 1);
    this.head.replaceChildren(this.heads());
    this.order = this.sortedRows();
    const rows = this.order.slice(0, this.shown).map((row, place) => this.row(row, place));
    this.body.replaceChildren(...rows);
    this.tellRest();
    this.mark();
    this.box.scrollLeft = left;
    if (focused) [...this.table.querySelectorAll("[data-focus]")].find((each) => each.dataset.focus === focused)?.focus();
  }

  heads() {
    const row = element("tr");
    const first = element("th", "pick-head", this.data.pick);
    first.scope = "col";
    row.append(first, ...this.data.columns.map((column) => this.headOf(column)));
    return row;
  }

  headOf(column) {
    const { name, down } = this.sortedBy();
    const mine = name === column.id;
    const head = element("th", column.kind);
    head.scope = "col";
    head.setAttribute("aria-sort", !mine ? "none" : down ? "descending" : "ascending");
    const press = button("by", column.title, () => this.sortBy(column));
    press.dataset.focus = `column ${column.id}`;
    const arrow = element("span", "arrow", mine ? (down ? "▼" : "▲") : "");
    arrow.setAttribute("aria-hidden", "true");
    press.append(arrow);
    head.append(press);
    return head;
  }

  row([run, cells], place) {
    const made = element("tr");
    made.dataset.run = run;
    made.setAttribute("aria-rowindex", place + 2);
    const pick = element("td", "pick");
    pick.append(this.boxOf(run, cells[0]));
    made.append(pick, ...cells.map((value, column) => this.cell(value, this.data.columns[column], column)));
    return made;
  }

  boxOf(run, title) {
    const label = element("label", "target");
    const made = element("input");
    made.type = "checkbox";
    made.dataset.focus = `run ${run}`;
    made.setAttribute("aria-label", `${this.data.pick} ${title}`);
    made.onchange = () => this.pick(run, made.checked);
    label.append(made);
    return label;
  }

  cell(value, column, place) {
    const made = element(place ? "td" : "th", column.kind);
    if (!place) made.scope = "row";
    const text = value === null || value === "" ? NOTHING : WRITTEN[column.kind](value);
    const inner = element("span", "clipped", text);
    if (column.kind === "words") {
      inner.dir = "auto";
      made.title = text;
    }
    made.append(inner);
    return made;
  }

  mark() {
    for (const row of this.body.rows) {
      const chosen = this.picked.includes(row.dataset.run);
      row.classList.toggle("picked", chosen);
      row.querySelector("input").checked = chosen;
    }
  }

  tellRest() {
    const rest = this.order.length - this.body.rows.length;
    this.more.hidden = rest <= 0;
    this.more.textContent = `Show ${Math.min(rest, STEP)} more of ${WHOLE.format(this.order.length)}`;
  }

  grow() {
    const from = this.body.rows.length;
    if (from >= this.order.length) return;
    const rows = this.order.slice(from, from + STEP).map((row, place) => this.row(row, from + place));
    this.body.append(...rows);
    this.shown = this.body.rows.length;
    this.tellRest();
    this.mark();
    if (this.more.hidden && this.root.activeElement === this.more) rows[0].querySelector("input").focus();
  }

  // --- what is done ---

  sortedBy() {
    const down = this.sort.startsWith("-");
    return { name: down ? this.sort.slice(1) : this.sort, down };
  }

  sortBy(column) {
    const { name, down } = this.sortedBy();
    const wanted = name === column.id ? !down : column.down;
    this.shown = STEP;
    this.say("sort", `${wanted ? "-" : ""}${column.id}`);
    this.draw();
    this.box.scrollTop = 0;
  }

  sortedRows() {
    const { name, down } = this.sortedBy();
    const place = this.data.columns.findIndex((column) => column.id === name);
    if (place < 0) return this.data.rows;
    const empty = (value) => value === null || value === "";
    return [...this.data.rows].sort(([, one], [, other]) => {
      const [a, b] = [one[place], other[place]];
      if (empty(a) || empty(b)) return empty(a) - empty(b); // at the end in both directions
      const order = typeof a === "number" && typeof b === "number" ? a - b : ORDER.compare(String(a), String(b));
      return down ? -order : order;
    });
  }

  pick(run, wanted) {
    const others = this.picked.filter((each) => each !== run);
    const dropped = wanted && others.length >= MOST_PICKED ? others.shift() : null;
    this.say("picked", wanted ? [...others, run] : others);
    this.mark();
    const titles = new Map(this.data.rows.map(([id, cells]) => [id, cells[0]]));
    this.said.textContent = dropped === null ? "" : `${titles.get(dropped)}: no longer picked, two are compared at a time.`;
  }
}
