// Keeps the entry that the address names (`/glossary#stride`) in view while the page is still being laid out: fonts and
// styles that arrive late move everything below them. It ends with the first thing that a person does.

const ACTS = ["wheel", "touchstart", "pointerdown", "keydown"];

export default function ({ parentElement }) {
  if (parentElement.arrived) return;
  parentElement.arrived = true;
  const page = document.querySelector("[data-testid=stMainBlockContainer]");
  const watched = new ResizeObserver(() => document.getElementById(location.hash.slice(1))?.scrollIntoView());
  watched.observe(page, { box: "border-box" });
  const end = () => {
    watched.disconnect();
    for (const act of ACTS) removeEventListener(act, end, true);
  };
  for (const act of ACTS) addEventListener(act, end, true);
  return end;
}
