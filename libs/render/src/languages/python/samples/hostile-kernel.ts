import type { MakeHostilePrograms } from '../../../port/samples.ts';
import { attacking, drawing, drawingNext, reached, systemCalls, trying } from './hostile-source.ts';

/** Attempts each of these calls, whose numbers are the same on all processors. */
const numbered = (calls: Record<string, number>): string => `${systemCalls}
empty = ctypes.create_string_buffer(4096)
for name, number in ${JSON.stringify(calls)}.items():
    attempt(name, lambda: call_by_number(number, -1, empty, 8, empty, 64, 0))`;

/** Programs that ask the kernel for what a drawing has no use for. */
export const pythonKernel: MakeHostilePrograms = ({ folder, socket }) => ({
  'system calls that mount, newer than most lists': trying(
    numbered({
      open_tree: 428,
      move_mount: 429,
      fsconfig: 431,
      fsmount: 432,
      fspick: 433,
      mount_setattr: 442,
      statmount: 457,
      listmount: 458,
      open_tree_attr: 467,
      listns: 470,
    }),
  ),
  'system calls that change files, newer than most lists': trying(
    numbered({ setxattrat: 463, removexattrat: 466, file_setattr: 469, quotactl_fd: 443 }),
  ),
  'system calls that reach processes, newer than most lists': trying(
    numbered({ pidfd_send_signal: 424, pidfd_getfd: 438, process_madvise: 440, process_mrelease: 448 }),
  ),
  'system calls of security modules': trying(
    numbered({ lsm_get_self_attr: 459, lsm_set_self_attr: 460, lsm_list_modules: 461 }),
  ),
  'system calls that give memory no limit counts': trying(`${systemCalls}
for flags in [0, 1, 2, 3, 4, 8, 16]:
    attempt(f'memfd_create {flags}', lambda: call('memfd_create', b'x', flags))
attempt('memfd_secret', lambda: call_by_number(447, 0))
attempt('shmget', lambda: call('shmget', 0, 1 << 30, 0o1600))
attempt('map_shadow_stack', lambda: call_by_number(453, 0, 1 << 30, 1) and False)`),
  'system calls of numbers that are not given out': trying(`${systemCalls}
for number in [*range(480, 700), 1000, 4096, 65535, 2**31 - 1]:
    attempt(number, lambda: call_by_number(number, 0, 0, 0, 0, 0, 0))`),
  'system calls by the numbers of x32': trying(`${systemCalls}
for name in ['mount', 'unshare', 'socket', 'ptrace', 'bpf', 'execveat', 'clone3']:
    attempt(name, lambda: call_by_number(0x40000000 + numbers[name], 0, 0, 0, 0, 0, 0))
for number in range(512, 548):
    attempt(number, lambda: call_by_number(0x40000000 + number, 0, 0, 0, 0, 0, 0))`),
  // Its numbers are others: 20 is getpid here, and writev elsewhere. A processor without it ends in the same way.
  'a system call by the gate of 32 bits': attacking(
    `import ctypes, mmap, os, platform
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes.fromhex('b814000000cd80c3'))
reached()
if platform.machine() != 'x86_64': os._exit(31)
found = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
raise RuntimeError('ESC' + f'APED {found}')`,
    { runtime: /ended its process \([^)]+\)[\s\S]*REACHED/ },
  ),
  'namespaces, one kind at a time': trying(`${systemCalls}
for name, flag in dict(mount=0x20000, cgroup=0x2000000, uts=0x4000000, ipc=0x8000000, user=0x10000000, pid=0x20000000, net=0x40000000, time=0x80).items():
    attempt('unshare ' + name, lambda: call('unshare', flag))
def clone(flags):
    child = libc.syscall(ctypes.c_long(numbers['clone']), ctypes.c_long(flags | signal.SIGCHLD), *[ctypes.c_long(0)] * 4)
    if child == 0: os._exit(0)
    return child > 0
for flag in [0, 0x10000000, 0x10000000 | 0x20000000, 0x4000 | 0x100, 0x8000]:
    attempt(f'clone {flag:x}', lambda: clone(flag))`),
  'processes by every call that makes one': trying(`${systemCalls}
def child_of(make):
    child = make()
    if child == 0: os._exit(0)
    return child > 0
attempt('fork', lambda: child_of(os.fork))
attempt('forkpty', lambda: child_of(lambda: os.forkpty()[0]))
attempt('libc', lambda: child_of(libc.fork))
attempt('raw', lambda: platform.machine() == 'x86_64' and child_of(lambda: libc.syscall(57)))
for how in [os.posix_spawn, os.posix_spawnp]:
    attempt(how.__name__, lambda: how('/usr/bin/true', ['true'], {}) > 0)
attempt('system', lambda: libc.system(b'true') == 0)
attempt('popen', lambda: libc.popen(b'true', b'r'))
for path in ['/usr/bin/true', '/bin/sh', sys.executable]:
    attempt('exec ' + path, lambda: os.execve(path, [path], {}))
attempt('a descriptor', lambda: os.execve(os.open('/usr/bin/true', os.O_RDONLY), ['true'], {}))`),
  'two forks and a session of its own': attacking(
    `import os
reached()
try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.chdir('/')
            while True: pass
        os._exit(0)
except OSError: pass
try: os.setsid()
except OSError: pass
${drawing}`,
    { ok: reached },
    drawingNext,
  ),
  'signals by every call that sends one': trying(`${systemCalls}
pids = [pid for pid in [os.getppid(), 1, 2, 3, *range(4, 400)] if pid not in (0, os.getpid())]
for pid in pids:
    attempt('kill', lambda: os.kill(pid, 0) is None)
    attempt('tgkill', lambda: call('tgkill', pid, pid, 0) and ctypes.get_errno() != 3)
    attempt('rt_sigqueueinfo', lambda: call('rt_sigqueueinfo', pid, 10, ctypes.create_string_buffer(128)) and ctypes.get_errno() != 3)
attempt('group', lambda: os.killpg(os.getpgrp(), 0) is None)
attempt('pidfd', lambda: os.getppid() and signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 0) is None)`),
  'signals sent by a descriptor': trying(`
import fcntl
left, right = socket.socketpair()
def owned(pid):
    fcntl.fcntl(left, fcntl.F_SETOWN, pid)
    fcntl.fcntl(left, 10, signal.SIGKILL)
    fcntl.fcntl(left, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    right.send(b'x')
    return pid not in (os.getpid(), -os.getpgrp(), os.getpgrp()) and pid != 1
for pid in [os.getppid(), *range(2, 200), *range(-200, -1)]:
    if pid not in (0, os.getpid()): attempt(pid, lambda: owned(pid))`),
  'processes traced, read and written': trying(`${systemCalls}
mine = ctypes.create_string_buffer(64)
vector = struct.pack('QQ', ctypes.addressof(mine), 8)
for pid in [1, 2, max(os.getppid(), 1), os.getpid()]:
    attempt(f'attach {pid}', lambda: call('ptrace', 16, pid, 0, 0))
    attempt(f'seize {pid}', lambda: call('ptrace', 0x4206, pid, 0, 0))
    attempt(f'read {pid}', lambda: call('process_vm_readv', pid, vector, 1, vector, 1, 0))
    attempt(f'write {pid}', lambda: call('process_vm_writev', pid, vector, 1, vector, 1, 0))
    attempt(f'compare {pid}', lambda: call('kcmp', pid, pid, 0, 0, 0))
attempt('traced', lambda: call('ptrace', 0, 0, 0, 0))`),
  'keys and key rings': trying(`${systemCalls}
for ring in [-1, -2, -3, -4, -5]:
    attempt(f'ring {ring}', lambda: call('keyctl', 0, ring, 1, 0, 0))
    attempt(f'describe {ring}', lambda: call('keyctl', 6, ring, ctypes.create_string_buffer(99), 99, 0))
    attempt(f'key {ring}', lambda: call('add_key', b'user', b'left', b'x', 1, ring))
attempt('session', lambda: call('keyctl', 1, b'left', 0, 0, 0))
attempt('request', lambda: call('request_key', b'user', b'left', 0, -3))`),
  'rings, faults, counters and programs of the kernel': trying(`${systemCalls}
parameters = ctypes.create_string_buffer(256)
attempt('io_uring', lambda: call('io_uring_setup', 8, parameters))
attempt('io_uring enter', lambda: call_by_number(426, 3, 1, 0, 0, 0, 0))
attempt('io_uring register', lambda: call_by_number(427, -1, 0, parameters, 1))
for flags in [0, 1, 0o2000000]: attempt('userfaultfd', lambda: call('userfaultfd', flags))
attributes = ctypes.create_string_buffer(struct.pack('IIQ', 1, 128, 0) + bytes(112), 128)
attempt('perf', lambda: call('perf_event_open', attributes, 0, -1, -1, 0))
for command in range(0, 40): attempt('bpf', lambda: call('bpf', command, parameters, 72))
attempt('fanotify', lambda: call('fanotify_init', 0, 0))`),
  'sockets of every family and kind': trying(`${systemCalls}
for family in range(0, 47):
    for kind in [1, 2, 3, 5, 10]:
        attempt((family, kind), lambda: call('socket', family, kind, 0) and ctypes.get_errno() not in (22, 93, 94, 97))
for kind in range(0, 24):
    attempt(('netlink', kind), lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, kind))
for kind in [1, 6, 17, 58, 255]:
    attempt(('raw', kind), lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, kind))`),
  'pairs of sockets of other families': trying(
    `for family in range(2, 47): attempt(family, lambda: socket.socketpair(family, socket.SOCK_DGRAM))`,
  ),
  // Event loops need pairs, and a pair of datagrams may be sent from to any name.
  'a datagram from a pair of sockets to a name': trying(`
left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
def sent(name):
    try: left.sendto(b'x', name)
    except OSError as error: return error.errno == 91
    return True
attempt('abstract', lambda: sent('\\0${socket}'))
for name in ['/run/systemd/notify', '/run/systemd/journal/socket', '/dev/log', '/var/run/docker.sock', '/tmp/.X11-unix/X0', '${folder}/socket']:
    attempt(name, lambda: sent(name))
attempt('message', lambda: left.sendmsg([b'x'], [], 0, '\\0${socket}'))`),
  'descriptors passed through sockets': trying(`
import array
left, right = socket.socketpair()
def passed():
    for number in [0, 1, 2, *range(3, 64)]:
        try: os.fstat(number)
        except OSError: continue
        left.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [number]))])
    right.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return False
attempt('passed', passed)
for pid in [1, 2, 3, 0]:
    credentials = struct.pack('iii', pid, 0, 0)
    attempt('credentials', lambda: left.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_CREDENTIALS, credentials)]))`),
  'locks on files of the host': trying(`
import fcntl
for path in ['/usr/lib/os-release', '/usr/bin/env', '/usr/share', '/etc/fonts', os.__file__, os.path.realpath(sys.executable)]:
    handle = os.open(path, os.O_RDONLY)
    for kind in [fcntl.LOCK_EX, fcntl.LOCK_SH]:
        attempt(('flock', path), lambda: fcntl.flock(handle, kind | fcntl.LOCK_NB) is None)
    for command in [fcntl.F_SETLK, fcntl.F_OFD_SETLK]:
        for kind in [fcntl.F_RDLCK, fcntl.F_WRLCK]:
            attempt(('fcntl', path), lambda: fcntl.fcntl(handle, command, struct.pack('hhlli', kind, 0, 0, 0, 0)))
    for kind in [fcntl.F_RDLCK, fcntl.F_WRLCK]:
        attempt(('lease', path), lambda: fcntl.fcntl(handle, fcntl.F_SETLEASE, kind) == 0)`),
  'timers that outlive it': attacking(
    `import ctypes, os, signal, threading, time
reached()
signal.signal(signal.SIGALRM, signal.SIG_DFL)
signal.setitimer(signal.ITIMER_REAL, 30, 0.001)
signal.setitimer(signal.ITIMER_PROF, 30, 0.001)
libc = ctypes.CDLL(None)
handle = libc.timerfd_create(1, 0)
for name in ['timer_create', 'prctl', 'alarm']: getattr(libc, name)
timer = ctypes.c_void_p()
libc.timer_create(1, None, ctypes.byref(timer))
libc.timer_settime(timer, 0, (ctypes.c_long * 4)(0, 1000000, 30, 0), None)
threading.Timer(3600, os.abort).start()
${drawing}`,
    { ok: reached },
    drawingNext,
  ),
  'priorities, schedules and processors': trying(`
attempt('fifo', lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10)) is None)
attempt('round robin', lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(10)) is None)
attempt('nice', lambda: os.setpriority(os.PRIO_PROCESS, 0, -10) is None)
attempt('all of the user', lambda: os.setpriority(os.PRIO_USER, 0, -10) is None)
attempt('processes of others', lambda: [os.setpriority(os.PRIO_PROCESS, pid, 19) for pid in range(2, 99)])`),
  'privileges asked for again': trying(`
libc = ctypes.CDLL(None, use_errno=True)
capabilities = struct.pack('Ii', 0x20080522, 0)
attempt('capabilities', lambda: libc.capset(capabilities, struct.pack('6I', *[0xffffffff] * 6)) == 0)
attempt('ambient', lambda: libc.prctl(47, 2, 21, 0, 0) == 0)
attempt('keep', lambda: libc.prctl(8, 1, 0, 0, 0) == 0 and os.setresuid(0, 0, 0) is None)
attempt('privileges', lambda: libc.prctl(39, 0, 0, 0, 0) != 1)
attempt('new privileges', lambda: libc.prctl(38, 0, 0, 0, 0) == 0)
attempt('filter', lambda: libc.prctl(22, 0, 0, 0, 0) == 0)
attempt('groups', lambda: os.setgroups([0]) is None)
attempt('group', lambda: os.setresgid(0, 0, 0) is None)`),
});
