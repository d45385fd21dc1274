import names from '../names/colors.json' with { type: 'json' };

/** Colors far from each other, as `RRGGBB`. */
const palette = ['d62728', '1f77b4', '2ca02c', 'ff7f0e', '9467bd', '111111', 'ffd92f', '17becf'];
/** The names of such colors, in CSS, matplotlib and xcolor alike. */
const paletteNames = ['red', 'blue', 'green', 'orange', 'purple', 'black', 'yellow', 'cyan'];

/** The names that are looked for where a color is not announced by its place. Longer ones come first, so that a pattern prefers them. */
export const colorNames: readonly string[] = names;

/** Least sum of differences of the three channels (0..255 each) between a color and one that stands for it. */
const minDistance = 150;
/** A near miss: the color mixed with this much of white or of black. */
const nearMiss = 0.45;

type Rgb = readonly [number, number, number];

/** Other colors for one as code writes it, in the same notation: `#rgb`, `#rrggbb` with or without alpha, `rgb(...)`, or a name. */
export function otherColors(text: string): string[] {
  const hex = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text)?.[1];
  if (hex) return otherHex(hex).map((other) => `#${other}`);
  const [, head, channels, tail] = /^(rgba?\()\s*(\d+[\s,]+\d+[\s,]+\d+)(.*\))$/i.exec(text) ?? [];
  if (head) {
    const rgb = channels!.split(/[\s,]+/).map(Number) as unknown as Rgb;
    return colorsFor(rgb).map((color) => `${head}${color.join(channels!.includes(',') ? ', ' : ' ')}${tail}`);
  }
  return /^[a-z]+$/i.test(text) ? paletteNames.filter((name) => !text.toLowerCase().includes(name)) : [];
}

/** Other colors for hexadecimal digits without `#`, in the same case and with the same alpha. */
export function otherHex(digits: string): string[] {
  const full = digits.length <= 4 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const alpha = full.slice(6);
  const isUpper = digits === digits.toUpperCase() && /[A-F]/.test(digits);
  return colorsFor(rgbOf(full)).map((rgb) => {
    const text = hexOf(rgb) + alpha;
    return isUpper ? text.toUpperCase() : text;
  });
}

/** Colors far from the given one, and its near misses. */
export function colorsFor(rgb: Rgb): Rgb[] {
  const far = palette.map(rgbOf).filter((color) => distance(color, rgb) >= minDistance);
  const near = [255, 0].map(
    (end) => rgb.map((value) => Math.round(value + (end - value) * nearMiss)) as unknown as Rgb,
  );
  return [...far, ...near.filter((color) => distance(color, rgb) >= minDistance / 2)];
}

const rgbOf = (digits: string): Rgb =>
  [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as unknown as Rgb;
const hexOf = (rgb: Rgb): string => rgb.map((value) => value.toString(16).padStart(2, '0')).join('');
const distance = (a: Rgb, b: Rgb): number => a.reduce((sum, value, index) => sum + Math.abs(value - b[index]!), 0);
