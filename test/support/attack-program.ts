import type { Program } from '@pentimento/sandbox';

const mebibyte = 1024 * 1024;

/** A Python script as a program of the sandbox, with system calls of a browser, which may do the most, and a bound on its tree. */
export function attackProgram(script: string, treeBytes: number, limits: Partial<Program['limits']> = {}): Program {
  return {
    readable: new Map(),
    command: () => ['/usr/bin/python3', '-I', '-c', script],
    environment: { PATH: '/usr/bin' },
    limits: {
      treeBytes,
      dataBytes: 1024 * mebibyte,
      addressBytes: null,
      processes: 32,
      fileBytes: mebibyte,
      temporaryBytes: mebibyte,
      openFiles: 64,
      ...limits,
    },
    systemCalls: 'browser',
    createsNamespaces: false,
    extraPipes: 0,
  };
}

const fill = (flags: string, mebibytes: number): string => `
import mmap, os, time
memory = mmap.mmap(-1, ${mebibytes} << 20, flags=${flags})
for at in range(${mebibytes}):
    memory[at << 20:(at + 1) << 20] = bytes(1 << 20)
time.sleep(60)`;

/** Scripts whose processes together fill gigabytes, while no limit of a single process notices. */
export const memoryAttacks: Record<string, string> = {
  'shared memory': fill('mmap.MAP_SHARED | mmap.MAP_ANONYMOUS', 3072),
  'many processes with memory of their own': `import os\nfor _ in range(4): os.fork()${fill('mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS', 128)}`,
  'processes that no one waits for': `import os
for _ in range(3):
    if os.fork() == 0:
        if os.fork() == 0:
            os.setsid()
            break
        os._exit(0)
${fill('mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS', 768)}`,
};
