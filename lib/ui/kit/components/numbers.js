// Numbers between bounds, and numbers as people read them.

export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

// At most `digits` significant digits, without trailing zeros: 0.1235, 12.
export function short(value, digits) {
  return String(Number(value.toPrecision(digits)));
}

// Always `digits` decimals: 0.12, 12.00. Never "-0.00".
export function decimals(value, digits) {
  return (Number(value.toFixed(digits)) + 0).toFixed(digits);
}

// The same text with a real minus sign instead of a hyphen.
export function minus(text) {
  return text.replace("-", "−");
}
