import type { Styles } from './style.ts';

const teal = '2a9d8f';
const block = `width:200px;height:100px;background:#${teal}`;
const page = (body: string, head = ''): string =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>t</title><style>body{margin:0}</style>${head}</head><body>${body}</body></html>`;
const shown = (code: string, ...shows: string[]): Styles[string] => ({
  code,
  shows: shows.length > 0 ? shows : [teal],
});
const likeBlock = (code: string): Styles[string] => ({ code, like: 'a block' });

export const htmlStyles: Styles = {
  'a block': shown(page(`<div style="${block}"></div>`)),
  'a class': likeBlock(page('<div class="b"></div>', `<style>.b{${block}}</style>`)),
  'CSS variables': likeBlock(
    page(
      '<div></div>',
      `<style>:root{--w:200px;--c:#${teal}}div{width:var(--w);height:calc(var(--w)/2);background:var(--missing,var(--c))}</style>`,
    ),
  ),
  'nested rules and :has': likeBlock(
    page('<main><div></div></main>', `<style>main{&:has(div){div{${block}}}}</style>`),
  ),
  'no head, no body, no end': likeBlock(`<!DOCTYPE html><style>body{margin:0}</style><div style="${block}">`),
  'capitals and loose attributes': likeBlock(
    `<!doctype HTML><STYLE>BODY{MARGIN:0}</STYLE><DIV STYLE='${block}'></DIV>`,
  ),
  XHTML: likeBlock(
    `<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><style>body{margin:0}</style></head><body><div style="${block}"/></body></html>`,
  ),
  'made by a script': likeBlock(
    page(
      `<script>const d = document.createElement('div'); d.style.cssText = '${block}'; document.body.append(d)</script>`,
    ),
  ),
  'made once loaded': likeBlock(
    page(
      `<div id="d"></div><script>addEventListener('DOMContentLoaded', () => setTimeout(() => { d.style.cssText = '${block}' }, 300))</script>`,
    ),
  ),
  'made by a module, with await': likeBlock(
    page(
      `<script type="module">await new Promise(requestAnimationFrame); document.body.innerHTML = '<div style="${block}"></div>'</script>`,
    ),
  ),
  'faded in': likeBlock(
    page(
      `<style>@keyframes in{from{opacity:0}to{opacity:1}}div{animation:in 2s 1s both}</style><div style="${block}"></div>`,
    ),
  ),
  'a grid': shown(
    page(
      `<div style="display:grid;grid-template-columns:1fr 1fr;gap:9px"><p style="background:#${teal}">a</p><p style="background:#e76f51">b</p></div>`,
    ),
    teal,
    'e76f51',
  ),
  'a drawing within': shown(page(`<svg width="99" height="99"><circle cx="50" cy="50" r="40" fill="#${teal}"/></svg>`)),
  'a canvas': shown(
    page(
      `<canvas id="c" width="99" height="99"></canvas><script>const g = c.getContext('2d'); g.fillStyle = '#${teal}'; g.fillRect(9, 9, 80, 80)</script>`,
    ),
  ),
  'a picture within': shown(
    page(
      `<img src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='99' height='99'%3E%3Crect width='99' height='99' fill='%23${teal}'/%3E%3C/svg%3E">`,
    ),
  ),
  'web fonts of Google': {
    ...shown(
      page(
        `<h1 style="font-family:Inter,sans-serif;color:#${teal};font-size:60px">Ag</h1>`,
        '<link href="https://fonts.googleapis.com/css2?family=Inter:wght@400;700&display=swap" rel="stylesheet">',
      ),
    ),
    log: /.*/s,
  },
  'Tailwind from its CDN': {
    ...shown(
      page('<div class="w-40 h-20 bg-red-500"></div>', '<script src="https://cdn.tailwindcss.com"></script>'),
      'ef4444',
    ),
    log: /.*/s,
  },
  'Bootstrap from its CDN': {
    ...shown(
      page(
        '<div class="p-5 bg-primary">x</div>',
        '<link href="https://cdn.jsdelivr.net/npm/bootstrap@5.3.0/dist/css/bootstrap.min.css" rel="stylesheet">',
      ),
      '0d6efd',
    ),
    log: /.*/s,
  },
  'letters of many scripts': {
    code: page('<p>中文 日本語 한국어 العربية עברית हिन्दी Ελληνικά 😀</p>'),
    unlike: 'a block',
  },
  'tables, forms and lists': {
    code: page(
      '<table border><tr><th>a<td>b</table><form><input value=x><select><option>y</select><button>z</button></form><ol><li>1</ol>',
    ),
    unlike: 'a block',
  },
  'a picture that is not there': {
    ...shown(page(`<img src="https://example.com/x.png" width="99" height="99" alt="x"><div style="${block}"></div>`)),
    log: /.*/s,
  },
};

