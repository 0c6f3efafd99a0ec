// The arithmetic of one cell in words: a step for each thing that is done on the way from a query to the answer.

import { at } from "./arrays.js";
import { numbersAt } from "./attention_chain.js";
import { element } from "./dom.js";
import { fixed } from "./sequences_numbers.js";
import { signed, total, written } from "./sums.js";

// The steps: what each is called, its sum in one line, and what stands below when it is opened.
export function stepsOf(scene, chain, place) {
  const cell = { scene, chain, ...place, asks: scene.columns[chain.asks].word, seen: scene.columns[place.column].word };
  const made = [projected(cell), product(cell), quotient(cell), masked(cell), share(cell), mixed(cell), joined(cell),
    output(cell), residual(cell), normal(cell), dense(cell), again(cell)];
  return scene.tail ? [...made, pooled(cell), logit(cell)] : made;
}

function line(text) {
  return element("div", "line", text);
}

// Factors side by side as `written` takes them.
function pairs(left, right) {
  return left.map((value, place) => ({
    value: value * right[place], words: `${signed(value)} · ${signed(right[place])}`,
  }));
}

// One column of a table of weights.
function columnOf(kernel, column) {
  const width = kernel.shape.at(-1);
  return Array.from({ length: kernel.shape.at(-2) }, (_, row) => kernel.values[row * width + column]);
}

// How a number of the query and one of the key and the value come about: weighted sums of what goes into the block.
function projected({ scene, chain, column, number, asks, seen }) {
  const body = () => [["query", chain.asks, asks], ["key", column, seen], ["value", column, seen]].flatMap(([name, step, word], part) => {
    const { shape, values } = scene.projection;
    const from = part * shape[1] * shape[2];
    const weights = Array.from({ length: shape[1] }, (_, row) => values[from + row * shape[2] + number]);
    const products = pairs(numbersAt(scene.inputs, step), weights);
    const [sum, bias] = [total(products.map(({ value }) => value)), at(scene.projectionBias, part, number)];
    return [written(`${name} of “${word}”, number ${number}: numbers of the word · weights`, products, sum),
      line(`with the bias: ${fixed(sum)} + ${signed(bias)} = ${fixed(sum + bias)}`)];
  });
  const [q, k, v] = [at(scene.query, chain.asks, number), at(scene.key, column, number), at(scene.value, column, number)];
  return { id: "projected", title: "query, key and value", line: `number ${number}: query ${fixed(q)}, key ${fixed(k)}, value ${fixed(v)}`, body };
}

function product({ scene, chain, column, asks, seen }) {
  const sum = chain.products[column];
  const products = pairs(chain.query, numbersAt(scene.key, column));
  return {
    id: "product", title: "query times key", line: `number by number, together ${fixed(sum)}`,
    body: () => [written(`query of “${asks}” · key of “${seen}”`, products, sum)],
  };
}

function quotient({ scene, chain, column }) {
  const warmth = scene.temperature === 1 ? "" : ` / ${scene.temperature}`;
  const text = `${fixed(chain.products[column])} / ${fixed(scene.root)}${warmth} = ${fixed(chain.scores[column])}`;
  const why = `the root of key_dim: √${scene.query.shape[1]} = ${fixed(scene.root)}`;
  return {
    id: "quotient", title: "divided by the root", line: text,
    body: () => [line(warmth ? `${why}; then the temperature, ${scene.temperature}` : why)],
  };
}

function masked({ scene, chain, column, asks, seen }) {
  const padding = scene.columns[column].kind === "padding";
  const here = padding ? "padding: nobody may look here" : `“${seen}” comes after “${asks}”: the causal mask forbids it`;
  const said = chain.allowed[column] ? "nothing is in the way" : here;
  const kinds = [scene.masked ? "padding is masked" : "this network does not mask padding"];
  if (scene.causal) kinds.push("words behind the one that looks are masked");
  return { id: "masked", title: "mask", line: said, body: () => [line(`${kinds.join("; ")}. A masked score gets the share 0.`)] };
}

function share({ scene, chain, column }) {
  const [power, weight] = [chain.powers[column], chain.weights[column]];
  const score = scene.uniform ? 0 : chain.scores[column];
  const exponent = `e^(${fixed(score)} − ${signed(chain.largest)})`;
  const top = chain.allowed[column] ? `${scene.uniform ? "1" : `${exponent} / ${fixed(chain.all)} = ${fixed(power)}`}` : "0";
  const body = () => {
    const all = scene.columns.map(({ word }, place) => ({ value: chain.powers[place], words: word }));
    if (scene.hidden) all.push({ value: chain.rest, words: `${scene.hidden} steps that are not shown` });
    const what = scene.uniform ? "evenly: 1 for each word that may be looked at" : "e^(score − largest score of the row)";
    return [written(what, all, chain.all), line(`share: ${fixed(power)} / ${fixed(chain.all)} = ${fixed(weight)}`)];
  };
  return { id: "share", title: "softmax of the row", line: `${top} / ${fixed(chain.all)} = ${fixed(weight)}`, body };
}

function mixed({ scene, chain, column, number }) {
  const values = scene.columns.map((_, place) => at(scene.value, place, number));
  const products = pairs(chain.weights, values);
  if (scene.hidden) products.push({ value: at(scene.restMixed, chain.row, number), words: `${scene.hidden} steps that are not shown` });
  const own = `${fixed(chain.weights[column])} · ${signed(values[column])} = ${fixed(products[column].value)} of it from here`;
  const off = scene.off ? "; the head is off: 0" : "";
  return {
    id: "mixed", title: "weighted sum of values", line: `number ${number}: ${fixed(chain.mean[number])}, ${own}${off}`,
    body: () => [written(`number ${number}: share · value of each word`, products, chain.mean[number])],
  };
}

