import { watch } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { connect, createServer as createSocketServer } from 'node:net';
import { once } from 'node:events';
import { runCaptured, startInBackground } from './child-processes.mjs';
import { inRoot, projectNode } from './paths.mjs';
import { setUp } from './setup.mjs';
import { Failure, say } from './terminal.mjs';

const apiPaths = ['/v1', '/docs', '/openapi.json', '/healthz', '/readyz'];
const ofApi = (url) =>
  apiPaths.some((path) => url === path || url.startsWith(`${path}/`) || url.startsWith(`${path}?`));
const settleMs = 150;

async function freePort() {
  const probe = createSocketServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** One address for both: the API's paths go to the API, everything else, hot reloads too, to Next. Streams pass as they come. */
function startProxy(port, apiPort, nextPort) {
  const portOf = (url) => (ofApi(url) ? apiPort : nextPort);
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = httpRequest({ host: '127.0.0.1', port: portOf(url), method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.on('error', () => {
      if (!outgoing.headersSent) outgoing.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' });
      outgoing.end('It is starting again.\n');
    });
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  server.on('upgrade', ({ method, url, rawHeaders }, socket, head) => {
    const onward = connect(portOf(url), '127.0.0.1', () => {
      const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
      onward.write([`${method} ${url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on('error', () => [onward, socket].forEach((other) => other.destroy()));
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Failure(`Port ${port} cannot be used (${error.code}): set PENTIMENTO_PORT to a free one.`)),
    );
    server.listen(port, process.env.PENTIMENTO_HOST || '127.0.0.1', resolve);
  });
}

const startApi = (port) =>
  startInBackground(projectNode(), [inRoot('apps/api/dist/main.js')], { env: { PENTIMENTO_PORT: String(port) } });

/** Rebuilds and restarts the API after each burst of changes. If the build fails, the old API keeps running. */
function restartOnChange(port) {
  let api = startApi(port);
  let timer;
  let turn = Promise.resolve();
  const restart = async () => {
    const { code, output } = await runCaptured(projectNode(), [inRoot('apps/api/scripts/build.mjs')]);
    if (code !== 0) return say(output);
    api.child.kill('SIGTERM');
    await api.ended;
    say('dev: starting the API again');
    api = startApi(port);
  };
  const changed = (_event, file) => {
    if (!file?.endsWith('.ts') || file.endsWith('.test.ts') || file.includes('node_modules')) return;
    clearTimeout(timer);
    timer = setTimeout(() => (turn = turn.then(restart)), settleMs);
  };
  for (const folder of ['apps/api/src', 'libs']) watch(inRoot(folder), { recursive: true }, changed);
}

/** The API with restart on change, and the dashboard from Next's own development server, at one address. */
export async function run() {
  await setUp(['prisma', 'api']);
  const port = Number(process.env.PENTIMENTO_PORT || 7400);
  const [apiPort, nextPort] = [await freePort(), await freePort()];
  await startProxy(port, apiPort, nextPort);
  restartOnChange(apiPort);
  const next = [inRoot('node_modules/next/dist/bin/next'), 'dev', '-H', '127.0.0.1', '-p', String(nextPort)];
  const { ended } = startInBackground(projectNode(), next, {
    cwd: inRoot('apps/dashboard'),
    env: { NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1' },
  });
  say(`dev: http://127.0.0.1:${port} until Ctrl-C`);
  return ended;
}
