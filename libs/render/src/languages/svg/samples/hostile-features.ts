import type { MakeHostilePrograms } from '../../../port/samples.ts';
import { attack, growing, inBrowser, last, mark, passed, rows, stopped, svg } from './hostile-source.ts';

const timedOut = { timeout: stopped };

/** Drawings that turn one feature of SVG, or of a page within it, against the renderer. */
export const svgFeatures: MakeHostilePrograms = ({ port, folder }) => {
  const home = `http://127.0.0.1:${port}`;
  return {
    'links of every element that has one': attack(
      svg(
        [
          'a',
          'feImage',
          'textPath',
          'mpath',
          'animate',
          'set',
          'cursor',
          'tref',
          'altGlyph',
          'font-face-uri',
          'color-profile',
          'linearGradient',
          'pattern',
          'filter',
          'script',
          'discard',
          'image',
        ]
          .map(
            (name) =>
              `<${name} href="${home}/${name}" xlink:href="file://${folder}/secret.svg#r" width="9" height="9"/>`,
          )
          .join(''),
      ),
    ),
    'properties that load': attack(
      svg(
        `<g ${['fill', 'stroke', 'filter', 'clip-path', 'mask', 'marker-start', 'marker-end', 'cursor', 'color-profile'].map((name) => `${name}="url(${home}/${name}#x)"`).join(' ')}><path d="M0 0L9 9"/></g>`,
      ),
    ),
    'an image of a filter from a file': attack(
      svg(
        `<filter id="f"><feImage href="file://${folder}/secret.png"/></filter><rect width="99" height="99" filter="url(#f)"/>`,
      ),
    ),
    'addresses of data within addresses of data': attack(
      svg(
        `<image width="99" height="99" href="${Array.from({ length: 9 }).reduce<string>(
          (inner) =>
            `data:image/svg+xml;base64,${Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image width="9" height="9" href="${inner}"/></svg>`).toString('base64')}`,
          `${home}/innermost.png`,
        )}"/>`,
      ),
    ),
    'a base that is elsewhere': attack(
      `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200" xml:base="file://${folder}/"><style>@import "secret.css";</style>${mark}<image href="secret.png" width="99" height="99"/><use href="secret.svg#r"/>${last}</svg>`,
    ),
    'a style sheet that imports itself': attack(
      svg(
        `<style>@import url(#s); @import url("data:text/css,@import url(${home}/a.css);"); @charset "x"; @namespace url(${home}/n);</style>`,
      ),
    ),
    'letters of a font of its own': attack(
      svg(
        `<style>@font-face { font-family: F; src: url(data:font/woff2;base64,${'d09GMgABAAAA'.repeat(500)}), url(${home}/f.woff2), local("../../etc/passwd") }</style><text y="99" font-family="F" font-size="30">font</text>`,
      ),
    ),
    'a font that is drawn': attack(
      svg(
        `<font><font-face font-family="G"/><missing-glyph d="M0 0"/><glyph unicode="g"><text font-family="G">g</text></glyph></font><text y="99" font-family="G">g</text>`,
      ),
    ),
    'an animation without end': attack(
      svg(
        `<rect width="9" height="9"><animate attributeName="width" values="${'0;9;'.repeat(20_000)}0" dur=".0001s" repeatCount="indefinite"/><set attributeName="href" to="${home}/set"/><animateMotion path="M0 0${'L9 9'.repeat(9000)}" dur=".001s" repeatCount="indefinite"/></rect>`,
      ),
    ),
    'animations that begin each other': attack(
      svg(
        '<rect width="9" height="9"><animate id="a" attributeName="x" to="9" dur="1ms" begin="0;b.end"/><animate id="b" attributeName="x" to="0" dur="1ms" begin="a.end"/></rect>',
      ),
    ),
    'handlers of every event': attack(
      svg(
        ['onload', 'onclick', 'onbegin', 'onend', 'onerror', 'onfocusin', 'onresize']
          .map((name) => `<rect width="9" height="9" ${name}="document.documentElement.style.background='magenta'"/>`)
          .join(''),
      ).replace('<svg ', `<svg onload="fetch('${home}/onload')" `),
    ),
    'a script in another language': attack(
      svg(
        `<script type="text/ecmascript" href="${home}/x.js"/><script type="module">import "${home}/m.js"</script><handler type="application/java-archive"/><a href="javascript:while(1);"><text y="50">x</text></a>`,
      ),
    ),
    'a page within a drawing within a page': attack(
      inBrowser(
        `<svg xmlns="http://www.w3.org/2000/svg"><foreignObject width="99" height="99"><body xmlns="http://www.w3.org/1999/xhtml"><object data="${home}/object"/><link rel="stylesheet" href="${home}/css"/><meta http-equiv="refresh" content="0;url=${home}/refresh"/><form action="${home}/form"><input autofocus="autofocus" onfocus="while(1);"/></form></body></foreignObject></svg>`,
      ),
    ),
    'films, sounds and canvases within a drawing': attack(
      inBrowser(
        `<video autoplay="autoplay" src="${home}/video"/><audio autoplay="autoplay" src="${home}/audio"/><canvas width="99999" height="99999"/><iframe srcdoc="&lt;script>while(1);&lt;/script>"/>`,
      ),
    ),
    'a filter of a region without end': attack(
      svg(
        '<filter id="f" filterUnits="userSpaceOnUse" x="-1e9" y="-1e9" width="2e9" height="2e9"><feFlood flood-color="red"/><feTile/><feGaussianBlur stdDeviation="1e9"/></filter><rect width="9" height="9" filter="url(#f)" opacity="0"/>',
      ),
    ),
    'a convolution as large as the image': attack(
      svg(
        `<filter id="f"><feConvolveMatrix order="200" kernelMatrix="${'1 '.repeat(40_000)}"/></filter><rect width="200" height="200" filter="url(#f)" opacity="0"/>`,
      ),
    ),
    'light from numbers that are none': attack(
      svg(
        '<filter id="f"><feDiffuseLighting surfaceScale="1e38" diffuseConstant="NaN"><fePointLight x="1e999" y="-1e999" z="nan"/></feDiffuseLighting><feDisplacementMap scale="1e38"/></filter><rect width="200" height="200" filter="url(#f)" opacity="0"/>',
      ),
    ),
    'filters that feed each other': growing(
      (count) =>
        svg(
          `<filter id="f">${rows(count, (i) => `<feGaussianBlur in="${i ? `r${i - 1}` : 'SourceGraphic'}" result="r${i}" stdDeviation="99"/><feTurbulence baseFrequency=".9" numOctaves="9"/>`)}<feOffset/></filter>${'<rect width="200" height="200" filter="url(#f)" opacity="0"/>'.repeat(count)}`,
        ),
      [1, 200],
      passed,
    ),
    'masks within masks': growing(
      (depth) =>
        svg(
          `${rows(depth, (i) => `<mask id="m${i}"><g ${i ? `mask="url(#m${i - 1})"` : ''}>${`<rect width="200" height="200" fill="white" ${i ? `mask="url(#m${i - 1})"` : ''}/>`.repeat(9)}</g></mask>`)}<rect width="9" height="9" mask="url(#m${depth - 1})"/>`,
        ),
      [1, 9],
      timedOut,
    ),
    'markers at every point': growing(
      (count) =>
        svg(
          `<marker id="k" markerWidth="99" markerHeight="99"><g opacity=".1">${mark}</g></marker><path fill="none" marker-mid="url(#k)" d="M0 0${rows(count, (i) => `L${i % 99} ${i % 77}`)}"/>`,
        ),
      [2, 60_000],
      passed,
    ),
    'clips within clips': attack(
      svg(
        `${rows(300, (i) => `<clipPath id="c${i}" ${i ? `clip-path="url(#c${i - 1})"` : ''}><rect width="${200 + i}" height="200"/></clipPath>`)}<rect width="9" height="9" clip-path="url(#c299)"/>`,
      ),
    ),
    'gradients that inherit in a ring': attack(
      svg(
        `${rows(500, (i) => `<linearGradient id="g${i}" href="#g${(i + 1) % 500}"/>`)}<rect width="9" height="9" fill="url(#g0)"/>`,
      ),
    ),
    'a tree of symbols in a ring': attack(
      svg(
        '<symbol id="a"><use href="#b"/><use href="#b"/></symbol><symbol id="b"><use href="#c"/><use href="#c"/></symbol><symbol id="c"><use href="#a"/></symbol><use href="#a"/>',
      ),
    ),
    'seven hundred thousand elements': growing((count) => svg(rows(count, () => '<g/>')), [10, 700_000], timedOut),
    'an element of a million attributes': attack(svg(`<rect ${rows(60_000, (i) => `a${i}="x" `)}/>`), passed),
    'numbers that are too long to read': attack(
      svg(
        `<path d="M${'9'.repeat(100_000)} 0L${'.0'.repeat(50_000)}1 1"/><rect width="1e${'9'.repeat(9999)}" height="9" transform="${'rotate(1)'.repeat(20_000)}"/>`,
      ),
    ),
    'sizes of the root that lie': {
      code: `<svg xmlns="http://www.w3.org/2000/svg" width="99999999999" height="1" viewBox="0 0 0 1e300">${mark}</svg>`,
      endings: { 'too-large': /^An image of [\d.e+]+x\d+ pixels is too large/ },
    },
    'two roots, and a root within a comment': attack(
      `<!-- <svg width="9" height="9"> --><svg xmlns="http://www.w3.org/2000/svg" width="200" height="200">${mark}${last}</svg><svg width="8000" height="8000"><script>while(1);</script></svg>`,
      { ok: /not well-formed XML/ },
    ),
    'another encoding than it says': attack(`<?xml version="1.1" encoding="UTF-7"?>+ADw-script+AD4-${svg('')}`),
    'entities that grow by the square': attack(
      `<!DOCTYPE svg [<!ENTITY a "${'x'.repeat(90_000)}">]>${svg(`<text y="99">${'&a;'.repeat(9000)}</text>`)}`,
      { ok: /amplification factor|not well-formed/ },
    ),
    'attributes of a document type that load': attack(
      `<!DOCTYPE svg [<!ATTLIST image href CDATA "file://${folder}/secret.png"><!ENTITY % remote SYSTEM "${home}/dtd"><!NOTATION n SYSTEM "file:///etc/passwd"><!ENTITY u SYSTEM "${home}/u" NDATA n>]>${svg('<image width="99" height="99"/>')}`,
    ),
  };
};