function joined({ scene, chain, number }) {
  const [wide, all] = [chain.mixed.length, chain.joined.length];
  const place = scene.head * wide + number;
  const body = () => Array.from({ length: all / wide }, (_, head) =>
    line(`head ${head}: ${chain.joined.slice(head * wide, (head + 1) * wide).map(fixed).join(", ")}`));
  return {
    id: "joined", title: "heads side by side", line: `number ${number} of head ${scene.head} is number ${place} of ${all}: ${fixed(chain.joined[place])}`, body,
  };
}

function output({ scene, chain, feature }) {
  const products = pairs(chain.joined, columnOf(scene.outputKernel, feature));
  const [sum, bias] = [total(products.map(({ value }) => value)), at(scene.outputBias, feature)];
  return {
    id: "output", title: "output projection", line: `feature ${feature}: ${fixed(sum)} + ${signed(bias)} = ${fixed(chain.output[feature])}`,
    body: () => [written("numbers of all heads · weights", products, sum), line(`bias: ${fixed(bias)}`)],
  };
}

function residual({ chain, feature, asks }) {
  const [before, more] = [chain.inputs[feature], chain.output[feature]];
  return {
    id: "residual", title: "residual connection", line: `feature ${feature}: ${fixed(before)} + ${signed(more)} = ${fixed(chain.attended[feature])}`,
    body: () => [line(`what went in for “${asks}” stays, and what attention found is added`)],
  };
}

function normalLine({ mean, root, out }, gamma, beta, value, feature) {
  const [scale, shift] = [gamma.values[feature], beta.values[feature]];
  return `feature ${feature}: (${fixed(value)} − ${signed(mean)}) / ${fixed(root)} · ${signed(scale)} + ${signed(shift)} = ${fixed(out[feature])}`;
}

function normalBody({ mean, variance, root }, count) {
  return [line(`mean of the word's ${count} features: ${fixed(mean)}`),
    line(`√(variance + 0.001) = √(${fixed(variance)} + 0.001) = ${fixed(root)}; then the learned scale and shift`)];
}

function normal({ scene, chain, feature }) {
  const text = normalLine(chain.first, scene.firstGamma, scene.firstBeta, chain.attended[feature], feature);
  return { id: "normal", title: "normalisation", line: text, body: () => normalBody(chain.first, chain.attended.length) };
}

function dense({ scene, chain, feature, unit }) {
  const inner = chain.inner.map((value) => Math.max(value, 0));
  const products = pairs(inner, columnOf(scene.outerKernel, feature));
  const [sum, bias] = [total(products.map(({ value }) => value)), at(scene.outerBias, feature)];
  const body = () => {
    const into = pairs(chain.first.out, columnOf(scene.innerKernel, unit));
    const [all, own] = [total(into.map(({ value }) => value)), at(scene.innerBias, unit)];
    return [written(`first layer, unit ${unit}: features · weights`, into, all),
      line(`unit ${unit}: relu(${fixed(all)} + ${signed(own)}) = relu(${fixed(all + own)}) = ${fixed(inner[unit])}`),
      written(`second layer, feature ${feature}: units · weights`, products, sum), line(`bias: ${fixed(bias)}`)];
  };
  return { id: "dense", title: "two Dense layers", line: `feature ${feature}: ${fixed(sum)} + ${signed(bias)} = ${fixed(chain.outer[feature])}`, body };
}

function again({ scene, chain, feature }) {
  const body = () => [
    line(`residual: ${fixed(chain.first.out[feature])} + ${signed(chain.outer[feature])} = ${fixed(chain.summed[feature])}`),
    ...normalBody(chain.second, chain.summed.length)];
  const text = normalLine(chain.second, scene.secondGamma, scene.secondBeta, chain.summed[feature], feature);
  return { id: "again", title: "added, normalised again", line: text, body };
}

// The mean over all words of one feature.
function pooled({ scene, feature }) {
  const counted = scene.rows.map((column) => ({ value: at(scene.outputs, column, feature), words: scene.columns[column].word }));
  if (scene.counted > counted.length) {
    counted.push({ value: at(scene.restPooled, feature), words: `${scene.counted - counted.length} more steps` });
  }
  const sum = total(counted.map(({ value }) => value));
  return {
    id: "pooled", title: "mean over the words", line: `feature ${feature}: ${fixed(sum)} / ${scene.counted} = ${fixed(sum / scene.counted)}`,
    body: () => [written(`feature ${feature} of each word`, counted, sum)],
  };
}

function logit({ scene }) {
  const { kernel, yes } = scene.tail;
  const bias = at(scene.tail.bias, 0);
  const means = Array.from({ length: kernel.shape[0] }, (_, feature) =>
    (at(scene.restPooled, feature) + total(scene.rows.map((column) => at(scene.outputs, column, feature)))) / scene.counted);
  const products = pairs(means, Array.from(kernel.values));
  const sum = total(products.map(({ value }) => value));
  const chance = 1 / (1 + Math.exp(-(sum + bias)));
  return {
    id: "logit", title: "logit and answer", line: `sigmoid(${fixed(sum)} + ${signed(bias)}) = sigmoid(${fixed(sum + bias)}) = ${fixed(chance)} for ${yes}`,
    body: () => [written("means · weights", products, sum), line(`bias: ${fixed(bias)}`)],
  };
}
