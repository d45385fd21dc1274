import { describe, expect, it } from 'vitest';
import { seccompFilter, type SystemCallPolicy } from './seccomp.ts';

const x64 = 0xc000003e;
const arm64 = 0xc00000b7;
const [allowed, killed, permission, missing] = [0x7fff0000, 0x80000000, 0x00050001, 0x00050026];

interface SystemCallData {
  number: number;
  architecture?: number;
  /** Its first four arguments. */
  argument?: number;
  second?: number;
  third?: number;
  fourth?: number;
}

/** Runs the classic BPF program over a `struct seccomp_data`, as the kernel does. */
function decide(filter: Uint8Array, call: SystemCallData): number {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.number, true);
  data.setUint32(4, call.architecture ?? x64, true);
  const { argument = 0, second = 0, third = 0, fourth = 0 } = call;
  [argument, second, third, fourth].forEach((value, index) => data.setUint32(16 + 8 * index, value, true));
  const program = new DataView(filter.buffer, filter.byteOffset, filter.byteLength);
  let accumulator = 0;
  for (let at = 0; ; at++) {
    const operand = program.getUint32(at * 8 + 4, true);
    const jump = (isTrue: boolean): void => void (at += program.getUint8(at * 8 + (isTrue ? 2 : 3)));
    switch (program.getUint16(at * 8, true)) {
      case 0x20:
        accumulator = data.getUint32(operand, true);
        break;
      case 0x15:
        jump(accumulator === operand);
        break;
      case 0x35:
        jump(accumulator >= operand);
        break;
      case 0x45:
        jump((accumulator & operand) !== 0);
        break;
      case 0x06:
        return operand;
      default:
        throw new Error('the filter has an unexpected instruction');
    }
  }
}

const filterOf = (policy: SystemCallPolicy): Uint8Array => seccompFilter(policy, 'x64')!;

describe('every program', () => {
  it.each<[string, number, number]>([
    ['read', 0, allowed],
    ['execve', 59, allowed],
    ['mount', 165, permission],
    ['bpf', 321, permission],
    ['io_uring_setup', 425, permission],
    ['keyctl', 250, permission],
    ['userfaultfd', 323, permission],
    ['open_by_handle_at', 304, permission],
    ['a call of the x32 interface', 0x40000000 + 165, missing],
  ])('%s', (_, number, decision) => {
    for (const policy of ['computation', 'browser'] as const)
      expect(decide(filterOf(policy), { number })).toBe(decision);
  });

  it('is killed for a system call of another architecture', () => {
    expect(decide(filterOf('browser'), { number: 0, architecture: 0x40000003 })).toBe(killed);
  });
});

describe('a computation', () => {
  it.each<[string, number]>([
    ['socket', 41],
    ['connect', 42],
    ['fork', 57],
    ['vfork', 58],
    ['ptrace', 101],
    ['memfd_create', 319],
    ['unshare', 272],
  ])('may not call %s, which a browser may', (_, number) => {
    expect(decide(filterOf('computation'), { number })).toBe(permission);
    expect(decide(filterOf('browser'), { number })).toBe(allowed);
  });

  it('makes threads and no processes', () => {
    const clone = (argument: number): number => decide(filterOf('computation'), { number: 56, argument });
    expect(clone(0x003d0f00)).toBe(allowed);
    expect(clone(0x01200011)).toBe(permission);
    expect(clone(0x10000000)).toBe(permission);
  });

  it('gets ENOSYS for clone3, whose flags the filter cannot see', () => {
    expect(decide(filterOf('computation'), { number: 435 })).toBe(missing);
  });
});

describe('the code of a render', () => {
  it.each<[string, number]>([
    ['execve', 59],
    ['kill', 62],
    ['tgkill', 234],
    ['fork', 57],
    ['socket', 41],
    ['mount', 165],
    ['unshare', 272],
    ['setns', 308],
  ])('may not call %s', (_, number) => {
    expect(decide(filterOf('code'), { number })).toBe(permission);
  });

  it('may make a pair of connected sockets, for event loops', () => {
    expect(decide(filterOf('code'), { number: 53 })).toBe(allowed);
  });
});

it.each<[string, number, number]>([
  ['mount', 165, allowed],
  ['setns', 308, allowed],
  ['unshare', 272, allowed],
  ['fork', 57, allowed],
  ['umount2', 166, permission],
  ['pivot_root', 155, permission],
  ['bpf', 321, permission],
])('lets a zygote make namespaces and no more: %s', (_, number, decision) => {
  expect(decide(filterOf('zygote'), { number })).toBe(decision);
});

it('has its own numbers for arm64, and no filter for unknown processors', () => {
  expect(decide(seccompFilter('browser', 'arm64')!, { number: 40, architecture: arm64 })).toBe(permission);
  expect(seccompFilter('browser', 'riscv64')).toBeNull();
});

const policies = ['computation', 'browser', 'zygote', 'code', 'pipeline'] as const;

describe('calls that are newer than the list', () => {
  it.each<[string, number]>([
    ['setxattrat', 463],
    ['open_tree_attr', 467],
    ['whatever comes next', 1000],
  ])('%s is missing, as on an older kernel', (_, number) => {
    for (const policy of policies) {
      expect(decide(filterOf(policy), { number })).toBe(missing);
      expect(decide(seccompFilter(policy, 'arm64')!, { number, architecture: arm64 })).toBe(missing);
    }
  });

  it('leaves the newest known call allowed', () => {
    for (const policy of policies) expect(decide(filterOf(policy), { number: 462 })).toBe(allowed);
  });
});

describe('a lock on a file of the host, which would hold there too', () => {
  it.each<[string, number, number, number]>([
    ['flock', 73, 1, missing],
    ['fcntl F_SETLK', 72, 6, missing],
    ['fcntl F_OFD_SETLKW', 72, 38, missing],
    ['fcntl F_SETLEASE', 72, 1024, missing],
    ['fcntl F_SETPIPE_SZ', 72, 1031, permission],
    ['fcntl F_GETFL', 72, 3, allowed],
  ])('%s', (_, number, second, decision) => {
    for (const policy of ['computation', 'code', 'pipeline'] as const)
      expect(decide(filterOf(policy), { number, second })).toBe(decision);
  });
});

describe('memory of a pipeline', () => {
  const map = (protection: number, flags: number): number =>
    decide(filterOf('pipeline'), { number: 9, third: protection, fourth: flags });

  it('cannot be shared without a file', () => {
    expect(map(3, 0x21)).toBe(0x0005000c);
    expect([map(3, 0x22), map(1, 0x01)]).toEqual([allowed, allowed]);
  });

  it('cannot be both written and executed, at once or one after the other', () => {
    expect(map(7, 0x22)).toBe(permission);
    expect(map(5, 0x02)).toBe(allowed);
    expect(decide(filterOf('pipeline'), { number: 10, third: 5 })).toBe(permission);
    expect(decide(filterOf('pipeline'), { number: 10, third: 3 })).toBe(allowed);
  });

  it('may be shared by the code of a render, whose whole address space is bounded', () => {
    expect(decide(filterOf('code'), { number: 9, third: 3, fourth: 0x21 })).toBe(allowed);
  });
});
