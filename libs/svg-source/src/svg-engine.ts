import type { SvgSource } from './svg-source.ts';

/**
 * Elements that librsvg renders as Chromium does, or that neither renders. Measured on one small SVG per feature. Elements that are
 * not on the list go to the browser, because librsvg silently omits what it does not support.
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
 * Attributes, properties and values that librsvg ignores or renders differently. The bounds on white space keep each pattern
 * linear in time.
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
  'other files':
    /<(?:svg:)?(?:image|use|feImage)\b[^<>]*\bhref\s{0,9}=\s{0,9}["']\s{0,9}(?!#|data:)[^"'\s]|\burl\(\s{0,9}["']?\s{0,9}(?!#|data:)[^"')\s]/,
  // librsvg has no fonts with colors, and writes each of their letters over the whole image.
  emoji:
    /\p{Emoji_Presentation}|\ufe0f|&#(?:x0{0,4}1f[\da-f]{3}|x2[67][\da-f]{2}|1(?:2[6-9]|30)\d{3}|9[789]\d\d|1000\d);/iu,
  'masks from images': /\bmask-image\b/,
  'path and text lengths': /\b(?:pathLength|textLength|lengthAdjust)\b/,
  'placed glyphs': /\s(?:d?[xy])\s{0,9}=\s{0,9}["'] ?[-+.\d]+[\s,]+[-+.\d]|\srotate\s{0,9}=/,
  'text properties':
    /\b(?:word-spacing|font-variant|baseline-shift|alignment-baseline|text-decoration|text-shadow|writing-mode|text-transform)\b/,
  'text baselines': /\bdominant-baseline\s{0,9}[:=]\s{0,9}["']?\s{0,9}(?!middle|auto|central|alphabetic)[a-z]/,
  'units other than px': /\d(?:pt|pc|in|cm|mm|q|rem|ch|ex|ic|cap|r?lh|v[whib]|vmin|vmax)["'\s;,)}]/i,
  'color functions': /\b(?:oklch|oklab|lch|lab|color|color-mix|light-dark)\(/,
  'linear light': /\bcolor-interpolation\s{0,9}[:=]\s{0,9}["']?\s{0,9}linearRGB/,
  'image formats': /["'(]\s{0,9}data:(?!image\/(?:png|jpe?g))/,
  'image sizes': /<image\b(?![^<>]*\swidth)|<image\b(?![^<>]*\sheight)|\bimage-rendering\b/,
  'font sizes':
    /\bfont-size\s{0,9}[:=]\s{0,9}["']?(?:\d[\d.]*%|smaller|larger|(?:xx?-)?(?:small|large)|medium)|\bletter-spacing\s{0,9}[:=]\s{0,9}["']?[-\d.]+%/,
  languages: /\bsystemLanguage\b/,
  'style sheet types': /<style\b[^<>]*\stype\s{0,9}=\s{0,9}["'](?!text\/css)/,
  'definitions with properties':
    /<(?:svg|defs|symbol|mask|clipPath|linearGradient|radialGradient)\b[^<>]*\s(?:transform|display|opacity|mask)\s{0,9}=/,
  'clip paths by box or rule':
    /\bclipPathUnits\s{0,9}=\s{0,9}["']objectBoundingBox|<clipPath\b[^<>]*(?:>\s{0,99}<[^<>]*)?\sclip-(?:rule|path)\s{0,9}=/,
  'radial gradients by two circles': /\sfr\s{0,9}=|\sr\s{0,9}=\s{0,9}["'](?:-|0["'%])/,
  'patterns with a view box': /<pattern\b[^<>]*\sviewBox/,
  'filter functions':
    /\bfilter\s{0,9}[:=]\s{0,9}["']?[^"';:={}<>]{0,99}\b(?:blur|brightness|contrast|drop-shadow|grayscale|hue-rotate|invert|opacity|saturate|sepia)\(/,
  'filter inputs': /\bin2?\s{0,9}=\s{0,9}["'](?:BackgroundImage|BackgroundAlpha|FillPaint|StrokePaint)/,
  'filter regions':
    /\bprimitiveUnits\s{0,9}=\s{0,9}["']objectBoundingBox|<(?:filter|fe[A-Z])\w*\b[^<>]*\s(?:width|height)\s{0,9}=\s{0,9}["']-/,
  'text painted by its box': /<(?:text|tspan)\b[^<>]*url\(/,
};

/** The features that only the browser renders; empty where librsvg renders the SVG too. */
export function browserFeatures(code: string, { elements, root }: SvgSource): string[] {
  const unknown = [...elements].filter((name) => !plainElements.has(name)).slice(0, 5);
  const patterns = Object.keys(browserPatterns).filter((name) => browserPatterns[name]!.test(code));
  const combinations = {
    'a root with a relative font size': /(?:em|ex|ch)\s*$/.test(root.attributes['font-size']?.slice(0, 40) ?? ''),
    'letter spacing that moves anchored text':
      code.includes('letter-spacing') && /\btext-anchor\s{0,9}[:=]\s{0,9}["']?(?:middle|end)/.test(code),
    'filters on rotated elements':
      elements.has('filter') && /\stransform\s{0,9}=\s{0,9}["'][^"'<>]*(?:rotate|skew|matrix)/.test(code),
    'uses of nested SVGs': elements.has('use') && /<svg\b[^<>]*\sid\s{0,9}=/.test(code.slice(root.end)),
    'gradients that inherit from a missing gradient': hasLooseGradient(code),
  };
  const found = Object.entries(combinations).flatMap(([name, isFound]) => (isFound ? [name] : []));
  return [...unknown.map((name) => `<${name}>`), ...patterns, ...found];
}

/** Chromium takes about 40 ms longer than librsvg for its page, and half as long for each shape (bench/render-svg.ts). */
const crowdedCount = 2000;

/** Whether there are so many elements that the browser, if there is one, renders them faster. */
export const isCrowded = ({ elementCount }: SvgSource): boolean => elementCount > crowdedCount;

const maxGradientSteps = 32;

/** Whether a gradient inherits from an element that is missing or no gradient, or from itself through others. */
function hasLooseGradient(code: string): boolean {
  const tags = [...code.matchAll(/<(?:linear|radial)Gradient\b[^<>]*/g)].map(([tag]) => tag);
  const idOf = (tag: string): string | undefined => /\sid\s{0,9}=\s{0,9}["']([^"']*)/.exec(tag)?.[1];
  const modelOf = (tag: string): string | undefined => /href\s{0,9}=\s{0,9}["']#([^"']*)/.exec(tag)?.[1];
  const models = new Map(tags.map((tag) => [idOf(tag), modelOf(tag)]));
  return tags.some((tag) => {
    let model = modelOf(tag);
    for (let step = 0; model !== undefined && step < maxGradientSteps; step++) {
      if (!models.has(model)) return true;
      model = models.get(model);
    }
    return model !== undefined;
  });
}
