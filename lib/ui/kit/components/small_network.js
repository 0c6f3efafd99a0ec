// A whole small network in the browser: what `lib/concepts/forward.py` computes, for the few kinds of layers of Home.

// What each layer makes of a picture of grey bytes: `{ shape: [rows, columns, maps], values, sums }`, the newest last.
export function forward(layers, bytes, [rows, columns]) {
  const outputs = [];
  let now = { shape: [rows, columns, 1], values: Float32Array.from(bytes, (byte) => byte / 255) };
  for (const layer of layers) outputs.push((now = PASS[layer.kind](now, layer)));
  return outputs;
}

const PASS = {
  Conv2D: convolved,
  MaxPooling2D: pooled,
  Flatten: ({ values }) => ({ shape: [1, 1, values.length], values }),
  Dense: shares,
};

// Windows one step apart, no padding; negative sums become 0.
function convolved({ shape: [rows, columns, channels], values }, { kernel, bias }) {
  const [side, , , filters] = kernel.shape;
  const shape = [rows - side + 1, columns - side + 1, filters];
  const made = new Float32Array(shape[0] * shape[1] * filters);
  const sums = new Float64Array(filters);
  for (let row = 0; row < shape[0]; row++) {
    for (let column = 0; column < shape[1]; column++) {
      sums.set(bias.values);
      let weight = 0;
      for (let down = 0; down < side; down++) {
        let pixel = ((row + down) * columns + column) * channels;
        for (let tap = 0; tap < side * channels; tap++, pixel++, weight += filters) {
          const value = values[pixel];
          if (value === 0) continue; // most of a digit is background, and 0 adds nothing
          for (let filter = 0; filter < filters; filter++) sums[filter] += value * kernel.values[weight + filter];
        }
      }
      const place = (row * shape[1] + column) * filters;
      for (let filter = 0; filter < filters; filter++) made[place + filter] = Math.max(sums[filter], 0);
    }
  }
  return { shape, values: made };
}

// The largest number of each window; what fills no window is left out.
function pooled({ shape: [rows, columns, maps], values }, { size }) {
  const shape = [Math.floor(rows / size), Math.floor(columns / size), maps];
  const made = new Float32Array(shape[0] * shape[1] * maps).fill(-Infinity);
  for (let row = 0; row < shape[0] * size; row++) {
    for (let column = 0; column < shape[1] * size; column++) {
      const to = (Math.floor(row / size) * shape[1] + Math.floor(column / size)) * maps;
      const from = (row * columns + column) * maps;
      for (let map = 0; map < maps; map++) made[to + map] = Math.max(made[to + map], values[from + map]);
    }
  }
  return { shape, values: made };
}

// A sum for each class, and by softmax its share of 1.
function shares({ values }, { kernel, bias }) {
  const classes = bias.shape[0];
  const sums = Float64Array.from(bias.values);
  values.forEach((value, place) => {
    for (let unit = 0; unit < classes; unit++) sums[unit] += value * kernel.values[place * classes + unit];
  });
  const largest = Math.max(...sums);
  const powers = sums.map((sum) => Math.exp(sum - largest));
  const total = powers.reduce((one, other) => one + other);
  return { shape: [1, 1, classes], values: Float32Array.from(powers, (power) => power / total), sums: Float32Array.from(sums) };
}
