// Shows the image of the sample that is pointed at in a plotly chart beside it. plotly's own labels are text alone.

import { element } from "./dom.js";

const SIDE = 84; // pixels
const AWAY = 18; // from the pointer

export default function ({ data: [data], parentElement }) {
  parentElement.pointed ??= new Pointed(parentElement);
  parentElement.pointed.take(data);
  return () => parentElement.pointed.hide();
}

class Pointed {
  constructor(parent) {
    this.box = parent.appendChild(element("div", "pointed"));
    this.box.dataset.testid = "pointed-at";
    this.box.setAttribute("aria-hidden", "true"); // the label says the sample's number and its classes
    this.hide();
  }

  take(data) {
    this.data = data;
    this.places = new Map(data.numbers.map((number, place) => [number, place]));
    this.watched?.disconnect();
    // The chart comes and goes: another one is listened to as soon as it is there.
    this.watched = new MutationObserver(() => this.listen());
    const around = document.querySelector(data.within);
    if (around) this.watched.observe(around, { childList: true, subtree: true });
    this.listen();
  }

  listen() {
    const chart = document.querySelector(`${this.data.within} .js-plotly-plot`);
    if (!chart?.on || chart === this.chart) return;
    this.chart = chart;
    chart.on("plotly_hover", ({ points: [point], event }) => this.show(point?.customdata?.[0], event));
    chart.on("plotly_unhover", () => this.hide());
  }

  show(number, event) {
    const place = this.places.get(number);
    if (place === undefined) return this.hide();
    const { sheet, columns, rows, width, height } = this.data;
    const size = SIDE / Math.max(width, height);
    const [across, down] = [place % columns, Math.floor(place / columns)];
    Object.assign(this.box.style, {
      display: "block", width: `${width * size}px`, height: `${height * size}px`,
      backgroundImage: `url(${sheet})`, backgroundSize: `${columns * width * size}px ${rows * height * size}px`,
      backgroundPosition: `${-across * width * size}px ${-down * height * size}px`,
      left: `${Math.max(0, event.clientX - AWAY - width * size)}px`, top: `${Math.max(0, event.clientY - AWAY - height * size)}px`,
    });
    this.box.dataset.number = number;
  }

  hide() {
    this.box.style.display = "none";
  }
}
