// The words of a sentence over their ids over their vectors.

import { unpack } from "./arrays.js";
import { colourOf, css, palette } from "./colours.js";
import { button, element } from "./dom.js";
import { legend } from "./maps.js";
import { fixed, LEGEND_DIGITS } from "./sequences_numbers.js";

export default function ({ data: [data], parentElement }) {
  const root = parentElement.querySelector(".tokens") ?? parentElement.appendChild(element("section", "tokens"));
  const vectors = unpack(data.vectors);
  const colours = palette([-1], data.diverging);
  const range = [-data.range, data.range];
  const said = element("div", "said", "Point at a word or tap it: its numbers stand here.");
  said.dataset.testid = "vector";
  const row = element("div", "row");
  row.append(
    ...data.before.map(cutWord),
    ...data.steps.map((step, place) => {
      const numbers = vectors.values.subarray(place * vectors.shape[1], (place + 1) * vectors.shape[1]);
      return card(step, numbers, (value) => css(colourOf(value, range, colours)), () => {
        said.textContent = describe(step, numbers, data.numbers);
      });
    }),
    ...data.after.map(cutWord),
  );
  const keys = element("div", "keys");
  keys.append(element("span", "", "embedding:"), legend(range, data.diverging, LEGEND_DIGITS));
  const kinds = { unknown: "unknown word, id 1", padding: "padding, id 0" };
  for (const [kind, name] of Object.entries(kinds)) {
    if (data.steps.some((step) => step.kind === kind)) keys.append(element("span", `key ${kind}`, name));
  }
  if (data.before.length + data.after.length) keys.append(element("span", "key cut", "cut off"));
  root.setAttribute("aria-label", data.label);
  root.replaceChildren(row, keys, said);
}

function card(step, numbers, colour, show) {
  const made = button(`card ${step.kind}`);
  const vector = element("span", "vector");
  vector.append(...Array.from(numbers, (value) => {
    const cell = element("span", "cell");
    cell.style.background = colour(value);
    return cell;
  }));
  made.append(element("span", "chip", step.kind === "padding" ? "PAD" : step.word), element("span", "id", step.id), vector);
  made.onpointerenter = made.onfocus = made.onclick = show;
  return made;
}

function cutWord(word) {
  const made = element("span", "card cut");
  made.append(element("span", "chip", word));
  return made;
}

function describe(step, numbers, all) {
  const more = all > numbers.length ? `, … (${all} numbers)` : "";
  const why = step.kind === "unknown" ? " (not in the vocabulary)" : "";
  return `${step.word}${why} → id ${step.id} → row ${step.id} of the table: [${Array.from(numbers, fixed).join(", ")}${more}]`;
}
