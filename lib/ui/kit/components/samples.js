// A grid of test samples: an image, a sentence or a row of values, its true and predicted class, and a bar for each class.
// Choosing one tells the app its number; so does asking to look inside with it.

import { button, element } from "./dom.js";

export default function ({ data, parentElement, setTriggerValue }) {
  let grid = parentElement.querySelector(".grid");
  if (!grid) {
    grid = element("div");
    parentElement.appendChild(grid);
  }
  grid.className = data.samples.some((sample) => sample.image) ? "grid" : "grid wide";
  grid.replaceChildren(...data.samples.map((sample) => {
    const made = card(sample, data, setTriggerValue);
    return data.still ? made : withWayInside(made, sample, setTriggerValue);
  }));
}

function card(sample, { classes, truth, still }, setTriggerValue) {
  const right = sample.label === sample.predicted;
  const said = classes[sample.predicted];
  const looks = `${right ? "card" : "card wrong"}${still ? " still" : ""}`;
  const made = still ? element("div", looks) : button(looks);
  if (still) made.setAttribute("role", "group");
  const top = element("span", "top");
  const words = element("span", "words");
  words.append(
    element("span", "said", still ? `says ${said}` : `${right ? "✓" : "✗"} ${said}`),
    element("span", "sure", `${(100 * sample.shares[sample.predicted]).toFixed(1)}% sure`),
    element("span", "true", `${truth}: ${classes[sample.label]}`),
    element("span", "number", `no. ${sample.number}`),
  );
  if (sample.image) top.append(picture(sample, still ? "sample" : "test sample"));
  top.append(words);
  const bars = element("span", "bars");
  sample.shares.forEach((share, place) => bars.append(bar(share, place, sample, classes)));
  made.append(...content(sample), top, bars);
  made.setAttribute("aria-label", `sample ${sample.number}: ${truth} ${classes[sample.label]}, predicted ${said}, ` +
    sample.shares.map((share, place) => `${classes[place]} ${(100 * share).toFixed(1)}%`).join(", ") +
    (sample.text ? `: ${sample.text}` : ""));
  if (!still) made.onclick = () => setTriggerValue("chosen", sample.number);
  return made;
}

function withWayInside(made, sample, tell) {
  const way = button("inside", "Look inside", () => tell("inside", sample.number));
  way.setAttribute("aria-label", `Look inside with sample ${sample.number}`);
  const both = element("div", "both");
  both.append(made, way);
  return both;
}

function picture(sample, noun) {
  const made = element("img", "picture");
  made.src = sample.image;
  made.alt = `${noun} ${sample.number}`;
  return made;
}

function content(sample) {
  if (sample.text !== undefined) {
    const made = element("span", "text", sample.text);
    made.dir = "auto";
    return [made];
  }
  if (!sample.values) return [];
  const made = element("span", "values");
  sample.values.forEach(([name, value]) => {
    const pair = element("span", "pair");
    pair.title = name;
    pair.append(element("span", "column", name), element("span", "value", value));
    made.append(pair);
  });
  return [made];
}

function bar(share, place, sample, classes) {
  const row = element("span", "row");
  row.title = `${classes[place]}: ${(100 * share).toFixed(2)}%`;
  const track = element("span", "track");
  const fill = element("span", "fill");
  if (place === sample.label) fill.classList.add("label");
  else if (place === sample.predicted) fill.classList.add("mistake");
  fill.style.width = `${Math.max(100 * share, 0.5)}%`;
  track.append(fill);
  row.append(element("span", "name", classes[place]), track, element("span", "share", number(share)));
  return row;
}

function number(share) {
  return share >= 0.9995 ? "100" : share < 0.0005 ? "0" : (100 * share).toFixed(1);
}
