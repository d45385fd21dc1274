import { firstUnknownCall, systemCalls, type SystemCall } from './system-calls.ts';

/**
 * Which system calls a program in the sandbox may make.
 * - `computation`: one process with threads.
 * - `pipeline`: a computation of several programs.
 * - `browser`: what Chromium needs for its processes and for its own, stricter sandbox.
 * - `zygote`: what makes a namespace for each render.
 * - `code`: for the code of a render in such a namespace: a computation that starts no program and signals no process.
 */
export type SystemCallPolicy = 'computation' | 'browser' | 'zygote' | 'code' | 'pipeline';

/** Denied to every program: kernel interfaces that no renderer needs and that exploits use. */
const deniedToAll: SystemCall[] = [
  'acct',
  'add_key',
  'bpf',
  'cachestat',
  'clock_settime',
  'delete_module',
  'fanotify_init',
  'finit_module',
  'fsconfig',
  'fsmount',
  'fsopen',
  'fspick',
  'init_module',
  'io_uring_enter',
  'io_uring_register',
  'io_uring_setup',
  'ioperm',
  'iopl',
  'kexec_file_load',
  'kexec_load',
  'keyctl',
  'listmount',
  'lookup_dcookie',
  'lsm_get_self_attr',
  'lsm_list_modules',
  'lsm_set_self_attr',
  'memfd_secret',
  'migrate_pages',
  'modify_ldt',
  'mount',
  'mount_setattr',
  'move_mount',
  'move_pages',
  'mq_open',
  'msgget',
  'name_to_handle_at',
  'open_by_handle_at',
  'open_tree',
  'perf_event_open',
  'personality',
  'pidfd_getfd',
  'pivot_root',
  'process_madvise',
  'process_mrelease',
  'process_vm_readv',
  'process_vm_writev',
  'quotactl',
  'quotactl_fd',
  'reboot',
  'request_key',
  'semget',
  'set_mempolicy_home_node',
  'setdomainname',
  'sethostname',
  'setns',
  'settimeofday',
  'shmat',
  'shmget',
  'statmount',
  'swapoff',
  'swapon',
  'syslog',
  'umount2',
  'userfaultfd',
  'vhangup',
  'vmsplice',
];

/** Also denied to a computation: sockets, other processes, memory that no limit counts, and watching the files of the host. */
const deniedToComputation: SystemCall[] = [
  'accept',
  'accept4',
  'bind',
  'chroot',
  'connect',
  'execveat',
  'fork',
  'inotify_init',
  'inotify_init1',
  'kcmp',
  'listen',
  'memfd_create',
  'ptrace',
  'socket',
  'socketpair',
  'unshare',
  'vfork',
];

/** Also denied to the code of a render: starting programs, signals to other processes, and larger socket buffers. */
const deniedToCode: SystemCall[] = [
  'execve',
  'kill',
  'pidfd_send_signal',
  'rt_sigqueueinfo',
  'rt_tgsigqueueinfo',
  'setsockopt',
  'tgkill',
  'tkill',
];

/** A zygote makes namespaces with these. It runs only Pentimento's code and the libraries that it imports. */
const neededByZygote: SystemCall[] = ['mount', 'setns'];

/** Event loops wake themselves through a pair of connected sockets, which reaches nothing else while `socket` is denied. */
const allowedToCode = (name: SystemCall): boolean => name === 'socketpair';

const deniedBy: Record<SystemCallPolicy, SystemCall[]> = {
  browser: deniedToAll,
  zygote: deniedToAll.filter((name) => !neededByZygote.includes(name)),
  computation: [...deniedToAll, ...deniedToComputation],
  code: [...deniedToAll, ...deniedToComputation, ...deniedToCode].filter((name) => !allowedToCode(name)),
  pipeline: [...deniedToAll, ...deniedToComputation.filter((name) => name !== 'fork' && name !== 'vfork')],
};

const auditArchitectures: Partial<Record<NodeJS.Architecture, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 };

const errno = { EPERM: 1, ENOMEM: 12, ENOSYS: 38 };
const action = { allow: 0x7fff0000, kill: 0x80000000, error: (code: number) => 0x00050000 | code };
/** In `struct seccomp_data`; of an argument, its lower half. */
const offsetOf = { number: 0, architecture: 4, argument: (index: number) => 16 + 8 * index };
const threadFlag = 0x00010000;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const namespaceFlags = 0x7e020000;
const mapping = { shared: 1, anonymous: 0x20 };
const protection = { write: 2, execute: 4 };
/** F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW, F_SETLEASE: locks on a file of the host hold on the host too. */
const lockCommands = [6, 7, 37, 38, 1024];
/** F_NOTIFY tells when a file of the host changes; F_SETPIPE_SZ makes a pipe hold a megabyte. */
const otherDeniedCommands = [1026, 1031];

