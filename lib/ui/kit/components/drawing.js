// A pad to draw a digit on. What is drawn goes to the app.

import { Pad } from "./pad.js";

export default function ({ data, parentElement, setStateValue }) {
  let root = parentElement.querySelector(".drawing");
  if (root?.pad.put === data.put) return;
  if (root) root.pad.goOnFrom(data.pixels); // a drawing of the app's: that of another address
  else root = parentElement.appendChild(new Pad(data.pixels, setStateValue).root);
  root.pad.put = data.put;
}
