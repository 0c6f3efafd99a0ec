// The plane as a trained network divides it. A ring marks the chosen point; a click chooses another place.

import { bytesOf } from "./arrays.js";
import { Plane, pointsOf, rgbOfStyle, scaleOf } from "./boundary_plane.js";
import { css, rgbOf } from "./colours.js";
import { element } from "./dom.js";

export default function ({ data: [data], parentElement, setTriggerValue }) {
  parentElement.plane ??= new PlaneView(parentElement);
  parentElement.plane.show(data, (place) => setTriggerValue("place", place));
}

class PlaneView {
  constructor(parent) {
    this.root = element("section", "inside-plane");
    this.root.setAttribute("aria-label", "decision plane");
    this.plane = new Plane();
    this.key = element("div", "key");
    this.root.append(this.plane.canvas, this.key);
    parent.appendChild(this.root);
    this.plane.canvas.onclick = (event) => {
      const place = this.plane.placeAt(event, this.data.range);
      if (place) this.choose(place);
    };
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  show(data, choose) {
    Object.assign(this, { data, choose });
    this.draw();
  }

  draw() {
    if (!this.data) return;
    const { data } = this;
    const style = getComputedStyle(this.root);
    const classes = data.colours.map(rgbOf);
    const look = {
      ground: rgbOfStyle(style.backgroundColor), ink: rgbOfStyle(style.color), font: style.fontFamily, classes,
      numbers: data.classes.length === 0,
    };
    look.scale = scaleOf(classes, look.ground);
    const [train, test] = ["train", "test"].map((part) => pointsOf(data[part], classes, look.numbers, look.ground));
    this.plane.draw({ train, test, range: data.range, place: data.place }, data.output.map(bytesOf), data.side, look, false);
    this.plane.canvas.setAttribute("aria-label", data.said);
    const names = data.classes.length ? data.classes : ["−1", "1"];
    this.key.replaceChildren(...names.map((name, place) => {
      const entry = element("span", "entry", name);
      entry.style.setProperty("--colour", css(classes[place]));
      return entry;
    }));
  }
}