const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const decide = (value: number): Instruction => [0x06, 0, 0, value];
/** Returns `value` if the loaded number equals `number`; otherwise continues with the next rule. */
const decideIfEqual = (number: number, value: number): Instruction[] => [[0x15, 0, 1, number], decide(value)];
const decideIfAtLeast = (number: number, value: number): Instruction[] => [[0x35, 0, 1, number], decide(value)];
/** Continues with `rules` if any of the bits is set; otherwise skips them. */
const ifAnyBit = (bits: number, rules: Instruction[]): Instruction[] => [[0x45, 0, rules.length, bits], ...rules];

/** Code, jump if true, jump if false, operand: one `struct sock_filter`. */
type Instruction = [code: number, jumpTrue: number, jumpFalse: number, operand: number];

/**
 * The seccomp filter of a policy as classic BPF, for `bwrap --seccomp`: the denied calls fail with EPERM, and every call that is newer
 * than the list fails with ENOSYS, as on an older kernel. Null for a processor whose system call numbers are not known here.
 */
export function seccompFilter(policy: SystemCallPolicy, architecture: NodeJS.Architecture): Uint8Array | null {
  const auditArchitecture = auditArchitectures[architecture];
  if (auditArchitecture === undefined) return null;
  const column = architecture === 'x64' ? 0 : 1;
  return assemble([
    load(offsetOf.architecture),
    [0x15, 1, 0, auditArchitecture],
    decide(action.kill),
    load(offsetOf.number),
    // Also the calls of the x32 interface, whose numbers have a high bit.
    ...decideIfAtLeast(firstUnknownCall, action.error(errno.ENOSYS)),
    ...deniedBy[policy].flatMap((name) => deny(name, column)),
    ...argumentRules[policy].flatMap(([name, rules]) => forCall(name, column, rules)),
    decide(action.allow),
  ]);
}

function deny(name: SystemCall, column: 0 | 1): Instruction[] {
  const number = systemCalls[name][column];
  return number === null ? [] : decideIfEqual(number, action.error(errno.EPERM));
}

/** Applies the rules to the arguments of one call; any other call continues with what follows. */
function forCall(name: SystemCall, column: 0 | 1, rules: Instruction[]): Instruction[] {
  const number = systemCalls[name][column];
  return number === null ? [] : [[0x15, 0, rules.length + 1, number], ...rules, load(offsetOf.number)];
}

type ArgumentRule = [name: SystemCall, rules: Instruction[]];

/** Threads only. */
const noProcesses: ArgumentRule = [
  'clone',
  [load(offsetOf.argument(0)), [0x45, 1, 0, threadFlag], decide(action.error(errno.EPERM))],
];
const noNamespaces: ArgumentRule = [
  'clone',
  [load(offsetOf.argument(0)), ...ifAnyBit(namespaceFlags, [decide(action.error(errno.EPERM))])],
];
const noLocks: ArgumentRule[] = [
  ['flock', [decide(action.error(errno.ENOSYS))]],
  [
    'fcntl',
    [
      load(offsetOf.argument(1)),
      ...lockCommands.flatMap((command) => decideIfEqual(command, action.error(errno.ENOSYS))),
      ...otherDeniedCommands.flatMap((command) => decideIfEqual(command, action.error(errno.EPERM))),
    ],
  ],
];
/** A process can keep such memory without having it mapped, so that no one can count it. */
const noSharedMemory: ArgumentRule = [
  'mmap',
  [
    load(offsetOf.argument(3)),
    ...ifAnyBit(mapping.shared, ifAnyBit(mapping.anonymous, [decide(action.error(errno.ENOMEM))])),
  ],
];
/** Memory that was written can never be executed, so that no script runs machine code that it made. */
const noMadeCode: ArgumentRule[] = [
  [
    'mmap',
    [
      load(offsetOf.argument(2)),
      ...ifAnyBit(protection.write, ifAnyBit(protection.execute, [decide(action.error(errno.EPERM))])),
    ],
  ],
  ...(['mprotect', 'pkey_mprotect'] as const).map((name): ArgumentRule => [
    name,
    [load(offsetOf.argument(2)), ...ifAnyBit(protection.execute, [decide(action.error(errno.EPERM))])],
  ]),
];

/** clone3 hides its flags in memory. ENOSYS makes libc fall back to clone. */
const noClone3: ArgumentRule = ['clone3', [decide(action.error(errno.ENOSYS))]];

/** The rules of a policy that depend on arguments. The address space of a render's code is bounded, shared memory included. */
const argumentRules: Record<SystemCallPolicy, ArgumentRule[]> = {
  browser: [],
  zygote: [],
  computation: [noClone3, noProcesses, ...noLocks, noSharedMemory],
  code: [noClone3, noProcesses, ...noLocks],
  pipeline: [noClone3, noNamespaces, ...noLocks, noSharedMemory, ...noMadeCode],
};

function assemble(program: Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  program.forEach(([code, jumpTrue, jumpFalse, operand], index) => {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, jumpTrue);
    bytes.setUint8(index * 8 + 3, jumpFalse);
    bytes.setUint32(index * 8 + 4, operand >>> 0, true);
  });
  return new Uint8Array(bytes.buffer);
}
