import type { Styles } from '../../../port/samples.ts';

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
