// A small network and its arithmetic, one step at a time. All numbers come with the data; stepping stays in the browser.

import { button, element, shape } from "./dom.js";
import { clamp } from "./numbers.js";
import { Place } from "./place.js";

export default function ({ data: [data], parentElement }) {
  const view = parentElement.view ?? (parentElement.view = build(parentElement));
  view.data = data;
  view.scrub.max = data.steps.length;
  view.picture.setAttribute("aria-label", data.label);
  draw(view);
  show(view, view.asked ?? view.step);
}

function build(parent) {
  const view = {
    step: 0, picture: shape("svg", { class: "network", viewBox: "0 0 480 376", role: "img" }),
    title: element("output", "title"), sum: element("div", "sum"), scrub: element("input", "scrub"),
  };
  view.title.dataset.testid = "position";
  view.sum.dataset.testid = "arithmetic";
  view.sum.setAttribute("aria-live", "polite");
  view.scrub.type = "range";
  view.scrub.min = 0;
  view.scrub.dataset.testid = "scrub";
  view.scrub.setAttribute("aria-label", "step, forward and then backward");
  view.scrub.oninput = () => go(Number(view.scrub.value));
  const player = element("div", "player");
  // A person goes to a step, and the address says it.
  const go = (wanted) => {
    show(view, wanted);
    view.asked = null;
    view.place.write({ step: view.step || null });
  };
  const goer = (sign, words, to) => {
    const made = button("go", sign, () => go(to()));
    made.setAttribute("aria-label", words);
    return made;
  };
  player.append(goer("«", "To the start", () => 0), goer("◀", "Step back", () => view.step - 1),
    goer("▶", "Step on", () => view.step + 1), goer("»", "To the end", () => view.data.steps.length), view.scrub);
  const root = element("div", "backpropagation");
  const asked = () => (Number.isInteger(view.place.read().step) ? view.place.read().step : null);
  view.place = new Place(root, ["step"], () => show(view, (view.asked = asked()) ?? 0));
  view.asked = asked(); // until somebody steps, the address says the step
  root.append(view.picture, player, view.title, view.sum);
  parent.appendChild(root);
  return view;
}

function draw(view) {
  const { edges, circles, labels } = view.data;
  view.parts = [
    ...edges.map(({ name, from, to }) => [name, shape("line", { class: "edge", x1: from[0], y1: from[1], x2: to[0], y2: to[1] })]),
    ...circles.map(({ name, x, y, r }) => [name, shape("circle", { class: "unit", cx: x, cy: y, r })]),
  ];
  // A derivative stands under its number, in the colour of the backward pass.
  view.labels = labels.map((label) => [label, shape("text", {
    class: label.gradient ? "gradient" : "value", x: label.x, y: label.y + (label.gradient ? 16 : 0),
    "data-name": label.name }, label.text)]);
  view.picture.replaceChildren(...view.parts.map(([, part]) => part), ...view.labels.map(([, text]) => text));
}

function show(view, wanted) {
  const { steps, forward } = view.data, step = clamp(wanted, 0, steps.length);
  const now = steps[step - 1], lights = new Set(now ? now.lights : []);
  view.step = step;
  view.scrub.value = step;
  view.title.textContent = now ? `step ${step} of ${steps.length} · ${now.title}` : `step 0 of ${steps.length}`;
  view.sum.textContent = now ? now.sum : "Press ▶ to compute the first number.";
  view.picture.classList.toggle("back", step > forward);
  for (const [name, part] of view.parts) part.classList.toggle("lit", lights.has(name));
  for (const [label, text] of view.labels) {
    text.classList.toggle("hidden", label.when > step);
    text.classList.toggle("new", label.when === step && step > 0);
  }
}
