// A sentence word by word: how far the answer falls without each word, as a number and as a colour.

import { colourOf, css, inkOn, palette } from "./colours.js";
import { element } from "./dom.js";

export default function ({ data: [data], parentElement }) {
  let list = parentElement.querySelector(".parts-of-sentence");
  if (!list) {
    list = element("ol", "parts-of-sentence");
    list.dataset.testid = "why-words";
    list.setAttribute("aria-label", "each word, and by how much the probability falls without it");
    parentElement.append(list);
  }
  const colours = palette([-1], data.diverging);
  list.replaceChildren(...data.words.map((each) => {
    const colour = colourOf(each.part, [-data.most, data.most], colours);
    const made = element("li", "part");
    const word = element("span", "word", each.word);
    word.style.background = css(colour);
    word.style.color = inkOn(colour);
    word.dir = "auto";
    made.title = each.said;
    made.append(word, element("span", "number", each.number));
    return made;
  }));
}
