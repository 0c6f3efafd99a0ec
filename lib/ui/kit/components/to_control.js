// Brings the control that is to be changed into view when the app has set the others: who pressed the button stands far
// below. Without such a control on the page, its beginning.

import { ADDRESS_PUT } from "./place.js";

export default function ({ data: [data], parentElement }) {
  if (!data.stamp || parentElement.stamp === data.stamp) return; // 0: a link has opened the page with its task
  parentElement.stamp = data.stamp;
  dispatchEvent(new Event(ADDRESS_PUT)); // what shows a place that stands in the address alone
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  const control = data.names.map((name) => document.querySelector(`.st-key-${name}`)).find(Boolean);
  if (control) control.scrollIntoView({ block: "center", behavior });
  else document.querySelector("[data-testid=stMain]")?.scrollTo({ top: 0, behavior });
}
