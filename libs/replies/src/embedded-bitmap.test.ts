import { describe, expect, it } from 'vitest';
import { embedsBitmap } from './embedded-bitmap.ts';

/** Bytes as a compressed image has them, behind a header. */
const bytes = (
  length: number,
  header: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
): number[] => {
  let state = 1;
  const rest = Array.from({ length }, () => (state = (state * 48271) % 2147483647) & 255);
  return [...header, ...rest].slice(0, length);
};
const base64 = (length: number, header?: readonly number[]): string =>
  btoa(String.fromCharCode(...bytes(length, header)));
const hex = (length: number): string =>
  bytes(length)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
const lines = (text: string, width: number): string[] => text.match(new RegExp(`.{1,${width}}`, 'g'))!;
const repeated = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => of(index)).join('');
const pixel = (index: number): number => (index * 37) % 256;

/** A PNG of so many bytes that says to have these sides. */
const png = (length: number, width: number, height: number): string => {
  const sides = [0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, width >> 8, width & 255, 0, 0, height >> 8, height & 255];
  return base64(length, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...sides]);
};
const target = { width: 640, height: 480 };

describe('finds an image', () => {
  it.each<[string, string]>([
    ['in a data URI of SVG', `<svg><image href="data:image/png;base64,${base64(900)}"/></svg>`],
    [
      'in a data URI with parameters',
      `<img src="data:image/jpeg;charset=x;base64,${base64(900, [255, 216, 255, 224])}">`,
    ],
    ['that is smaller than the target', `<img src="data:image/png;base64,${png(3000, 320, 240)}" width="640">`],
    ['in pieces', repeated(20, () => `<img src="data:image/png;base64,${png(900, 64, 64)}">`)],
    ['in a style sheet', `<div style="background:url(data:image/webp;base64,${base64(900)})">`],
    [
      'in percent encoding',
      `<img src="data:image/png,${repeated(400, (index) => `%${(128 + (index % 99)).toString(16)}`)}">`,
    ],
    [
      'in an SVG that is base64 itself',
      `<img src="data:image/svg+xml;base64,${btoa(`<svg><image href="data:image/png;base64,${base64(900)}"/></svg>`)}">`,
    ],
    [
      'in lines of base64 in Python',
      `import base64\nimage = base64.b64decode('''\n${lines(base64(900), 76).join('\n')}\n''')`,
    ],
    [
      'in strings that Python joins',
      `data = (${lines(base64(900), 60)
        .map((line) => `"${line}"`)
        .join('\n  ')})`,
    ],
    [
      'in strings that JavaScript joins',
      `const s = ${lines(base64(900), 60)
        .map((line) => `'${line}'`)
        .join(' +\n')};`,
    ],
    ['compressed without a data URI', `zlib.decompress(base64.b64decode("${base64(900, [0x78, 0x9c, 0xed, 0x9d])}"))`],
    ['in hexadecimal digits', `img = bytes.fromhex("${hex(700)}")`],
    ['in an inline image of a PDF', `\\pdfliteral{BI /W 9 /H 9 ID ${hex(700)}> EI}`],
    [
      'in escaped bytes',
      `data = b"${bytes(600)
        .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
        .join('')}"`,
    ],
    ['in a list of bytes', `bytes([${bytes(40).join(', ')}])`],
    ['in base85', `base64.b85decode("${repeated(700, (index) => String.fromCharCode(35 + ((index * 31) % 56)))}")`],
    [
      'as a table of pixels in Python',
      `plt.imshow([${repeated(70, () => `[${repeated(70, (index) => `${pixel(index)}, `)}],\n`)}])`,
    ],
    [
      'as a table of pixels on a canvas',
      `const p=[${repeated(5000, (index) => `${pixel(index)},`)}]; ctx.putImageData(new ImageData(new Uint8ClampedArray(p),50),0,0)`,
    ],
    [
      'as cells of SVG',
      `<svg>${repeated(5000, (index) => `<rect x="${index % 70}" y="${index}" width="1" height="1" fill="#${pixel(index)}aa11"/>`)}</svg>`,
    ],
    ['as cells of a table', `<table>${repeated(5000, (index) => `<td bgcolor="#${pixel(index)}aa11"></td>`)}</table>`],
    ['as shadows', `<div style="box-shadow:${repeated(5000, (index) => `${index % 70}px ${index}px 0 #aabbcc,`)}">`],
    [
      'as squares of TikZ',
      repeated(5000, (index) => `\\fill[red!${pixel(index) % 100}] (${index % 70},${index}) rectangle ++(1,1);\n`),
    ],
  ])('%s', (_, code) => {
    expect(embedsBitmap(code, target)).toBe(true);
  });
});

it('takes no icon for small beside a target that is an icon itself', () => {
  const code = `<svg><image href="data:image/png;base64,${png(900, 48, 48)}"/></svg>`;
  expect(embedsBitmap(code, { width: 48, height: 48 })).toBe(true);
  expect(embedsBitmap(code, target)).toBe(false);
});

describe('leaves honest code', () => {
  it.each<[string, string]>([
    ['without any image', '<svg><rect width="9" height="9" fill="#abcdef"/></svg>'],
    ['with a small icon', `<img src="data:image/png;base64,${base64(300)}">`],
    ['with icons and a logo', repeated(4, () => `<img src="data:image/png;base64,${png(2000, 48, 48)}">`)],
    ['with a link to a logo', '<img src="https://example.org/logo.png" alt="logo"><image href="logo.png"/>'],
    ['with an embedded font', `<style>@font-face{src:url(data:font/woff2;base64,${base64(6000)})}</style>`],
    [
      'with a drawing in a data URI',
      `<img src="data:image/svg+xml;base64,${btoa(`<svg>${repeated(90, (index) => `<path d="M${index} 0h9"/>`)}</svg>`)}">`,
    ],
    [
      'with a drawing in percent encoding',
      `<img src="data:image/svg+xml,%3Csvg${repeated(300, (index) => `%20%3Cpath d='M${index} 0h9'/%3E`)}%3C/svg%3E">`,
    ],
    ['with computed pixels', 'x = np.linspace(0, 1, 500)\nplt.imshow(np.outer(x, x), cmap="viridis")'],
    [
      'with a heatmap of numbers',
      `plt.imshow([${repeated(40, () => `[${repeated(40, (index) => `0.${index}, `)}],`)}])`,
    ],
    [
      'with a long list of measurements',
      `y = [${repeated(6000, (index) => `${index}.${pixel(index)}, `)}]\nplt.plot(y)`,
    ],
    ['with a path of many points', `<path d="M${repeated(9000, (index) => `${index} ${pixel(index)}L`)}0 0"/>`],
    [
      'with a two-dimensional code',
      `<svg>${repeated(1600, (index) => `<rect x="${index % 40}" y="${index}" width="1" height="1" fill="#000"/>`)}</svg>`,
    ],
    [
      'with a calendar of days',
      `<table>${repeated(365, (index) => `<td style="background:#${pixel(index)}ff00"></td>`)}</table>`,
    ],
    ['with a hash and a long identifier', `// sha512-${'ab12'.repeat(32)}\nconst ${'veryLongName'.repeat(40)} = 1;`],
    [
      'with bars that are alike',
      repeated(300, (index) => `\\fill[blue] (${index},0) rectangle ++(1,${pixel(index)});\n`),
    ],
  ])('%s', (_, code) => {
    expect(embedsBitmap(code, target)).toBe(false);
  });
});
