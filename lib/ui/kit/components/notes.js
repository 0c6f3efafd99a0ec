// A term of the glossary opens as a note beside the text. The app sends the notes once; a click on a link to
// `glossary#stride` is answered here, wherever the link stands. With Ctrl, Shift or the middle button it opens the glossary.

import { button, element } from "./dom.js";
import { clamp } from "./numbers.js";

const AWAY = 6; // pixels from the text
const THEME = ["font", "code-font", "text-color", "background-color", "code-background-color", "border-color", "primary-color",
  "link-color", "base-radius"].map((name) => `--st-${name}`);
const TAGS = { text: "span", code: "code", strong: "strong", formula: "em" };

export default function ({ data: [data], parentElement }) {
  // A browser without popovers follows the links, as before.
  if (!HTMLElement.prototype.showPopover) return;
  // One for the whole visit: a page that is just being drawn takes its component away for a moment.
  window.layerlabNote ??= new Note(parentElement);
  window.layerlabNote.drawn(parentElement, data.notes);
}

class Note {
  constructor(parent) {
    this.slugs = []; // the notes that led to the one that is shown
    // While a dialog is open only what stands in it can be reached; the note goes there with the styles that it needs.
    this.frame = element("div");
    this.frame.attachShadow({ mode: "open" });
    this.frame.shadowRoot.append(...[...parent.getRootNode().querySelectorAll("style")].map((style) => style.cloneNode(true)));
    this.box = element("div", "note");
    this.box.popover = "manual"; // above all else, dialogs too
    this.box.tabIndex = -1;
    this.box.dataset.testid = "note";
    this.box.setAttribute("role", "dialog");
    this.box.setAttribute("aria-labelledby", "note-term");
    this.box.setAttribute("aria-describedby", "note-meaning");
    this.term = element("div", "term");
    this.term.id = "note-term";
    this.meaning = element("div", "meaning");
    this.meaning.id = "note-meaning";
    this.back = button("back", "← Back", () => this.goBack());
    this.whole = element("a", "whole", "Open in the glossary");
    this.whole.target = "_blank";
    this.close = button("close", "×", () => this.hide(true));
    this.close.setAttribute("aria-label", "Close the note");
    const foot = element("div", "foot");
    foot.append(this.back, this.whole);
    this.box.append(this.close, this.term, this.meaning, foot);
    this.frame.shadowRoot.append(this.box);
    document.body.append(this.frame);
    this.listen();
  }

  // The app has drawn the component, perhaps on another page.
  drawn(parent, notes) {
    this.parent = parent;
    this.notes = JSON.parse(notes);
    if (this.open && !this.link.isConnected) this.hide(false);
  }

  listen() {
    const on = (name, call) => window.addEventListener(name, call, { capture: true });
    on("click", (event) => this.click(event));
    on("focusin", (event) => this.termOf(event)?.setAttribute("aria-haspopup", "dialog"));
    on("pointerdown", (event) => event.composedPath().includes(this.box) || this.hide(false));
    on("keydown", (event) => this.press(event));
    on("keyup", (event) => this.release(event));
    for (const name of ["scroll", "resize"]) on(name, () => this.place());
  }

  get open() {
    return this.box.matches(":popover-open");
  }

  // The link to a term of the glossary that an event is about, if it is one.
  termOf(event) {
    const link = event.composedPath()[0].closest?.("a[href*='glossary#']");
    return link && link !== this.whole && slugOf(link) in this.notes ? link : null;
  }

  click(event) {
    const link = this.termOf(event);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    stop(event);
    if (this.box.contains(link)) this.slugs.push(slugOf(link));
    else {
      this.hide(false);
      this.link = link;
      this.slugs = [slugOf(link)];
    }
    this.show();
  }

  goBack() {
    this.slugs.pop();
    this.show();
  }

  press(event) {
    if (!this.open) return;
    if (event.key === "Escape") {
      // Only the note is closed, not a dialog below it.
      this.closing = true;
      stop(event);
      this.hide(true);
    } else if (event.key === "Tab" && event.composedPath().includes(this.box)) this.turn(event);
  }

  release(event) {
    if (event.key !== "Escape" || !this.closing) return;
    this.closing = false;
    event.stopPropagation();
  }

  // Tab goes round within the note.
  turn(event) {
    const stops = [...this.box.querySelectorAll("a, button:not([hidden])")];
    const now = stops.indexOf(this.box.getRootNode().activeElement);
    const next = now < 0 ? (event.shiftKey ? -1 : 0) : now + (event.shiftKey ? -1 : 1);
    stops.at(next % stops.length).focus();
    stop(event);
  }

  show() {
    const slug = this.slugs.at(-1);
    const { term, paragraphs } = this.notes[slug];
    this.term.textContent = term;
    this.meaning.replaceChildren(...paragraphs.map(paragraphOf));
    this.whole.href = `glossary#${slug}`;
    this.back.hidden = this.slugs.length < 2;
    this.link.setAttribute("aria-expanded", "true");
    this.goBeside(this.link);
    if (!this.open) this.box.showPopover();
    this.place();
    this.box.focus({ preventScroll: true });
  }

  goBeside(link) {
    const theme = getComputedStyle(this.parent.host ?? this.parent);
    for (const name of THEME.filter((each) => theme.getPropertyValue(each)))
      this.frame.style.setProperty(name, theme.getPropertyValue(name));
    const room = link.closest("[role=dialog]") ?? document.body;
    if (this.frame.parentNode !== room) room.append(this.frame);
  }

  // Below the term, or above it where there is more room; always on the screen.
  place() {
    if (!this.open || !this.link.isConnected) return;
    const text = this.link.getClientRects()[0] ?? this.link.getBoundingClientRect();
    const [width, height] = [this.box.offsetWidth, this.box.offsetHeight];
    const below = text.bottom + AWAY;
    const top = below + height <= innerHeight || text.top < innerHeight / 2 ? below : text.top - AWAY - height;
    this.box.style.left = `${clamp(text.left, AWAY, Math.max(innerWidth - width - AWAY, AWAY))}px`;
    this.box.style.top = `${clamp(top, AWAY, Math.max(innerHeight - height - AWAY, AWAY))}px`;
  }

  // `back`: the keyboard goes on where it came from.
  hide(back) {
    if (!this.open) return;
    this.box.hidePopover();
    this.link.removeAttribute("aria-expanded");
    if (back) this.link.focus({ preventScroll: true });
  }
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

function slugOf(link) {
  return link.getAttribute("href").split("glossary#")[1];
}

function paragraphOf(pieces) {
  const made = element("p");
  made.append(...pieces.map(([kind, words, address]) => {
    if (kind !== "link") return element(TAGS[kind], kind, words);
    const link = element("a", kind, words);
    link.href = address;
    link.target = "_blank";
    return link;
  }));
  return made;
}
