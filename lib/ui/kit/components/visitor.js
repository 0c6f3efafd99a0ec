import { keepSteps } from "./steps.js";

// Keeps a random name in this browser. Where the app supposed another name, it is told this one.
export default function ({ data, setStateValue }) {
  keepSteps();
  const key = "layerlab-visitor";
  let name = data.name;
  try {
    const kept = window.localStorage.getItem(key);
    if (kept && /^[0-9a-f]{32}$/.test(kept)) name = kept;
    else window.localStorage.setItem(key, name);
  } catch {
    // A browser that keeps nothing: the name lasts as long as the page.
  }
  if (name !== data.name) setStateValue("name", name);
}
