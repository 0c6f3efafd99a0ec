// What every component makes its picture of: HTML and SVG elements, and where a pointer or an arrow key leads.

const SVG = "http://www.w3.org/2000/svg";

// One step of each arrow key: [down, across].
export const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

// An HTML element. Its text is set as text, never as markup.
export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// A button that sends no form; `press` may also be set later, as `onclick`.
export function button(className, text, press) {
  const made = element("button", className, text);
  made.type = "button";
  if (press) made.onclick = press;
  return made;
}

// An SVG element.
export function shape(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Where a pointer is over an element: [down, across], from 0 at its top left to 1 at its bottom right.
export function placeIn(target, event) {
  const box = target.getBoundingClientRect();
  return [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
}
