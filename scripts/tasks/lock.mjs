import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { realpathSync } from 'node:fs';
import { root } from './paths.mjs';

/**
 * Does `work` while no other process in this folder holds the lock of this name. The lock is a socket in Linux's abstract
 * namespace: the kernel lets go of it when its holder ends in any way, so it never goes stale.
 */
export async function withLock(name, work, onWait = () => {}, folder = realpathSync(root)) {
  const address = `\0pentimento-${createHash('sha256').update(`${folder}\n${name}`).digest('hex').slice(0, 40)}`;
  let isWaiting = false;
  for (;;) {
    const release = await tryToHold(address);
    if (release) {
      try {
        return await work();
      } finally {
        release();
      }
    }
    if (!isWaiting) onWait();
    isWaiting = true;
    await released(address);
  }
}

function tryToHold(address) {
  return new Promise((resolve, reject) => {
    const waiting = new Set();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => {}).once('close', () => waiting.delete(socket));
    });
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () =>
      resolve(() => {
        server.close();
        for (const socket of waiting) socket.destroy();
      }),
    );
  });
}

/** Resolves when the holder's end of the connection closes. */
function released(address) {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.on('error', () => {}).once('close', resolve);
    socket.resume();
  });
}
