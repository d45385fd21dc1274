import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SandboxLauncher } from '@pentimento/sandbox';
import { expect, it } from 'vitest';
import { attackProgram, memoryAttacks } from '../support/attack-program.ts';
import { peakMemoryOf } from '../support/peak-memory.ts';

const mebibyte = 1024 * 1024;
const newLauncher = (): SandboxLauncher => new SandboxLauncher({ bubblewrap: undefined, allowUnsandboxed: false });

const launcher = newLauncher();
const bounds = await launcher.treeBounds();
const reason = bounds.parent ? '' : ` (skipped: ${bounds.reason})`;
const folder = bounds.parent?.folder ?? '';

const groups = (): string[] => readdirSync(folder).filter((name) => /^pentimento-\d/.test(name));
const setting = (group: string, file: string): string => readFileSync(join(folder, group, file), 'utf8').trim();

it.skipIf(reason)(`a program runs in a group of its own, with its limits, which is removed${reason}`, async () => {
  const before = groups();
  const running = await launcher.start(attackProgram('input()', 256 * mebibyte));
  const [group = ''] = groups().filter((name) => !before.includes(name));
  expect(setting(group, 'memory.max')).toBe(String(257 * mebibyte));
  expect(setting(group, 'memory.oom.group')).toBe('1');
  expect(setting(group, 'pids.max')).toBe('40');
  await expect.poll(() => setting(group, 'cgroup.procs')).not.toBe('');
  running.kill();
  await running.ended;
  expect(groups()).toEqual(before);
});

/** Memory that no process has mapped, so that only the kernel can count it. */
const unmapped = `import os, time
kept = [os.memfd_create(str(i)) for i in range(40)]
for file in kept:
    for _ in range(32): os.write(file, bytes(1 << 20))
time.sleep(60)`;

it.skipIf(reason).each(Object.entries({ ...memoryAttacks, 'memory that no process has mapped': unmapped }))(
  `the kernel ends a program whose tree has too much memory: %s${reason}`,
  async (_, script) => {
    const peak = await peakMemoryOf(async () => {
      const running = await launcher.start(attackProgram(script, 256 * mebibyte, { fileBytes: 64 * mebibyte }));
      await running.ended;
      expect(running.exceededMemory()).toBe(true);
    });
    expect(peak).toBeLessThan(512 * mebibyte);
    expect(groups()).toEqual([]);
  },
);

it.skipIf(reason)(`a program cannot have more processes than its group${reason}`, async () => {
  const script = `import os, time
count = 1
try:
    while True:
        if os.fork() == 0: time.sleep(60)
        count += 1
except OSError: print(count)`;
  const running = await launcher.start(attackProgram(script, 256 * mebibyte, { processes: 12 }));
  let output = '';
  running.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await expect.poll(() => Number(output)).toBeGreaterThan(0);
  expect(Number(output)).toBeLessThanOrEqual(20);
  running.kill();
  await running.ended;
  expect(groups()).toEqual([]);
});

it.skipIf(reason)(`the group of a process that has ended is removed by the next${reason}`, async () => {
  const left = join(folder, 'pentimento-999999999-1-0');
  mkdirSync(left);
  await newLauncher().treeBounds();
  expect(existsSync(left)).toBe(false);
});
