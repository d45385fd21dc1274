/** By how many levels of a channel ink differs from what is around it; less is not seen. */
const visibleLevels = 5;

/** Whether an image of RGB pixels shows anything: some pixel differs visibly from the first one. */
export function hasInk(rgb: Uint8Array): boolean {
  for (let at = 3; at < rgb.length; at += 3) {
    if (differs(rgb[at]!, rgb[0]!) || differs(rgb[at + 1]!, rgb[1]!) || differs(rgb[at + 2]!, rgb[2]!)) return true;
  }
  return false;
}

const differs = (level: number, other: number): boolean => Math.abs(level - other) >= visibleLevels;
