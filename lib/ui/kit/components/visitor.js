// Keeps a random name in this browser and tells the app when it is another than the app supposed.
export default function ({ data, setStateValue }) {
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
