/**
 * Which system calls a program in the sandbox may make.
 * - `computation`: one process with threads.
 * - `pipeline`: a computation of several programs.
 * - `browser`: what Chromium needs for its processes and for its own, stricter sandbox.
 * - `zygote`: what makes a namespace for each render.
 * - `code`: for the code of a render in such a namespace: a computation that starts no program and signals no process.
 */
export type SystemCallPolicy = 'computation' | 'browser' | 'zygote' | 'code' | 'pipeline';

/** System call numbers on x86-64 and arm64 (Linux: asm/unistd_64.h, asm-generic/unistd.h); null where the call does not exist. */
const numbers = {
  accept4: [288, 242],
  accept: [43, 202],
  acct: [163, 89],
  add_key: [248, 217],
  bind: [49, 200],
  bpf: [321, 280],
  chroot: [161, 51],
  clock_settime: [227, 112],
  clone3: [435, 435],
  clone: [56, 220],
  connect: [42, 203],
  delete_module: [176, 106],
  execve: [59, 221],
  execveat: [322, 281],
  fanotify_init: [300, 262],
  finit_module: [313, 273],
  fork: [57, null],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  fspick: [433, 433],
  init_module: [175, 105],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_uring_setup: [425, 425],
  ioperm: [173, null],
  iopl: [172, null],
  kcmp: [312, 272],
  kexec_file_load: [320, 294],
  kexec_load: [246, 104],
  keyctl: [250, 219],
  kill: [62, 129],
  listen: [50, 201],
  lookup_dcookie: [212, 18],
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  modify_ldt: [154, null],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  mq_open: [240, 180],
  msgget: [68, 186],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  perf_event_open: [298, 241],
  personality: [135, 92],
  pidfd_getfd: [438, 438],
  pidfd_send_signal: [424, 424],
  pivot_root: [155, 41],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  ptrace: [101, 117],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  reboot: [169, 142],
  request_key: [249, 218],
  rt_sigqueueinfo: [129, 138],
  rt_tgsigqueueinfo: [297, 240],
  semget: [64, 190],
  setdomainname: [171, 162],
  sethostname: [170, 161],
  setns: [308, 268],
  settimeofday: [164, 170],
  shmat: [30, 196],
  shmget: [29, 194],
  socket: [41, 198],
  socketpair: [53, 199],
  swapoff: [168, 225],
  swapon: [167, 224],
  syslog: [103, 116],
  tgkill: [234, 131],
  tkill: [200, 130],
  umount2: [166, 39],
  unshare: [272, 97],
  userfaultfd: [323, 282],
  vfork: [58, null],
  vhangup: [153, 58],
  vmsplice: [278, 75],
} as const satisfies Record<string, readonly [number, number | null]>;

type SystemCall = keyof typeof numbers;

/** Denied to every program: kernel interfaces that no renderer needs and that exploits use. */
const deniedToAll: SystemCall[] = [
  'acct',
  'add_key',
  'bpf',
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
  'lookup_dcookie',
  'modify_ldt',
  'mount',
  'mount_setattr',
  'move_mount',
  'mq_open',
  'msgget',
  'name_to_handle_at',
  'open_by_handle_at',
  'open_tree',
  'perf_event_open',
  'personality',
  'pidfd_getfd',
  'pivot_root',
  'process_vm_readv',
  'process_vm_writev',
  'quotactl',
  'quotactl_fd',
  'reboot',
  'request_key',
  'semget',
  'setdomainname',
  'sethostname',
  'setns',
  'settimeofday',
  'shmat',
  'shmget',
  'swapoff',
  'swapon',
  'syslog',
  'umount2',
  'userfaultfd',
  'vhangup',
  'vmsplice',
];

/** Also denied to a computation: sockets, other processes, and memory that no limit counts. */
const deniedToComputation: SystemCall[] = [
  'accept',
  'accept4',
  'bind',
  'chroot',
  'connect',
  'execveat',
  'fork',
  'kcmp',
  'listen',
  'memfd_create',
  'memfd_secret',
  'ptrace',
  'socket',
  'socketpair',
  'unshare',
  'vfork',
];

/** Also denied to the code of a render: starting programs, and signals to other processes. */
const deniedToCode: SystemCall[] = [
  'execve',
  'kill',
  'pidfd_send_signal',
  'rt_sigqueueinfo',
  'rt_tgsigqueueinfo',
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

const errno = { EPERM: 1, ENOSYS: 38 };
const action = { allow: 0x7fff0000, kill: 0x80000000, error: (code: number) => 0x00050000 | code };
const offsetOf = { number: 0, architecture: 4, firstArgument: 16 };
const threadFlag = 0x00010000;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const namespaceFlags = 0x7e020000;
const x32Bit = 0x40000000;

const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const decide = (value: number): Instruction => [0x06, 0, 0, value];
/** Returns `value` if the loaded number equals `number`; otherwise continues with the next rule. */
const decideIfEqual = (number: number, value: number): Instruction[] => [[0x15, 0, 1, number], decide(value)];
const decideIfAtLeast = (number: number, value: number): Instruction[] => [[0x35, 0, 1, number], decide(value)];

/** Code, jump if true, jump if false, operand: one `struct sock_filter`. */
type Instruction = [code: number, jumpTrue: number, jumpFalse: number, operand: number];

/**
 * The seccomp filter of a policy as classic BPF, for `bwrap --seccomp`: a deny-list that fails calls with EPERM.
 * Null for a processor whose system call numbers are not known here.
 */
export function seccompFilter(policy: SystemCallPolicy, architecture: NodeJS.Architecture): Uint8Array | null {
  const auditArchitecture = auditArchitectures[architecture];
  if (auditArchitecture === undefined) return null;
  const column = architecture === 'x64' ? 0 : 1;
  const program: Instruction[] = [
    load(offsetOf.architecture),
    [0x15, 1, 0, auditArchitecture],
    decide(action.kill),
    load(offsetOf.number),
    ...(architecture === 'x64' ? decideIfAtLeast(x32Bit, action.error(errno.ENOSYS)) : []),
  ];
  for (const name of deniedBy[policy]) {
    const number = numbers[name][column];
    if (number !== null) program.push(...decideIfEqual(number, action.error(errno.EPERM)));
  }
  if (policy === 'computation' || policy === 'code') program.push(...threadsOnly(column));
  if (policy === 'pipeline') program.push(...noNamespaces(column));
  program.push(decide(action.allow));
  return assemble(program);
}

/** Lets clone make threads only. clone3 hides its flags in memory: ENOSYS makes libc fall back to clone. */
function threadsOnly(column: 0 | 1): Instruction[] {
  return [
    ...decideIfEqual(numbers.clone3[column], action.error(errno.ENOSYS)),
    [0x15, 0, 3, numbers.clone[column]],
    load(offsetOf.firstArgument),
    [0x45, 1, 0, threadFlag],
    decide(action.error(errno.EPERM)),
  ];
}

/** Lets clone make processes, but no namespaces. */
function noNamespaces(column: 0 | 1): Instruction[] {
  return [
    ...decideIfEqual(numbers.clone3[column], action.error(errno.ENOSYS)),
    [0x15, 0, 3, numbers.clone[column]],
    load(offsetOf.firstArgument),
    [0x45, 0, 1, namespaceFlags],
    decide(action.error(errno.EPERM)),
  ];
}

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
