// Numbers as both components of the page about sequences write them.

// At most `digits` significant digits; the legend of the maps asks for it.
function short(value, digits = 3) {
  return String(Number(value.toPrecision(digits)) + 0);
}

// Three decimals, with a real minus sign; never "-0".
function fixed(value) {
  return (Number(value.toFixed(3)) + 0).toFixed(3).replace("-", "−");
}

// A sum of numbers: 0.310 + 0.120 − 0.050.
function sum(values) {
  return values.map((value, place) => {
    const text = fixed(value);
    if (!place) return text;
    return text.startsWith("−") ? ` − ${text.slice(1)}` : ` + ${text}`;
  }).join("");
}
