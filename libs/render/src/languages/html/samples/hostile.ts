import type { HostileProgram, MakeHostilePrograms } from '../../../port/samples.ts';
import { endless, reached, reachedWith, refused, reporting, script } from './hostile-source.ts';

const caught = "document.body.style.background='magenta'";
/** A script may go on without the buffers that it does not get. */
const outOfBuffers = /RangeError[\s\S]*http:\/\/reached\.invalid\//;
const attack = (code: string, endings: HostileProgram['endings'] = { ok: reached }): HostileProgram => ({
  code: script(code),
  endings,
});

/** Pages that hang, hoard, flood, phone home, or read what is not theirs. */
export const htmlPrograms: MakeHostilePrograms = ({ port, folder }) => {
  const home = `127.0.0.1:${port}`;
  const file = `file://${folder}`;
  const refusedAtHome = (...paths: string[]): HostileProgram['endings'] => ({
    ok: refused(...paths.map((path) => `http://${home}/${path}`)),
  });
  return {
    'a loop': attack('reached(); while (true);', endless),
    'a loop of microtasks': attack('const again = () => Promise.resolve().then(again); reached(); again()', endless),
    'a loop after load': attack('onload = () => { reached(); while (true); }', endless),
    'a loop of frames': attack(
      'let count = 0; const frame = () => { if (++count === 3) reached(); requestAnimationFrame(frame) }; frame()',
    ),
    'a loop of timers': attack(
      'let count = 0; const tick = () => { if (++count === 3) reached(); setTimeout(tick); setTimeout(() => 0) }; tick()',
    ),
    'a loop of messages': attack(
      'const c = new MessageChannel(); c.port1.onmessage = () => c.port2.postMessage(0); reached(); c.port2.postMessage(0)',
      endless,
    ),
    'a busy wait by the clock': attack(
      'const end = Date.now() + 3000; reached(); while (Date.now() < end); reached("after")',
      { ok: reachedWith('', 'after') },
    ),
    'a loop of dialogs': attack('reached(); while (true) alert(confirm(prompt()))', endless),
    'a loop of document.write': attack('reached(); while (true) document.write("<p>more")', endless),
    'a loop of history': attack('reached(); for (let i = 0; ; i++) history.pushState(i, "", "#" + i)', endless),
    // Without `reporting`: where it is not the first script that goes away, the page's load event often never comes.
    'a loop of reloads': {
      code: '<!doctype html><body><h1>hello</h1><script>location.reload()</script>',
      endings: { ok: refused('http://page.invalid/') },
    },
    'a loop of regular expression': attack('reached(); /^(a+)+$/.test("a".repeat(40) + "b")', endless),
    '300 spinning workers': attack(
      'const u = URL.createObjectURL(new Blob(["for(;;);"])); reached(); for (let i = 0; i < 300; i++) new Worker(u)',
      endless,
    ),
    'a heap bomb': attack('const all = []; reached(); while (true) all.push(new Array(1e5).fill({}))', endless),
    'a string bomb': attack(
      'let s = "x"; const all = []; reached(); while (true) { if (s.length < 2 ** 26) s += s; all.push(s.replaceAll("x", "y")) }',
      endless,
    ),
    'a buffer bomb': attack('const all = []; reached(); while (true) all.push(new Uint8Array(1e8).fill(1))', {
      ok: outOfBuffers,
    }),
    'a WebAssembly memory bomb': attack(
      'const all = []; reached(); for (;;) { const m = new WebAssembly.Memory({ initial: 10000 }); new Uint8Array(m.buffer).fill(1); all.push(m) }',
      { ok: outOfBuffers },
    ),
    'a canvas bomb': attack(
      'reached(); for (let i = 0; i < 200; i++) { const c = document.createElement("canvas"); c.width = c.height = 16000; c.getContext("2d").fillRect(0, 0, 9, 9); document.body.append(c) }',
    ),
    'a bomb of elements': attack('reached(); while (true) document.body.append(document.createElement("p"))', endless),
    'a bomb of frames within frames': {
      code: `<body>x${reporting}<iframe src="#" srcdoc="<script>onload=()=>{parent.reached();for(;;)document.body.append(document.createElement('iframe'))}</script>"></iframe>`,
      endings: endless,
    },
    'a flood of console lines': attack('reached(); for (;;) console.error("x".repeat(1e6))', endless),
    'a flood of exceptions': attack('reached(); setInterval(() => { throw new Error("x".repeat(1e7)) }, 0)', endless),
    'a flood of requests': attack(`for (let i = 0; i < 1e5; i++) fetch("http://${home}/" + i).catch(() => 0)`, {
      timeout: refused(`http://${home}/9`),
    }),
    'a blur of 500 px on a page of 8000': {
      code: '<body style="margin:0"><div style="width:8000px;height:8000px;background:url(http://reached.invalid/),linear-gradient(red,blue);filter:blur(500px)">x</div>',
      endings: endless,
    },
    'a page of 200 000 px': {
      code: '<body style="margin:0"><div style="width:200000px;height:200000px;background:linear-gradient(orange,navy)">x</div>',
      endings: { ok: { color: 'ffa500' } },
    },
    popups: attack(
      'for (let i = 0; i < 5; i++) { open("about:blank"); const a = document.createElement("a"); a.target = "_blank"; a.href = "about:blank"; document.body.append(a); a.click() } reached()',
    ),
    'closing itself': attack('reached(); close(); self.close(); top.close(); reached("after")', {
      ok: reachedWith('', 'after'),
    }),
    'printing and dialogs': attack('reached(); print(); alert(1); onbeforeunload = () => "stay"; reached("after")', {
      ok: reachedWith('', 'after'),
    }),
    'a download': attack(
      'const a = document.createElement("a"); a.download = "x.exe"; a.href = URL.createObjectURL(new Blob(["x"])); reached(); a.click()',
    ),
    'going away to the listener': {
      code: `<!doctype html><body><h1>hello</h1><script>location = "http://${home}/away"</script>`,
      endings: refusedAtHome('away'),
    },
    'a meta refresh': {
      code: `<meta http-equiv="refresh" content="0;url=http://${home}/refresh"><h1>hello</h1>`,
      endings: refusedAtHome('refresh'),
    },
    'a form': {
      code: `<h1>hello</h1><form action="http://${home}/form" method="post"></form><script>document.forms[0].submit()</script>`,
      endings: refusedAtHome('form'),
    },
    'fetch, XHR, beacon and event source': attack(
      `fetch("http://${home}/fetch").then(() => { ${caught} }, () => 0); const x = new XMLHttpRequest(); x.open("GET", "http://${home}/xhr"); x.onload = () => { ${caught} }; x.send(); navigator.sendBeacon("http://${home}/beacon", "x"); new EventSource("http://${home}/events")`,
      refusedAtHome('fetch', 'xhr', 'beacon', 'events'),
    ),
    'a synchronous XHR': attack(
      `const x = new XMLHttpRequest(); x.open("GET", "http://${home}/sync", false); try { x.send(); ${caught} } catch {}`,
      refusedAtHome('sync'),
    ),
    'elements that load': {
      code: `<body><h1>hello</h1>${['img', 'script', 'iframe', 'embed', 'video', 'audio'].map((name) => `<${name} src="http://${home}/${name}"></${name}>`).join('')}<object data="http://${home}/o"></object><input type="image" src="http://${home}/i"><img srcset="http://${home}/s 2x">`,
      endings: refusedAtHome('img', 'script', 'iframe', 'embed', 'video', 'audio', 'o', 'i', 's'),
    },
    'links that load ahead': {
      code: `${['stylesheet', 'preload', 'prefetch', 'preconnect', 'dns-prefetch', 'modulepreload', 'prerender', 'icon', 'manifest'].map((rel) => `<link rel="${rel}" as="script" href="http://${home}/${rel}">`).join('')}<h1>hello</h1><script type="speculationrules">{"prefetch":[{"source":"list","urls":["http://${home}/spec"]}]}</script>`,
      endings: refusedAtHome('stylesheet', 'preload', 'prefetch', 'modulepreload'),
    },
    'style that loads': {
      code: `<style>@import "http://${home}/a.css"; @font-face { font-family: F; src: url(http://${home}/f.woff2) } h1 { font-family: F; background: url(http://${home}/b.png); cursor: url(http://${home}/c.cur), auto }</style><h1>hello</h1>`,
      endings: refusedAtHome('a.css', 'f.woff2', 'b.png', 'c.cur'),
    },
    'a web socket': attack(
      `reached(); const s = new WebSocket("ws://${home}/"); s.onopen = s.onmessage = () => { ${caught} }`,
    ),
    WebRTC: attack(
      `const c = new RTCPeerConnection({ iceServers: [{ urls: ["stun:${home}", "turn:${home}?transport=tcp"], username: "u", credential: "p" }] }); c.createDataChannel("x"); reached(); c.createOffer().then((o) => c.setLocalDescription(o))`,
    ),
    // No secure context, so there are no such interfaces.
    WebTransport: attack(
      `reached(typeof WebTransport); try { new WebTransport("https://${home}/").ready.then(() => { ${caught} }, () => 0) } catch {}`,
      { ok: reachedWith('undefined') },
    ),
    'a service worker': attack(
      `reached(typeof navigator.serviceWorker); navigator.serviceWorker?.register("http://${home}/sw.js").then(() => { ${caught} }, () => 0)`,
      { ok: reachedWith('undefined') },
    ),
    'a worker that phones home': attack(
      `const u = URL.createObjectURL(new Blob(['fetch("http://${home}/worker").then(() => postMessage(1), () => 0); new WebSocket("ws://${home}/")'])); new Worker(u).onmessage = () => { ${caught} }`,
      refusedAtHome('worker'),
    ),
    "the host's files in elements": {
      code: `<body><h1>hello</h1>${reporting}<img src="${file}/secret.png" onerror="reached('img')"><iframe src="${file}/secret.svg"></iframe><object data="${file}/secret.svg"></object><embed src="${file}/secret.svg"><script src="${file}/secret.js" onerror="reached('script')"></script><link rel="stylesheet" href="${file}/secret.css" onerror="reached('link')"><style>h1 { background: url(${file}/secret.png) }</style>`,
      endings: { ok: reachedWith('img', 'script', 'link') },
    },
    "the host's files by script": attack(
      `for (const f of ["${file}/secret.txt", "file:///proc/self/environ", "file:///etc/passwd"]) { fetch(f).then(() => { ${caught} }, () => reached('fetch')); const x = new XMLHttpRequest(); x.open("GET", f); x.onload = () => { ${caught} }; x.onerror = () => reached('xhr'); x.send() }`,
      { ok: reachedWith('fetch', 'xhr') },
    ),
    "going away to the host's files": attack(
      `location = "${file}/secret.svg"; open("${file}/secret.svg", "_self"); reached()`,
    ),
    'the browser’s own pages': attack(
      'location = "chrome://version"; location = "view-source:http://page.invalid/"; location = "devtools://devtools"; reached()',
    ),
  };
};
