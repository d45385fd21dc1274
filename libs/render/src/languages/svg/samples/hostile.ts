import { deflateSync } from 'node:zlib';

import type { MakeHostilePrograms } from '../../../port/samples.ts';

const open =
  '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="200">';
const mark = '<rect x="20" y="20" width="60" height="60" fill="teal"/>';
const svg = (body: string): string => `${open}${mark}${body}</svg>`;
const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => row(i)).join('');

/** A PNG of one row of zeros too long for its few bytes: 30 000 pixels a side. */
function pngBomb(): string {
  const header = Buffer.from('iVBORw0KGgo=', 'base64');
  const side = 30_000;
  const size = Buffer.alloc(13);
  size.writeUInt32BE(side, 0);
  size.writeUInt32BE(side, 4);
  size.set([8, 0, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
  };
  const pixels = deflateSync(Buffer.alloc(1_000_000));
  return Buffer.concat([header, chunk('IHDR', size), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]).toString(
    'base64',
  );
}

/** Drawings that expand, recurse, hoard, phone home, or read what is not theirs. */
export const svgPrograms: MakeHostilePrograms = ({ port, folder }) => {
  const home = `127.0.0.1:${port}`;
  const entity = (uri: string): string =>
    `<!DOCTYPE svg [<!ENTITY x SYSTEM "${uri}">]>${svg('<text x="-200" y="99" font-size="40" fill="magenta">&x;</text>')}`;
  const inBrowser = (body: string): string =>
    svg(
      `<foreignObject width="200" height="200"><div xmlns="http://www.w3.org/1999/xhtml">${body}</div></foreignObject>`,
    );
  const link = (href: string): string =>
    svg(
      `<image href="${href}" width="99" height="99"/><image xlink:href="${href}" width="99" height="99"/><use href="${href}#r"/>`,
    );
  return {
    'an external entity from a file': ['any', entity(`file://${folder}/secret.txt`)],
    'an external entity from the environment': ['any', entity('file:///proc/self/environ')],
    'an external entity from the network': ['any', entity(`http://${home}/x`)],
    'an external document type': ['any', `<!DOCTYPE svg SYSTEM "http://${home}/x.dtd">${svg('')}`],
    'a parameter entity': ['any', `<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://${home}/p">%p;]>${svg('')}`],
    'a billion laughs': [
      'any',
      `<!DOCTYPE svg [<!ENTITY a0 "ha">${rows(12, (i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`)}]>${svg('<text>&a12;</text>')}`,
    ],
    XInclude: ['any', svg(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${folder}/secret.svg"/>`)],
    'a style sheet by processing instruction': ['any', `<?xml-stylesheet href="http://${home}/x.css"?>${svg('')}`],
    'style that loads': [
      'any',
      svg(
        `<style>@import url(http://${home}/a.css); @import url(file://${folder}/secret.css); @font-face { font-family: F; src: url(http://${home}/f) }</style>`,
      ),
    ],
    'links to the network': ['any', link(`http://${home}/x.svg`)],
    'links to a file': ['ok', link(`file://${folder}/secret.png`)],
    'links to a drawing in a file': ['ok', link(`file://${folder}/secret.svg`)],
    'links to an absolute path': ['ok', link(`${folder}/secret.png`)],
    'links to a relative path': ['ok', link(`../../../../../../..${folder}/secret.png`)],
    'a drawing within a drawing with links': [
      'any',
      link(`data:image/svg+xml;base64,${Buffer.from(link(`file://${folder}/secret.png`)).toString('base64')}`),
    ],
    'frames in a foreign object': [
      'any',
      inBrowser(
        `<iframe src="http://${home}/"></iframe><iframe src="file://${folder}/secret.svg"></iframe><img src="file://${folder}/secret.png"/>`,
      ),
    ],
    'a script in the browser': [
      'ok',
      inBrowser(
        `<p>x</p><script>while (true);</script><img src="x" onerror="document.documentElement.style.background='magenta'"/>`,
      ),
    ],
    'a script for librsvg': ['ok', svg('<script>while (true);</script>')],
    'malformed, with a script': [
      'any',
      `${open}${mark}<script>for(;;);</script><img src=http://${home}/ onerror="document.body.style.background='magenta'"><br>`,
    ],
    'a bomb of uses': [
      'any',
      svg(
        `<defs><g id="u0">${mark}</g>${rows(12, (i) => `<g id="u${i + 1}">${`<use href="#u${i}"/>`.repeat(10)}</g>`)}</defs><use href="#u12"/>`,
      ),
    ],
    'a bomb of uses in the browser': [
      'any',
      inBrowser('x').replace(
        '</svg>',
        `<defs><g id="u0">${mark}</g>${rows(9, (i) => `<g id="u${i + 1}">${`<use href="#u${i}"/>`.repeat(10)}</g>`)}</defs><use href="#u9"/></svg>`,
      ),
    ],
    'a use of itself': ['any', svg('<g id="s"><use href="#s"/></g>')],
    'patterns within themselves': [
      'any',
      svg(
        '<pattern id="p" width="5" height="5"><rect width="5" height="5" fill="url(#p)"/></pattern><rect width="99" height="99" fill="url(#p)"/>',
      ),
    ],
    'a bomb of patterns': [
      'any',
      svg(
        `<defs>${rows(8, (i) => `<pattern id="p${i}" width=".01" height=".01"><rect width="9" height="9" fill="${i ? `url(#p${i - 1})` : 'red'}"/></pattern>`)}</defs><rect width="200" height="200" fill="url(#p7)"/>`,
      ),
    ],
    'a mask of itself': [
      'any',
      svg(
        '<mask id="m"><rect mask="url(#m)" width="9" height="9"/></mask><rect mask="url(#m)" width="99" height="99"/>',
      ),
    ],
    'a bomb of filters': [
      'any',
      svg(
        `<filter id="f" x="-9" y="-9" width="20" height="20">${'<feGaussianBlur stdDeviation="900"/><feMorphology operator="dilate" radius="900"/>'.repeat(60)}</filter><rect width="200" height="200" filter="url(#f)"/>`,
      ),
    ],
    'turbulence without end': [
      'any',
      svg(
        `<filter id="f">${'<feTurbulence baseFrequency="9" numOctaves="9999999"/>'.repeat(60)}</filter><rect width="200" height="200" filter="url(#f)"/>`,
      ),
    ],
    'groups within groups': ['any', svg('<g>'.repeat(100_000) + '</g>'.repeat(100_000))],
    'a million segments': [
      'any',
      svg(`<path fill="none" stroke="red" d="M0 0${rows(500_000, (i) => `L${i % 200} ${(i * 7) % 200}`)}"/>`),
    ],
    'dashes without end': ['any', svg('<path d="M0 0H1e9" stroke="red" stroke-dasharray=".0001" stroke-width="9"/>')],
    'letters without end': ['any', svg('<text y="99" font-size="1e9">huge</text>')],
    'a picture bomb': ['any', svg(`<image href="data:image/png;base64,${pngBomb()}" width="99" height="99"/>`)],
    'tags that never close': ['any', '<svg "'.repeat(200_000)],
    'quotes that never close': ['any', `<svg width='${' width="'.repeat(100_000)}`],
    'bytes that are no text': ['any', `${open}\u0000\ud800\u0001${mark}</svg>`],
    'one color as large as may be': [
      ['empty', 'timeout'],
      '<svg xmlns="http://www.w3.org/2000/svg" width="6300" height="6300"><rect width="6300" height="6300" fill="teal"/></svg>',
    ],
    'rules within rules': ['any', svg(`<style>${'a{'.repeat(200_000)}</style>`)],
  };
};
