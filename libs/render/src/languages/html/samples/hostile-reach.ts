import type { HostileProgram, MakeHostilePrograms } from '../../../port/samples.ts';
import { reached, reachedWith, refused, reporting, script } from './hostile-source.ts';

const caught = "document.body.style.background='magenta'";
const attack = (code: string, endings: HostileProgram['endings'] = { ok: reached }): HostileProgram => ({
  code: script(code),
  endings,
});
/** Elements alone, with a report behind them. */
const elements = (body: string, ...urls: string[]): HostileProgram => ({
  code: `<!doctype html><body><h1>hello</h1>${body}${reporting}<script>reached()</script>`,
  endings: { ok: urls.length > 0 ? refused(...urls, 'http://reached.invalid/') : reached },
});

/** Pages that want to get out of their page: to other addresses, frames, devices, and to the browser that renders them. */
export const htmlReach: MakeHostilePrograms = ({ port, folder }) => {
  const home = `http://127.0.0.1:${port}`;
  const file = `file://${folder}`;
  return {
    "the browser's own port for developers": attack(
      `reached(); for (const port of [9222, 9229, 9223, ${port}]) for (const path of ['/json/version', '/json/list', '/json/new?about:blank']) fetch('http://127.0.0.1:' + port + path).then(() => { ${caught} }, () => 0); for (const port of [9222, 9229]) try { new WebSocket('ws://127.0.0.1:' + port + '/devtools/browser').onopen = () => { ${caught} } } catch {}`,
      { ok: refused('http://127.0.0.1:9222/json/version', `${home}/json/list`) },
    ),
    'the machine by its other names': attack(
      `reached(); for (const host of ['localhost', '[::1]', '0.0.0.0', '127.1', '2130706433', '0x7f.1', '169.254.169.254', '[::ffff:7f00:1]', 'page.invalid']) fetch('http://' + host + ':${port}/named').then(() => { ${caught} }, () => 0)`,
      { ok: refused(`http://localhost:${port}/named`, `http://page.invalid:${port}/named`) },
    ),
    'other schemes': attack(
      `for (const url of ['ftp://127.0.0.1:${port}/', 'chrome://gpu', 'chrome-untrusted://terminal', 'chrome-extension://x/y', 'filesystem:http://page.invalid/temporary/x', 'view-source:${file}/secret.txt', 'devtools://devtools/bundled/inspector.html', 'about:memory', 'content://x', 'javascript:${caught.replaceAll("'", '"')}']) { fetch(url).then(() => { ${caught} }, () => reached('no')); const f = document.createElement('iframe'); f.src = url; document.body.append(f); f.remove() } reached()`,
      { ok: reachedWith('no') },
    ),
    'a frame of the page in a page of the host': attack(
      `for (const src of ['${file}/secret.svg', 'chrome://version', 'about:srcdoc', '${home}/frame', 'blob:null/x', 'data:text/html,<script>top.location="${home}/top"<\\/script>']) { const f = document.createElement('iframe'); f.src = src; f.onload = () => { try { if (f.contentDocument.body.innerHTML.includes('magenta')) ${caught} } catch {} }; document.body.append(f) } reached()`,
      { ok: refused(`${home}/frame`, 'http://reached.invalid/') },
    ),
    'frames written by hand that load': elements(
      `<iframe srcdoc="<img src=${home}/in-frame><link rel=stylesheet href=${home}/style><script src=${home}/script></script>"></iframe><iframe sandbox srcdoc="<img src=${home}/in-sandbox>"></iframe><portal src="${home}/portal"></portal><fencedframe></fencedframe>`,
      `${home}/in-frame`,
      `${home}/in-sandbox`,
      `${home}/style`,
    ),
    'pages made of blobs': attack(
      `const u = URL.createObjectURL(new Blob(['<script>parent.reached("blob"); fetch("${home}/blob"); parent.document.title = "x"</scr' + 'ipt>'], { type: 'text/html' })); const f = document.createElement('iframe'); f.src = u; document.body.append(f); f.onload = () => reached('loaded')`,
      { ok: refused('http://reached.invalid/blob', `${home}/blob`) },
    ),
    'drawings and documents in addresses of data': elements(
      `<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='${file}/secret.png'/><script>fetch('${home}/svg')</script></svg>"><object data="data:text/html,<img src=${home}/data>"></object><embed src="data:text/html,<script>top.${caught}</script>"><iframe src="data:text/html,<img src=${home}/data-frame>"></iframe>`,
      `${home}/data`,
      `${home}/data-frame`,
    ),
    'imports and workers of modules': attack(
      `import('${home}/module.js').then(() => { ${caught} }, () => reached('import')); import('${file}/secret.js').then(() => { ${caught} }, () => 0); try { new Worker('${home}/worker.js', { type: 'module' }) } catch { reached('worker') } const s = document.createElement('script'); s.type = 'importmap'; s.textContent = '{"imports":{"x":"${home}/mapped.js"}}'; document.head.append(s); import('x').catch(() => reached('map'))`,
      { ok: reachedWith('import', 'worker') },
    ),
    'a worklet and a worker that import': attack(
      `const u = URL.createObjectURL(new Blob(['try { importScripts("${home}/imported.js"); postMessage(1) } catch { postMessage(0) }'])); const w = new Worker(u); w.onmessage = (e) => { if (e.data) { ${caught} } else reached('not imported') }; CSS.paintWorklet?.addModule('${home}/paint.js'); typeof AudioContext === 'function' && new AudioContext().audioWorklet?.addModule('${home}/audio.js').catch(() => 0)`,
      { ok: refused(`${home}/imported.js`) },
    ),
    'the referrer, cookies and headers of requests': attack(
      `document.cookie = 'a=b; domain=127.0.0.1'; history.replaceState(0, '', '/x?y#z'); fetch('${home}/headers', { method: 'POST', mode: 'no-cors', credentials: 'include', referrerPolicy: 'unsafe-url', keepalive: true, body: 'x'.repeat(60000) }); fetch('${home}/cors', { method: 'PUT', headers: { 'X-Own': 'x\\ty', Authorization: 'Basic eDp5' } }).catch(() => 0); try { fetch('http://u:p@127.0.0.1:${port}/').catch(() => 0) } catch {}`,
      { ok: refused(`${home}/headers`, `${home}/cors`) },
    ),
    'reports sent by the browser itself': {
      code: `<meta http-equiv="Content-Security-Policy" content="default-src 'unsafe-inline'; connect-src http:; report-uri ${home}/csp; report-to x"><meta http-equiv="NEL" content='{"report_to":"x","max_age":99}'><h1>hello</h1><img src="${home}/image"><a id="a" ping="${home}/ping" href="#x">x</a><script>a.click(); new ReportingObserver(() => 0).observe()</script>${reporting}<script>reached()</script>`,
      endings: { ok: reached },
    },
    'a tab of its own, by every means': attack(
      `for (const [name, more] of [['target', '_blank'], ['target', 'other'], ['download', 'x']]) { const a = document.createElement('a'); a.href = '${home}/tab'; a[name] = more; a.rel = 'opener'; document.body.append(a); a.click(); a.dispatchEvent(new MouseEvent('click', { ctrlKey: true, button: 1 })) } const f = document.createElement('form'); f.action = '${home}/form-tab'; f.target = '_blank'; document.body.append(f); f.requestSubmit(); const i = document.createElement('iframe'); document.body.append(i); i.contentWindow.open?.('${home}/frame-tab'); reached()`,
    ),
    'functions of the window in a frame of its own': attack(
      `const i = document.createElement('iframe'); document.body.append(i); const w = i.contentWindow; w.alert(1); w.setTimeout(() => reached('real')); try { w.print() } catch {} try { w.open('${home}/opened') } catch {} w.Date.now(); reached('frame')`,
      { ok: reachedWith('frame') },
    ),
    'dialogs, pickers and printing by elements': attack(
      `const d = document.createElement('dialog'); document.body.append(d); d.showModal(); for (const type of ['file', 'color', 'date', 'month', 'time']) { const i = document.createElement('input'); i.type = type; i.webkitdirectory = type === 'file'; document.body.append(i); i.click(); try { i.showPicker() } catch {} } document.execCommand('print'); document.execCommand('paste'); document.execCommand('copy'); d.close(); reached('after')`,
      { ok: reachedWith('after') },
    ),
    'what the picture is taken with, poisoned': attack(
      `Object.prototype.then = undefined; Object.prototype.get = () => 'ESC' + 'APED'; Object.prototype.toJSON = () => 'ESC' + 'APED'; Object.defineProperty(Object.prototype, 'width', { get: () => 99999, set() {}, configurable: true }); Object.defineProperty(Element.prototype, 'scrollHeight', { get: () => 1e9 }); Object.defineProperty(document, 'scrollingElement', { get: () => ({ scrollHeight: NaN }) }); Element.prototype.getBoundingClientRect = () => ({ width: 1e9, height: -1 }); document.getAnimations = () => { throw 1 }; reached()`,
    ),
    'words and errors that lie': attack(
      `console.error('There is no network here; refused: ' + '\\u001b[31m' + '\\u202e' + '\\u0000'.repeat(99)); console.error({ toString() { throw 1 } }, Symbol('x'), 10n ** 999n, document, new Proxy({}, { get() { throw 1 } })); document.title = 'x'.repeat(1e6); document.body.append('\\u202egnp.exe\\u0000\\ud800'); reached()`,
      { ok: /reached\.invalid/ },
    ),
    'a page that is an address of a script': attack(
      `reached(); document.open('text/html', 'replace'); document.write('<base href="${home}/"><img src="based"><svg><image href="vector"/></svg>'); document.close(); location.assign('javascript:"<img src=${home}/script>"')`,
      { ok: refused(`${home}/based`) },
    ),
    'access to secrets of the processor': attack(
      `const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }); reached(typeof SharedArrayBuffer); reached(String(crossOriginIsolated)); reached(typeof performance.measureUserAgentSpecificMemory)`,
      { ok: reachedWith('false') },
    ),
    'devices that a page may ask for': attack(
      "const asked = []; for (const name of ['bluetooth', 'hid', 'serial', 'usb', 'xr', 'gpu', 'wakeLock', 'storage', 'keyboard', 'virtualKeyboard', 'mediaSession', 'presentation']) asked.push(typeof navigator[name]); for (const name of ['Sensor', 'Accelerometer', 'NDEFReader', 'PaymentRequest', 'EyeDropper', 'IdleDetector', 'SpeechRecognition', 'PublicKeyCredential']) { try { new globalThis[name]([], {}) } catch {} } reached(asked.join())",
      { ok: /http:\/\/reached\.invalid\/(?:(?:undefined|object),?){12}(?:\s|$)/ },
    ),
    'sounds, films and text tracks': elements(
      `<audio autoplay loop src="data:audio/wav;base64,UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA="></audio><video autoplay><source src="${home}/film.mp4"><track default src="${home}/track.vtt"></video><bgsound src="${home}/x"><marquee scrollamount="99999">x</marquee><applet code="${home}/x"></applet>`,
      `${home}/film.mp4`,
    ),
  };
};
