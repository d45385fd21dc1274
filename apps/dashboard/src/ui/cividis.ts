/**
 * Cividis, the scale of every score: 0 dark blue, 1 yellow, even in lightness and safe for color-blind eyes
 * (Nunez, Anderton, Renslow 2018; the polynomial fit of d3-scale-chromatic).
 */
export function cividis(score: number): [red: number, green: number, blue: number] {
  const t = Math.min(1, Math.max(0, score));
  return [
    channel(-4.54 - t * (35.34 - t * (2381.73 - t * (6402.7 - t * (7024.72 - t * 2710.57))))),
    channel(32.49 + t * (170.73 + t * (52.82 - t * (131.46 - t * (176.58 - t * 67.37))))),
    channel(81.24 + t * (442.36 - t * (2482.43 - t * (6167.24 - t * (6614.94 - t * 2475.67))))),
  ];
}

export function cividisColor(score: number): string {
  return `rgb(${cividis(score).join(' ')})`;
}

/** Black or white, whichever reads better on the score's color. */
export function inkOn(score: number): '#000000' | '#ffffff' {
  return luminance(cividis(score)) > 0.18 ? '#000000' : '#ffffff';
}

/** Relative luminance (WCAG 2.2), 0..1. */
export function luminance(rgb: readonly number[]): number {
  const [red, green, blue] = rgb.map((value) => {
    const v = value / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** The whole scale from left to right, for a legend. */
export const cividisGradient = `linear-gradient(to right, ${[0, 0.25, 0.5, 0.75, 1].map(cividisColor).join(', ')})`;

function channel(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
