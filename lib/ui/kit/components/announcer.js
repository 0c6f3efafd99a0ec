// Tells in words what happens, for somebody who hears the page: a screen reader reads each new text, and nobody sees it.

import { element } from "./dom.js";

export default function ({ data: [data], parentElement }) {
  let spoken = parentElement.querySelector(".spoken");
  if (!spoken) {
    spoken = parentElement.appendChild(element("div", "spoken"));
    spoken.setAttribute("role", "status");
    spoken.setAttribute("aria-live", "polite");
    // What was over before the page was opened is no news.
    spoken.step = data.over ? data.step : "";
  }
  // Within one step the words may change (an accuracy does with each batch); they are told once.
  if (spoken.step !== data.step) spoken.textContent = data.words;
  spoken.step = data.step;
}
