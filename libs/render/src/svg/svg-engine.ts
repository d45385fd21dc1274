import type { SvgSource } from './svg-source.ts';

/**
 * Elements that librsvg draws as Chromium does, or that neither draws. Measured on one small drawing a feature; what is not on the
 * list goes to the browser, since what librsvg lacks it leaves out without a word.
 */
const plainElements = new Set(
  [
    'svg g defs symbol use switch a view title desc metadata style script',
    'rect circle ellipse line polyline polygon path text tspan image',
    'linearGradient radialGradient stop pattern clipPath mask marker filter',
    'feGaussianBlur feOffset feMerge feMergeNode feFlood feComposite feBlend feColorMatrix feDropShadow feMorphology feTile',
    'feComponentTransfer feFuncR feFuncG feFuncB feFuncA',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Attributes, properties and values that librsvg ignores or draws otherwise. Each pattern takes linear time: hence the bounds on
 * white space.
 */
const browserPatterns: Record<string, RegExp> = {
  'CSS variables': /var\(/,
  'CSS rules': /@(?:media|import|font-face|supports|layer|keyframes|container|property|scope)\b|<\?xml-stylesheet/,
  'CSS selectors': /:(?:is|where|has)\(|\{[^{}]*\{/,
  'CSS functions': /\b(?:calc|min|max|clamp|env|attr|path|linear-gradient|radial-gradient|conic-gradient)\(/,
  'CSS animation': /\banimation\b/,
  'CSS boxes': /\b(?:background|background-color|background-image|border|border-radius|outline|box-shadow)\s{0,9}:/,
  'transform properties': /\btransform-(?:origin|box)\b|[;{"'\s](?:rotate|scale|translate)\s{0,9}:/,
  'shapes as clip paths': /clip-path\s{0,9}[:=]\s{0,9}["']?\s{0,9}(?:circle|ellipse|inset|polygon|rect|xywh|shape)\(/,
  'masks from images': /\bmask-image\b/,
  'path and text lengths': /\b(?:pathLength|textLength|lengthAdjust)\b/,
  'placed glyphs': /\s(?:d?[xy])\s{0,9}=\s{0,9}["'] ?[-+.\d]+[\s,]+[-+.\d]|\srotate\s{0,9}=/,
  'text properties':
    /\b(?:word-spacing|font-variant|baseline-shift|alignment-baseline|text-decoration|text-shadow|writing-mode|text-transform)\b/,
  'text baselines': /\bdominant-baseline\s{0,9}[:=]\s{0,9}["']?\s{0,9}(?!middle|auto|central|alphabetic)[a-z]/,
  'units other than px': /\d(?:pt|pc|in|cm|mm|q|rem|ch|v[wh]|vmin|vmax)["'\s;,)}]/i,
  'colour functions': /\b(?:oklch|oklab|lch|lab|color|color-mix|light-dark)\(/,
  'linear light': /\bcolor-interpolation\s{0,9}[:=]\s{0,9}["']?\s{0,9}linearRGB/,
  'image formats': /data:image\/(?!png|jpe?g|svg)/,
};

/** Why an SVG has to be drawn by the browser; empty where librsvg draws it as well, and ten times faster. */
export function browserFeatures(code: string, { elements, root }: SvgSource): string[] {
  const unknown = [...elements].filter((name) => !plainElements.has(name)).slice(0, 5);
  const patterns = Object.keys(browserPatterns).filter((name) => browserPatterns[name]!.test(code));
  const isTurned = root.attributes.has('transform') ? ['a transformed root'] : [];
  return [...unknown.map((name) => `<${name}>`), ...patterns, ...isTurned];
}
