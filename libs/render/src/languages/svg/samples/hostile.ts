import { deflateSync } from 'node:zlib';
import type { MakeHostilePrograms } from '../../../port/samples.ts';
import {
  attack,
  crashed,
  growing,
  inBrowser,
  last,
  malformed,
  mark,
  open,
  passed,
  rows,
  svg,
} from './hostile-source.ts';

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

/** Ten times as many shapes at each level. */
const uses = (depth: number): string =>
  `<defs><g id="u0">${mark}</g>${rows(depth, (i) => `<g id="u${i + 1}">${`<use href="#u${i}"/>`.repeat(10)}</g>`)}</defs><use href="#u${depth}"/>`;

/** Drawings that expand, recurse, hoard, phone home, or read what is not theirs. */
export const svgPrograms: MakeHostilePrograms = ({ port, folder }) => {
  const home = `127.0.0.1:${port}`;
  const entity = (uri: string): string =>
    `<!DOCTYPE svg [<!ENTITY x SYSTEM "${uri}">]>${svg('<text x="-200" y="99" font-size="40" fill="magenta">&x;</text>')}`;
  const link = (href: string): string =>
    svg(
      `<image href="${href}" width="99" height="99"/><image xlink:href="${href}" width="99" height="99"/><use href="${href}#r"/>`,
    );
  const undefinedEntity = malformed(/Entity 'x' not defined/);
  return {
    'an external entity from a file': attack(entity(`file://${folder}/secret.txt`), undefinedEntity),
    'an external entity from the environment': attack(entity('file:///proc/self/environ'), undefinedEntity),
    'an external entity from the network': attack(entity(`http://${home}/x`), undefinedEntity),
    'an external document type': attack(`<!DOCTYPE svg SYSTEM "http://${home}/x.dtd">${svg('')}`),
    'a parameter entity': attack(
      `<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://${home}/p">%p;]>${svg('')}`,
      malformed(/Entity 'p' not defined/),
    ),
    'a billion laughs': attack(
      `<!DOCTYPE svg [<!ENTITY a0 "ha">${rows(12, (i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`)}]>${svg('<text>&a12;</text>')}`,
      malformed(/Maximum entity amplification factor exceeded/),
    ),
    XInclude: attack(svg(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${folder}/secret.svg"/>`)),
    'a style sheet by processing instruction': attack(`<?xml-stylesheet href="http://${home}/x.css"?>${svg('')}`),
    'style that loads': attack(
      svg(
        `<style>@import url(http://${home}/a.css); @import url(file://${folder}/secret.css); @font-face { font-family: F; src: url(http://${home}/f) }</style>`,
      ),
    ),
    'links to the network': attack(link(`http://${home}/x.svg`)),
    'links to a file': attack(link(`file://${folder}/secret.png`)),
    'links to a drawing in a file': attack(link(`file://${folder}/secret.svg`)),
    'links to an absolute path': attack(link(`${folder}/secret.png`)),
    'links to a relative path': attack(link(`../../../../../../..${folder}/secret.png`)),
    'a drawing within a drawing with links': attack(
      link(`data:image/svg+xml;base64,${Buffer.from(link(`file://${folder}/secret.png`)).toString('base64')}`),
    ),
    'frames in a foreign object': attack(
      inBrowser(
        `<iframe src="http://${home}/"></iframe><iframe src="file://${folder}/secret.svg"></iframe><img src="file://${folder}/secret.png"/>`,
      ),
    ),
    'a script in the browser': attack(
      inBrowser(
        `<p>x</p><script>while (true);</script><img src="x" onerror="document.documentElement.style.background='magenta'"/>`,
      ),
    ),
    'a script for librsvg': attack(svg('<script>while (true);</script>')),
    'malformed, with a script': attack(
      `${open}${mark}<script>for(;;);</script><img src=http://${home}/ onerror="document.body.style.background='magenta'"><br>`,
      malformed(/not well-formed/),
    ),
    'a bomb of uses': growing((depth) => svg(uses(depth)), [1, 12]),
    'a bomb of uses in the browser': growing((depth) => inBrowser('x').replace(last, `${uses(depth)}${last}`), [1, 9]),
    'a use of itself': attack(svg('<g id="s"><use href="#s"/></g>')),
    'patterns within themselves': attack(
      svg(
        '<pattern id="p" width="5" height="5"><rect width="5" height="5" fill="url(#p)"/></pattern><rect width="99" height="99" fill="url(#p)"/>',
      ),
    ),
    'a bomb of patterns': attack(
      svg(
        `<defs>${rows(8, (i) => `<pattern id="p${i}" width=".01" height=".01"><rect width="9" height="9" fill="${i ? `url(#p${i - 1})` : 'red'}"/></pattern>`)}</defs><rect width="200" height="200" fill="url(#p7)"/>`,
      ),
    ),
    'a mask of itself': attack(
      svg(
        '<mask id="m"><rect mask="url(#m)" width="9" height="9"/></mask><rect mask="url(#m)" width="99" height="99"/>',
      ),
    ),
    'a bomb of filters': growing(
      (count) =>
        svg(
          `<filter id="f" x="-9" y="-9" width="20" height="20">${'<feGaussianBlur stdDeviation="900"/><feMorphology operator="dilate" radius="900"/>'.repeat(count)}<feOffset/></filter><rect width="200" height="200" filter="url(#f)"/>`,
        ),
      [0, 60],
    ),
    'turbulence without end': growing(
      (count) =>
        svg(
          `<filter id="f">${'<feTurbulence baseFrequency="9" numOctaves="9999999"/>'.repeat(count)}</filter><rect width="200" height="200" filter="url(#f)"/>`,
        ),
      [1, 60],
      passed,
    ),
    'groups within groups': growing((count) => svg('<g>'.repeat(count) + '</g>'.repeat(count)), [10, 100_000]),
    'a million segments': growing(
      (count) => svg(`<path fill="none" stroke="red" d="M0 0${rows(count, (i) => `L${i % 200} ${(i * 7) % 200}`)}"/>`),
      [10, 500_000],
    ),
    'dashes without end': attack(svg('<path d="M0 0H1e9" stroke="red" stroke-dasharray=".0001" stroke-width="9"/>')),
    'letters without end': attack(svg('<text y="99" font-size="1e9">huge</text>')),
    'a picture bomb': attack(svg(`<image href="data:image/png;base64,${pngBomb()}" width="99" height="99"/>`)),
    'tags that never close': attack('<svg "'.repeat(200_000), { syntax: /not well-formed/ }),
    'quotes that never close': attack(`<svg width='${' width="'.repeat(100_000)}`, { syntax: /not well-formed/ }),
    'bytes that are no text': attack(
      `${open}\u0000\ud800\u0001${mark}</svg>`,
      malformed(/not well-formed XML[\s\S]*invalid Char/),
    ),
    'one color as large as may be': {
      code: '<svg xmlns="http://www.w3.org/2000/svg" width="6300" height="6300"><rect width="6300" height="6300" fill="teal"/></svg>',
      endings: { ok: /^The image is one single color/ },
      rehearsal: attack(
        `<svg xmlns="http://www.w3.org/2000/svg" width="6300" height="6300"><rect width="6300" height="6300" fill="teal"/>${last}</svg>`,
      ),
    },
    'rules within rules': growing((count) => svg(`<style>${'a{'.repeat(count)}</style>`), [10, 200_000], {
      memory: crashed,
    }),
  };
};
