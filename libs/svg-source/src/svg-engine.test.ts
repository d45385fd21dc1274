import { describe, expect, it } from 'vitest';
import { browserFeatures } from './svg-engine.ts';
import { readSvg } from './svg-source.ts';

const featuresOf = (body: string, root = ''): string[] => {
  const code = `<svg xmlns="http://www.w3.org/2000/svg" ${root}>${body}</svg>`;
  return browserFeatures(code, readSvg(code)!);
};

describe('librsvg renders', () => {
  it.each([
    [
      'shapes',
      '<g transform="translate(4 5) rotate(30) scale(2)"><rect x="1" y="2" rx="3"/><circle r="3"/><path d="M0 0h5"/></g>',
    ],
    [
      'text',
      '<text x="5" y="9" text-anchor="middle" dominant-baseline="middle" font-family="Arial">a <tspan dy="1.2em">b</tspan></text>',
    ],
    [
      'paint',
      '<linearGradient id="a"><stop offset="0" stop-color="hsl(9 9% 9%)"/></linearGradient><rect fill="url(#a)"/>',
    ],
    ['filters', '<filter id="f"><feGaussianBlur stdDeviation="2"/><feMerge><feMergeNode/></feMerge></filter>'],
    ['style', '<style>.a { fill: red; stroke: rgb(0 0 0 / 50%) } rect:not(.a) { opacity: .5 }</style>'],
    ['blending', '<g style="mix-blend-mode: multiply; isolation: isolate"/>'],
    ['links', '<a href="https://a.example"><use href="#a"/><rect fill="url(#b)"/></a>'],
    ['signs that are no emoji', '<text>\u00a9 \u2122 \u2713 \u2192 &#8594; #1</text>'],
    ['embedded images', '<image width="9" height="9" href="data:image/png;base64,AAAA"/>'],
    ['what an editor adds', '<sodipodi:namedview id="x"/><metadata><rdf:RDF/></metadata>'],
  ])('%s', (_, body) => {
    expect(featuresOf(body)).toEqual([]);
  });
});

describe('the browser renders', () => {
  it.each([
    ['HTML within', '<foreignObject><p>x</p></foreignObject>', '<foreignObject>'],
    ['text on a path', '<text><textPath href="#p">x</textPath></text>', '<textPath>'],
    ['animation', '<rect><animate attributeName="x" from="0" to="9" dur="1s"/></rect>', '<animate>'],
    ['noise', '<filter><feTurbulence/></filter>', '<feTurbulence>'],
    ['variables', '<style>rect { fill: var(--a) }</style>', 'CSS variables'],
    ['images of the network', '<image width="9" height="9" href="https://a.example/b.png"/>', 'other files'],
    ['symbols of other files', '<use xlink:href="icons.svg#home"/>', 'other files'],
    ['paint of other files', '<rect fill="url(paint.svg#a)"/>', 'other files'],
    ['emoji', '<text>\u{1f34b}</text>', 'emoji'],
    ['emoji by number', '<text>&#128640; &#x1F680;</text>', 'emoji'],
    ['media rules', '<style>@media (min-width: 9px) { rect { fill: red } }</style>', 'CSS rules'],
    ['imports', '<style>@import url(a.css);</style>', 'CSS rules'],
    ['fonts of its own', '<style>@font-face { src: url(data:,) }</style>', 'CSS rules'],
    ['nested rules', '<style>g { rect { fill: red } }</style>', 'CSS selectors'],
    ['arithmetic', '<rect style="stroke-width: calc(2px + 1px)"/>', 'CSS functions'],
    ['turning about a point', '<rect transform-origin="5 5"/>', 'transform properties'],
    ['turning by property', '<rect style="rotate: 30deg"/>', 'transform properties'],
    ['shapes that clip', '<rect style="clip-path: circle(5px)"/>', 'shapes as clip paths'],
    ['lengths of text', '<text textLength="50">x</text>', 'path and text lengths'],
    ['glyphs in place', '<text x="1 20 30">abc</text>', 'placed glyphs'],
    ['turned glyphs', '<text rotate="20">abc</text>', 'placed glyphs'],
    ['underlines', '<text text-decoration="underline">x</text>', 'text properties'],
    ['hanging text', '<text dominant-baseline="hanging">x</text>', 'text baselines'],
    ['print units', '<rect width="5mm"/>', 'units other than px'],
    ['sizes by name', '<text font-size="larger">x</text>', 'font sizes'],
    ['sizes by share', '<text style="font-size: 150%">x</text>', 'font sizes'],
    ['languages', '<g systemLanguage="en"/>', 'languages'],
    ['other style sheets', '<style type="text/less">a {}</style>', 'style sheet types'],
    ['turned clip paths', '<clipPath id="c" transform="scale(2)"/>', 'definitions with properties'],
    ['hidden gradients', '<linearGradient display="none"/>', 'definitions with properties'],
    ['masked masks', '<mask mask="url(#m)"/>', 'definitions with properties'],
    ['clip paths by box', '<clipPath clipPathUnits="objectBoundingBox"/>', 'clip paths by box or rule'],
    ['clip rules', '<clipPath><path clip-rule="evenodd"/></clipPath>', 'clip paths by box or rule'],
    ['focal radii', '<radialGradient fr=".2"/>', 'radial gradients by two circles'],
    ['patterns with a view box', '<pattern viewBox="0 0 9 9"/>', 'patterns with a view box'],
    ['filter functions', '<g style="filter: saturate(2)"/>', 'filter functions'],
    ['filters of the background', '<filter><feOffset in="BackgroundImage"/></filter>', 'filter inputs'],
    ['filters of text', '<text filter="url(#f)">x</text>', 'text painted by its box'],
    [
      'spaced letters in the middle',
      '<text letter-spacing="2" text-anchor="middle">x</text>',
      'letter spacing that moves anchored text',
    ],
    ['filters of what is turned', '<filter id="f"/><g transform="rotate(9)"/>', 'filters on rotated elements'],
    ['loose gradients', '<linearGradient href="#a"/><rect id="a"/>', 'gradients that inherit from a missing gradient'],
    [
      'gradients in a circle',
      '<linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/>',
      'gradients that inherit from a missing gradient',
    ],
    ['uses of nested SVGs', '<svg id="a"/><use href="#a"/>', 'uses of nested SVGs'],
    ['images without a size', '<image width="9" href="data:image/png;base64,AA"/>', 'image sizes'],
    ['SVGs in SVGs', '<image width="9" height="9" href="data:image/svg+xml,x"/>', 'image formats'],
    ['new colors', '<rect fill="oklch(60% .2 30)"/>', 'color functions'],
  ])('%s', (_, body, feature) => {
    expect(featuresOf(body)).toContain(feature);
  });

  it('a root with its own background', () => {
    expect(featuresOf('<path/>', 'style="background: #fff"')).toEqual(['CSS boxes']);
  });

  it('a root that is turned', () => {
    expect(featuresOf('<path/>', 'transform="rotate(9)"')).toEqual(['definitions with properties']);
  });
});

it.each(['clip-path:', 'dominant-baseline:', 'color-interpolation:', '<text x="1 '])(
  'takes no longer for much white space after "%s"',
  (start) => {
    const startedAt = performance.now();
    featuresOf(start + ' '.repeat(1_000_000));
    expect(performance.now() - startedAt).toBeLessThan(5000);
  },
);
