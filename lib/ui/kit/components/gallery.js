// Small pictures with two lines below each. Choosing one tells the app its place.

import { button, element } from "./dom.js";

export default function ({ data: [data], parentElement, setTriggerValue }) {
  let list = parentElement.querySelector(".gallery");
  if (!list) {
    list = element("div", "gallery");
    list.setAttribute("role", "group");
    parentElement.append(list);
  }
  list.setAttribute("aria-label", data.label);
  const focused = [...list.children].indexOf(parentElement.getRootNode().activeElement);
  list.replaceChildren(...data.pictures.map((each, place) => {
    const looks = each.dead ? "one dead" : "one";
    const made = data.still ? element("div", looks) : button(looks, undefined, () => setTriggerValue("chosen", place));
    if (data.still) made.setAttribute("role", "img");
    const picture = element("img");
    picture.src = each.picture;
    picture.alt = "";
    made.append(picture, element("span", "name", each.name));
    if (each.note) made.append(element("span", "note", each.note));
    made.setAttribute("aria-label", each.said);
    made.title = each.said;
    if (data.chosen !== null) made.setAttribute("aria-pressed", String(place === data.chosen));
    return made;
  }));
  list.children[focused]?.focus();
}
