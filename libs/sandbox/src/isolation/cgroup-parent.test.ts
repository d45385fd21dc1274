import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cgroupFolder, isLeftGroup, whyUnusable } from './cgroup-parent.ts';

const mount = '34 25 0:29 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n';
const hybrid = '35 25 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n';

describe('the group of this process', () => {
  it('is below the mount of version 2', () => {
    expect(cgroupFolder(hybrid + mount, '4:memory:/x\n0::/user.slice/a.service\n')).toBe(
      '/sys/fs/cgroup/user.slice/a.service',
    );
  });

  it('is unknown without such a mount, without membership, and outside of what a container shows', () => {
    expect(cgroupFolder(hybrid, '0::/a\n')).toBeUndefined();
    expect(cgroupFolder(mount, '4:memory:/x\n')).toBeUndefined();
    expect(cgroupFolder(mount, '0::/../a\n')).toBeUndefined();
  });
});

describe('a group can be divided', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cgroup-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function group(name: string, controllers: string): Promise<string> {
    const path = join(folder, name);
    await mkdir(path);
    await writeFile(join(path, 'cgroup.controllers'), controllers);
    for (const file of ['cgroup.procs', 'cgroup.subtree_control']) await writeFile(join(path, file), '');
    return path;
  }

  it('where it has the controllers and may be written', async () => {
    expect(whyUnusable(await group('a.service', 'cpu memory pids\n'), false)).toBeNull();
  });

  it('and not where a controller is missing', async () => {
    expect(whyUnusable(await group('a.service', 'cpu pids\n'), true)).toContain('no controller for memory');
  });

  it('and not where it is a login session of root', async () => {
    expect(whyUnusable(await group('session-3.scope', 'memory pids\n'), true)).toContain('login session');
  });

  it.skipIf(process.getuid?.() === 0)('and not where this account may not write to it', async () => {
    const path = await group('a.service', 'memory pids\n');
    await chmod(join(path, 'cgroup.procs'), 0o444);
    expect(whyUnusable(path, false)).toContain('not delegated');
  });
});

it('recognizes the groups of processes that have ended, also where another has their id', () => {
  const living = (pid: number): string | undefined => (pid === 7 ? '7-1000' : undefined);
  expect(isLeftGroup('pentimento-7-1000-0', living)).toBe(false);
  expect(isLeftGroup('pentimento-7-999-0', living)).toBe(true);
  expect(isLeftGroup('pentimento-8-1000-3', living)).toBe(true);
  expect(isLeftGroup('pentimento-server', living)).toBe(false);
  expect(isLeftGroup('another', living)).toBe(false);
});
