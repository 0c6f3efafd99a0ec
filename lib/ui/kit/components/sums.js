// Sums that are written out, product by product.

import { element } from "./dom.js";
import { fixed } from "./sequences_numbers.js";

const MOST_PRODUCTS = 16; // of a longer sum only the largest products are written out

// All of them together.
export function total(values) {
  return values.reduce((all, value) => all + value, 0);
}

// A factor: a negative one in brackets.
export function signed(value) {
  return value < 0 ? `(${fixed(value)})` : fixed(value);
}

// Products one by one. Of very many: the largest, and the sum of the others.
export function written(title, products, all) {
  const made = element("div", "products");
  const largest = [...products].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, MOST_PRODUCTS);
  const few = products.length <= MOST_PRODUCTS ? products : largest;
  made.append(element("span", "what", `${title}:`),
    ...few.map(({ words, value }) => element("span", "product", `${words} = ${fixed(value)}`)));
  if (few.length < products.length) {
    const rest = all - total(few.map(({ value }) => value));
    made.append(element("span", "product", `${products.length - few.length} smaller ones = ${fixed(rest)}`));
  }
  made.append(element("span", "product whole", `together ${fixed(all)}`));
  return made;
}