const open = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90">';
const disc = `<circle cx="40" cy="40" r="30" fill="#${teal}"/>`;
const likeDisc = (code: string): Styles[string] => ({ code, like: 'a disc' });

export const svgStyles: Styles = {
  'a disc': { ...shown(`${open}${disc}</svg>`), size: { width: 120, height: 90 } },
  'no namespace': likeDisc(`<svg width="120" height="90">${disc}</svg>`),
  'a prologue and a document type': likeDisc(
    `<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n${open}${disc}</svg>`,
  ),
  units: shown(
    `<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="67.5pt" viewBox="0 0 120 90">${disc}</svg>`,
  ),
  'a style sheet': likeDisc(`${open}<style>circle{fill:#${teal}}</style><circle cx="40" cy="40" r="30"/></svg>`),
  'a style sheet in CDATA': likeDisc(
    `${open}<style type="text/css"><![CDATA[.d{fill:#${teal}}]]></style><circle class="d" cx="40" cy="40" r="30"/></svg>`,
  ),
  'style attributes': likeDisc(`${open}<circle style="cx:40px;cy:40px;r:30px;fill:#${teal}"/></svg>`),
  'groups and transforms': likeDisc(
    `${open}<g transform="translate(20,20)"><g transform="scale(2)"><circle cx="10" cy="10" r="15" fill="#${teal}"/></g></g></svg>`,
  ),
  'something used again': likeDisc(
    `${open}<defs><circle id="d" r="30"/></defs><use href="#d" x="40" y="40" fill="#${teal}"/></svg>`,
  ),
  'an older link': likeDisc(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="120" height="90"><defs><circle id="d" r="30"/></defs><use xlink:href="#d" x="40" y="40" fill="#${teal}"/></svg>`,
  ),
  'words around it': likeDisc(
    `${open}<!-- a -- disc --><title>t</title><desc>d</desc><metadata>m</metadata>${disc}</svg>`.replace(
      'a -- disc',
      'a disc',
    ),
  ),
  'no size': shown(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 60">${disc}</svg>`),
  'no size and no box': shown(`<svg xmlns="http://www.w3.org/2000/svg">${disc}</svg>`),
  'a size in per cent': shown(
    `<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%" viewBox="0 0 80 60">${disc}</svg>`,
  ),
  'CSS variables': shown(
    `${open}<style>:root{--c:#${teal}}circle{fill:var(--c)}</style><circle cx="40" cy="40" r="30"/></svg>`,
  ),
  'a foreign object': shown(
    `${open}<foreignObject width="120" height="90"><div xmlns="http://www.w3.org/1999/xhtml" style="background:#${teal};height:60px">x</div></foreignObject></svg>`,
  ),
  'letters on a path': shown(
    `${open}${disc}<path id="p" d="M0 80H120" fill="none"/><text><textPath href="#p">along</textPath></text></svg>`,
  ),
  'a gradient, a mask and a filter': shown(
    `${open}<defs><linearGradient id="g"><stop stop-color="#${teal}"/><stop offset=".6" stop-color="#${teal}"/><stop offset="1" stop-color="#e76f51"/></linearGradient><filter id="f"><feGaussianBlur stdDeviation="1"/></filter><mask id="m"><rect width="99" height="99" fill="white"/></mask></defs><rect width="120" height="80" fill="url(#g)" mask="url(#m)" filter="url(#f)"/></svg>`,
  ),
  'hsl, rgb and named colours': shown(
    `${open}<rect width="40" height="40" fill="hsl(0,100%,50%)"/><rect x="40" width="40" height="40" fill="rgb(0 128 0)"/><rect x="80" width="40" height="40" fill="navy"/></svg>`,
    'ff0000',
    '008000',
    '000080',
  ),
  'an entity of HTML': { ...shown(`${open}${disc}<text y="80">a&nbsp;b</text></svg>`), log: /nbsp/ },
  'an animation': shown(
    `${open}<rect width="60" height="60" fill="#${teal}"><animate attributeName="x" from="0" to="50" dur="2s" repeatCount="indefinite"/></rect></svg>`,
  ),
};
