/** ECMAScript's JSON.rawJSON, which TypeScript's libraries do not describe yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/**
 * The number, written in JSON with a decimal point or an exponent. Python reads "1" as an integer, and PyTorch makes a tensor of integers of
 * it, which has no standard deviation.
 */
export function float(value: number): number {
  return rawJSON(Number.isInteger(value) ? value.toFixed(1) : String(value)) as number;
}
