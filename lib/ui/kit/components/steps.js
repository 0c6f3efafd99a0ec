// One step of the browser's history for one thing that a person did, so that Back takes back one thing.
//
// Streamlit adds a step for each address that the server writes: for a page that is opened and again for the settings
// written out there, and for each place of a slider on its way. Those become one step here.

const TOGETHER_MS = 1500;
const ACTS = ["pointerdown", "keydown", "drop"];

export function keepSteps() {
  if (window.layerlabSteps) return;
  window.layerlabSteps = true;
  let acted = false;
  let last = { setting: "", at: -Infinity };
  for (const name of ACTS) window.addEventListener(name, () => (acted = true), { capture: true, passive: true });
  const push = window.history.pushState;
  window.history.pushState = function (state, unused, address) {
    const setting = changedSetting(new URL(window.location.href), new URL(address ?? "", window.location.href));
    const now = performance.now();
    const together = setting !== "" && setting === last.setting && now - last.at < TOGETHER_MS;
    const step = acted && !together ? push : window.history.replaceState;
    acted = false;
    last = { setting, at: now };
    return step.call(window.history, state, unused, address);
  };
}

// The one setting in which two addresses of a page differ, "" if they differ in more or less.
function changedSetting(before, after) {
  if (before.pathname !== after.pathname) return "";
  const names = new Set([...before.searchParams.keys(), ...after.searchParams.keys()]);
  const [name, ...more] = [...names].filter((each) => before.searchParams.get(each) !== after.searchParams.get(each));
  if (!name || more.length) return "";
  return name === "layers" ? changedOption(before.searchParams.get(name), after.searchParams.get(name)) : name;
}

// The one option in which two stacks of layers such as `Conv2D(filters=8);Flatten` differ, "" if it is not one option.
function changedOption(before, after) {
  const [old, now] = [before, after].map((text) => (text ?? "").split(";").map((layer) => layer.split(/[(,)]/)));
  if (old.length !== now.length) return "";
  const [place, ...more] = now.flatMap((layer, at) => (layer.join() === old[at].join() ? [] : [at]));
  if (place === undefined || more.length || old[place][0] !== now[place][0]) return "";
  const options = [...old[place], ...now[place]];
  const changed = new Set(options.filter((each) => options.indexOf(each) === options.lastIndexOf(each)));
  const names = new Set([...changed].map((each) => each.split("=")[0]).filter(Boolean));
  return names.size === 1 ? `layers ${place} ${[...names][0]}` : "";
}
