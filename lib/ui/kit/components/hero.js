// Home's picture: digits pass through a small trained network, all of it computed here. A map that is pointed at says what
// it is; a digit that is drawn on the left passes through, too.

import { bytesOf, unpack } from "./arrays.js";
import { ARROWS } from "./dom.js";
import { asMnist } from "./digit.js";
import { Card } from "./hero_card.js";
import { Stage } from "./hero_stage.js";
import { Threads } from "./hero_threads.js";
import { clamp } from "./numbers.js";
import { forward } from "./small_network.js";

const REST_MS = 5000; // a digit stays so long before the next one comes: half of it with its answer
const FIRST_MS = 2500; // so long the page has to itself before the first one comes
const LATEST_MS = 2000; // a browser that never rests begins then
const ALONE_MS = 25_000; // without a person for so long, the picture stands still
const SAID_AFTER_MS = 700;
const ACTS = ["pointermove", "pointerdown", "keydown", "wheel"];

// The page comes first: until the browser has nothing else to do, the still picture stands there.
export default function ({ data: [data], parentElement }) {
  let [leave, left] = [null, false];
  const enter = () => {
    if (left) return;
    parentElement.hero ??= new Hero(parentElement, data);
    leave = parentElement.hero.enter();
  };
  if (window.requestIdleCallback) requestIdleCallback(enter, { timeout: LATEST_MS });
  else setTimeout(enter);
  return () => {
    left = true;
    leave?.();
  };
}

class Hero {
  constructor(parent, data) {
    this.layers = data.layers.map((layer) => ({ ...layer, kernel: unpack(layer.kernel), bias: unpack(layer.bias) }));
    this.size = data.size;
    const bytes = bytesOf(data.digits);
    const each = data.size[0] * data.size[1];
    this.digits = data.labels.map((label, place) => ({ label, bytes: bytes.subarray(place * each, (place + 1) * each) }));
    this.next = 0;
    this.onScreen = true;
    this.stage = new Stage(parent, { ...data, layers: this.layers }, {
      draw: (base64) => this.takeDrawing(base64),
      drawn: () => this.pass(),
      play: () => {
        this.paused = this.playing;
        this.play(!this.paused);
      },
      another: () => this.another(),
    });
    this.threads = new Threads(this.stage, data);
    this.card = new Card(this.stage, { ...data, layers: this.layers });
    this.listen();
    this.take(this.digits[0]);
  }

  // --- who is there ---

  // Begin to move, where motion is wanted; what is returned ends it.
  enter() {
    const ending = new AbortController();
    const signal = ending.signal;
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    const heed = () => {
      this.still = still.matches;
      this.stage.mayPlay(!this.still);
      this.play(!this.still && !this.paused, FIRST_MS);
    };
    this.stage.replace(); // the still picture
    this.acted = performance.now();
    for (const act of ACTS) addEventListener(act, () => (this.acted = performance.now()), { signal, passive: true, capture: true });
    document.addEventListener("visibilitychange", () => this.look(), { signal });
    still.addEventListener("change", heed, { signal });
    const watched = new IntersectionObserver(([{ isIntersecting }]) => {
      if (isIntersecting === this.onScreen) return;
      this.onScreen = isIntersecting;
      this.look();
    });
    watched.observe(this.stage.root);
    heed();
    return () => {
      ending.abort();
      watched.disconnect();
      this.play(false);
    };
  }

  look() {
    if (!this.seen) this.threads.finish();
    this.later();
  }

  get seen() {
    return this.onScreen && !document.hidden;
  }

  // --- digits ---

  play(on, wait = 0) {
    this.playing = on;
    this.stage.playing(on);
    if (!on) this.threads.finish();
    this.later(wait);
  }

  later(wait = REST_MS) {
    clearTimeout(this.timer);
    if (this.playing && this.seen) this.timer = setTimeout(() => this.move(), wait);
  }

  move() {
    if (performance.now() - this.acted > ALONE_MS) return this.play(false);
    if (this.card.shown || this.stage.busy) return this.later();
    this.goOn();
    this.later();
  }

  another() {
    this.goOn();
    this.later();
  }

  goOn() {
    this.next = (this.next + 1) % this.digits.length;
    this.take(this.digits[this.next]);
  }

  // A digit of the test part.
  take({ label, bytes }) {
    this.stage.pad.show(bytes);
    this.drawn = false;
    this.show(bytes, `A real ${label}`);
    this.pass();
  }

  // What somebody draws: it passes through with each stroke, brought to the size and place of MNIST's digits.
  takeDrawing(base64) {
    this.paused = true;
    this.play(false);
    const bytes = asMnist(bytesOf(base64 || btoa("\0".repeat(this.size[0] * this.size[1]))));
    this.drawn = true;
    this.show(bytes ?? new Uint8Array(this.size[0] * this.size[1]), bytes ? "Your digit" : "An empty pad");
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.stage.say(), SAID_AFTER_MS);
  }

  show(bytes, what) {
    performance.mark("hero-forward");
    this.outputs = forward(this.layers, bytes, this.size);
    performance.measure("hero-forward", "hero-forward");
    performance.clearMarks("hero-forward");
    this.stage.describe(what, this.outputs);
    this.threads.take(this.outputs);
    // Where nothing moves, or while a pen does, all is shown at once.
    if (this.still || this.drawn || !this.playing || !this.seen) this.threads.finish();
    this.card.take(this.outputs);
  }

  pass() {
    if (!this.still && this.seen && this.threads.ready) this.threads.pass();
    else this.threads.finish();
  }

  // --- pointing ---

  listen() {
    const { root } = this.stage;
    const unitOf = (event) => event.target.closest?.(".unit") ?? null;
    root.addEventListener("pointerover", (event) => event.pointerType === "touch" || this.card.show(unitOf(event)));
    root.addEventListener("pointermove", (event) => this.card.point(event));
    root.addEventListener("pointerleave", () => this.card.show(null));
    root.addEventListener("click", (event) => this.card.show(unitOf(event)));
    root.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && this.card.show(unitOf(event)));
    root.addEventListener("focusout", () => this.card.show(null));
    root.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    const step = ARROWS[event.key];
    const from = event.target.closest(".unit");
    if (event.key === "Escape") this.card.show(null);
    if (!step || !from) return;
    const groups = this.stage.groups;
    const place = groups.findIndex((group) => group.includes(from));
    const rank = groups[place].indexOf(from);
    const to = groups[clamp(place + step[1], 0, groups.length - 1)];
    const next = step[0] ? groups[place][clamp(rank + step[0], 0, groups[place].length - 1)] : to[Math.min(rank, to.length - 1)];
    for (const unit of groups.find((group) => group.includes(next))) unit.tabIndex = unit === next ? 0 : -1;
    next.focus();
    event.preventDefault();
  }
}
