import type { HostileProgram, MakeHostilePrograms } from '../../../port/samples.ts';

import { endless, reached, reachedWith, reporting, script } from './hostile-source.ts';

const attack = (code: string, endings: HostileProgram['endings'] = { ok: reached }): HostileProgram => ({
  code: script(code),
  endings,
});
const page = (body: string, endings: HostileProgram['endings']): HostileProgram => ({
  code: `<!doctype html>${reporting}<script>reached()</script>${body}`,
  endings,
});
const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => row(i)).join('');

/** Pages that compute, hoard or draw more than a page may, each by another part of the browser. */
export const htmlResources: MakeHostilePrograms = () => ({
  'a loop in a worker': attack(
    'const w = new Worker(URL.createObjectURL(new Blob(["postMessage(1); while (1);"]))); w.onmessage = () => reached()',
    endless,
  ),
  'a loop in a frame': page('<iframe srcdoc="<script>parent.reached(\'frame\'); while (1);</script>"></iframe>', {
    timeout: reachedWith('frame'),
  }),
  'a loop in WebAssembly': attack(
    'const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11]); const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports; reached(); f()',
    endless,
  ),
  'a loop of getters in what is asked for': attack(
    'reached(); for (const name of ["fonts", "body", "documentElement", "adoptedStyleSheets"]) Object.defineProperty(document, name, { get() { while (true); } })',
  ),
  'a loop of mutations observed': attack(
    'let n = 0; new MutationObserver(() => { if (++n === 3) reached(); document.body.append("x"); document.body.lastChild.remove() }).observe(document.body, { childList: true }); document.body.append("x")',
    endless,
  ),
  'a loop of sizes observed': attack(
    'let n = 100; const d = document.body.appendChild(document.createElement("div")); new ResizeObserver(() => { d.style.width = ++n + "px"; if (n === 103) reached() }).observe(d)',
  ),
  'a loop of elements of its own that make themselves': attack(
    'customElements.define("x-x", class extends HTMLElement { connectedCallback() { reached(); while (true) { const e = document.createElement("x-x"); } } }); document.body.append(document.createElement("x-x"))',
    endless,
  ),
  'a loop of events': attack(
    'addEventListener("x", () => dispatchEvent(new Event("x"))); reached(); try { dispatchEvent(new Event("x")) } catch {} reached("after")',
    { ok: reachedWith('after') },
  ),
  'a sort that never agrees': attack(
    'reached(); [..."x".repeat(1e6)].sort(() => { for (let i = 0; i < 1e6; i++); return Math.random() - 0.5 })',
    endless,
  ),
  'a number of a billion digits': attack('let n = 3n; reached(); for (;;) n = n * n', endless),
  'a reading of JSON without end': attack(
    'reached(); try { JSON.parse("[".repeat(1e5)) } catch {} const a = {}; a.a = a; try { JSON.stringify(a) } catch {} let deep = {}; for (let i = 0; i < 1e5; i++) deep = { deep }; try { JSON.stringify(deep) } catch {} reached("after")',
    { ok: reachedWith('after') },
  ),
  'a database filled': attack(
    'const o = indexedDB.open("fill"); o.onupgradeneeded = () => o.result.createObjectStore("s"); o.onsuccess = () => { reached(); const t = o.result.transaction("s", "readwrite"); for (let i = 0; i < 40; i++) t.objectStore("s").put(new Uint8Array(1e6), i) }',
  ),
  'storage filled': attack(
    'reached(); try { for (let i = 0; ; i++) localStorage["k" + i] = "x".repeat(1e6) } catch { reached("full") }',
    { ok: reachedWith('full') },
  ),
  'blobs without number': attack(
    'const all = []; reached(); for (let i = 0; i < 60; i++) all.push(URL.createObjectURL(new Blob([new Uint8Array(4e6)])))',
  ),
  'addresses of data without end': attack(
    'const i = new Image(); i.src = "data:image/png;base64," + "A".repeat(3e7); document.body.append(i); reached()',
  ),
  'a picture that is a bomb': attack(
    'const c = document.createElement("canvas"); c.width = c.height = 5000; const x = c.getContext("2d"); x.fillStyle = "teal"; x.fillRect(0, 0, 5000, 5000); reached(); for (let i = 0; i < 2; i++) { const m = new Image(); m.src = c.toDataURL(); document.body.append(m) }',
  ),
  'pixels of a canvas read without end': attack(
    'const c = document.createElement("canvas"); c.width = c.height = 4000; const x = c.getContext("2d"); reached(); for (;;) x.putImageData(x.getImageData(0, 0, 4000, 4000), 1, 1)',
    endless,
  ),
  'shadows and filters without end': page(
    `<style>p { filter: ${'blur(50px) '.repeat(60)}; box-shadow: ${Array.from({ length: 300 }, () => '0 0 500px red').join()}; backdrop-filter: blur(90px) }</style>${'<p>x</p>'.repeat(1000)}`,
    endless,
  ),
  'selectors that look back': page(
    `<style>${rows(500, (i) => `:has(> * ~ * :nth-last-child(${i}n of :has(~ *))) * ~ * { color: rgb(${i % 255} 0 0) }`)}</style>${'<div>'.repeat(200)}${'</div><b>x</b>'.repeat(200)}`,
    { ok: reached },
  ),
  'variables that double': page(
    `<style>:root { --a0: xxxxxxxxxx; ${rows(40, (i) => `--a${i + 1}: var(--a${i}) var(--a${i});`)} } p { content: var(--a40); font-family: var(--a40) }</style><p>hello</p>`,
    { ok: reached },
  ),
  'rules that hold rules': page(`<style>${'@media all{'.repeat(20_000)}</style><p>hello</p>`, { memory: reached }),
  'counters, columns and pages without end': page(
    `<style>body { columns: 100000 1px; counter-reset: ${rows(2000, (i) => `c${i} 2147483647 `)} } p { break-after: always; orphans: 99999; shape-outside: polygon(${Array.from({ length: 5000 }, (_, i) => `${i}px ${(i * 7) % 99}px`).join()}); float: left }</style>${'<p>x</p>'.repeat(300)}`,
    { ok: reached },
  ),
  'letters of every script on each other': page(
    `<p style="font: 900 200px serif; letter-spacing: -50px">${'A\u0300\u0301\u0302\u0489'.repeat(2000)}${'\u0627\u0644\u0644\u0647\ufdfa'.repeat(500)}</p>`,
    { ok: reached },
  ),
  'a line that never breaks': page(`<p style="text-wrap: balance; hyphens: auto" lang="en">${'x'.repeat(500_000)}`, {
    ok: reached,
  }),
  'directions within directions': page(
    `<p>${'<bdo dir=rtl><bdi>'.repeat(400)}x${'</bdi></bdo>'.repeat(400)}${'\u202a\u2067'.repeat(20_000)}y</p>`,
    { ok: reached },
  ),
  'a film of changes to the page': attack(
    'for (let i = 0; i < 2000; i++) document.body.append(document.createElement("p")); for (const p of document.querySelectorAll("p")) p.animate([{ width: "0" }, { width: "100%" }], { duration: 1e9, iterations: Infinity, iterationStart: 1e9 }); reached()',
  ),
});
