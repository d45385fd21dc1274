import type { MakeHostilePrograms } from '../../../port/samples.ts';

const caught = "document.body.style.background='magenta'";

/** Pages that hang, hoard, flood, phone home, or read what is not theirs. */
export const htmlPrograms: MakeHostilePrograms = ({ port, folder }) => {
  const home = `127.0.0.1:${port}`;
  const file = `file://${folder}`;
  const script = (code: string): string => `<!doctype html><body><h1>hello</h1><script>${code}</script>`;
  return {
    'a loop': ['timeout', script('while (true);')],
    'a loop of microtasks': [
      ['timeout', 'memory'],
      script('const again = () => Promise.resolve().then(again); again()'),
    ],
    'a loop after load': ['timeout', script('onload = () => { while (true); }')],
    'a loop of frames': ['ok', script('const frame = () => requestAnimationFrame(frame); frame()')],
    'a loop of timers': ['ok', script('const tick = () => { setTimeout(tick); setTimeout(() => 0) }; tick()')],
    'a loop of messages': [
      'any',
      script(
        'const c = new MessageChannel(); c.port1.onmessage = () => c.port2.postMessage(0); c.port2.postMessage(0)',
      ),
    ],
    'a busy wait by the clock': ['ok', script('const end = Date.now() + 3000; while (Date.now() < end);')],
    'a loop of dialogs': ['any', script('while (true) alert(confirm(prompt()))')],
    'a loop of document.write': ['any', script('while (true) document.write("<p>more")')],
    'a loop of history': ['any', script('for (let i = 0; ; i++) history.pushState(i, "", "#" + i)')],
    'a loop of reloads': ['ok', script('location.reload()')],
    'a loop of regular expression': ['timeout', script('/^(a+)+$/.test("a".repeat(40) + "b")')],
    '300 spinning workers': [
      'any',
      script('const u = URL.createObjectURL(new Blob(["for(;;);"])); for (let i = 0; i < 300; i++) new Worker(u)'),
    ],
    'a heap bomb': ['any', script('const all = []; while (true) all.push(new Array(1e5).fill({}))')],
    'a string bomb': ['any', script('let s = "x"; const all = []; while (true) { s += s; all.push(s.slice(0, -1)) }')],
    'a buffer bomb': ['any', script('const all = []; while (true) all.push(new Uint8Array(1e8).fill(1))')],
    'a WebAssembly memory bomb': [
      'any',
      script(
        'const all = []; for (;;) { const m = new WebAssembly.Memory({ initial: 10000 }); new Uint8Array(m.buffer).fill(1); all.push(m) }',
      ),
    ],
    'a canvas bomb': [
      'any',
      script(
        'for (let i = 0; i < 200; i++) { const c = document.createElement("canvas"); c.width = c.height = 16000; c.getContext("2d").fillRect(0, 0, 9, 9); document.body.append(c) }',
      ),
    ],
    'a bomb of elements': ['any', script('while (true) document.body.append(document.createElement("p"))')],
    'a bomb of frames within frames': [
      'any',
      '<body>x<iframe src="#" srcdoc="<script>parent.f&&0;const a=()=>{const f=document.createElement(\'iframe\');document.body.append(f);f.contentWindow.setTimeout(a)};onload=()=>{for(;;)document.body.append(document.createElement(\'iframe\'))}</script>"></iframe>',
    ],
    'a flood of console lines': ['any', script('for (;;) console.error("x".repeat(1e6))')],
    'a flood of exceptions': ['any', script('setInterval(() => { throw new Error("x".repeat(1e7)) }, 0)')],
    'a flood of requests': ['any', script(`for (let i = 0; i < 1e5; i++) fetch("http://${home}/" + i).catch(() => 0)`)],
    'a blur of 500 px on a page of 8000': [
      'any',
      '<body style="margin:0"><div style="width:8000px;height:8000px;background:linear-gradient(red,blue);filter:blur(500px)">x</div>',
    ],
    'a page of 200 000 px': [
      'ok',
      '<body style="margin:0"><div style="width:200000px;height:200000px;background:linear-gradient(teal,navy)">x</div>',
    ],
    popups: [
      'ok',
      script(
        'for (let i = 0; i < 5; i++) { open("about:blank"); const a = document.createElement("a"); a.target = "_blank"; a.href = "about:blank"; document.body.append(a); a.click() }',
      ),
    ],
    'closing itself': ['ok', script('close(); self.close(); top.close()')],
    'printing and dialogs': ['ok', script('print(); alert(1); onbeforeunload = () => "stay"')],
    'a download': [
      'ok',
      script(
        'const a = document.createElement("a"); a.download = "x.exe"; a.href = URL.createObjectURL(new Blob(["x"])); a.click()',
      ),
    ],
    'going away to the listener': ['ok', script(`location = "http://${home}/"`)],
    'a meta refresh': ['ok', `<meta http-equiv="refresh" content="0;url=http://${home}/"><h1>hello</h1>`],
    'a form': [
      'ok',
      `<h1>hello</h1><form action="http://${home}/" method="post"></form><script>document.forms[0].submit()</script>`,
    ],
    'fetch, XHR, beacon and event source': [
      'ok',
      script(
        `fetch("http://${home}/").then(() => { ${caught} }, () => 0); const x = new XMLHttpRequest(); x.open("GET", "http://${home}/"); x.onload = () => { ${caught} }; x.send(); navigator.sendBeacon("http://${home}/", "x"); new EventSource("http://${home}/")`,
      ),
    ],
    'a synchronous XHR': [
      'ok',
      script(
        `const x = new XMLHttpRequest(); x.open("GET", "http://${home}/", false); try { x.send(); ${caught} } catch {}`,
      ),
    ],
    'elements that load': [
      'ok',
      `<body><h1>hello</h1>${['img', 'script', 'iframe', 'embed', 'video', 'audio'].map((name) => `<${name} src="http://${home}/${name}"></${name}>`).join('')}<object data="http://${home}/o"></object><input type="image" src="http://${home}/i"><img srcset="http://${home}/s 2x">`,
    ],
    'links that load ahead': [
      'ok',
      `${['stylesheet', 'preload', 'prefetch', 'preconnect', 'dns-prefetch', 'modulepreload', 'prerender', 'icon', 'manifest'].map((rel) => `<link rel="${rel}" as="script" href="http://${home}/${rel}">`).join('')}<h1>hello</h1><script type="speculationrules">{"prefetch":[{"source":"list","urls":["http://${home}/spec"]}]}</script>`,
    ],
    'style that loads': [
      'ok',
      `<style>@import "http://${home}/a.css"; @font-face { font-family: F; src: url(http://${home}/f.woff2) } h1 { font-family: F; background: url(http://${home}/b.png); cursor: url(http://${home}/c.cur), auto }</style><h1>hello</h1>`,
    ],
    'a web socket': [
      'ok',
      script(`const s = new WebSocket("ws://${home}/"); s.onopen = s.onmessage = () => { ${caught} }`),
    ],
    WebRTC: [
      'ok',
      script(
        `const c = new RTCPeerConnection({ iceServers: [{ urls: ["stun:${home}", "turn:${home}?transport=tcp"], username: "u", credential: "p" }] }); c.createDataChannel("x"); c.createOffer().then((o) => c.setLocalDescription(o))`,
      ),
    ],
    WebTransport: [
      'ok',
      script(`try { new WebTransport("https://${home}/").ready.then(() => { ${caught} }, () => 0) } catch {}`),
    ],
    'a service worker': [
      'ok',
      script(`navigator.serviceWorker?.register("http://${home}/sw.js").then(() => { ${caught} }, () => 0)`),
    ],
    'a worker that phones home': [
      'ok',
      script(
        `const u = URL.createObjectURL(new Blob(['fetch("http://${home}/").then(() => postMessage(1), () => 0); new WebSocket("ws://${home}/")'])); new Worker(u).onmessage = () => { ${caught} }`,
      ),
    ],
    "the host's files in elements": [
      'ok',
      `<body><h1>hello</h1><img src="${file}/secret.png"><iframe src="${file}/secret.svg"></iframe><object data="${file}/secret.svg"></object><embed src="${file}/secret.svg"><script src="${file}/secret.js"></script><link rel="stylesheet" href="${file}/secret.css"><style>h1 { background: url(${file}/secret.png) }</style>`,
    ],
    "the host's files by script": [
      'ok',
      script(
        `for (const f of ["${file}/secret.txt", "file:///proc/self/environ", "file:///etc/passwd"]) { fetch(f).then(() => { ${caught} }, () => 0); const x = new XMLHttpRequest(); try { x.open("GET", f); x.onload = () => { ${caught} }; x.send() } catch {} }`,
      ),
    ],
    "going away to the host's files": [
      'ok',
      script(`location = "${file}/secret.svg"; open("${file}/secret.svg", "_self")`),
    ],
    'the browser’s own pages': [
      'ok',
      script(
        'location = "chrome://version"; location = "view-source:http://page.invalid/"; location = "devtools://devtools"',
      ),
    ],
  };
};
