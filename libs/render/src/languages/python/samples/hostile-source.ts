import type { HostileProgram } from '../../../port/samples.ts';

/** Defines `reached()`, which says so on stderr. In two parts: a message that quotes the line must not say it. */
const reporting = "def reached(): __import__('os').write(2, b'REA' b'CHED\\n')\n";

/** What `reached()` says: in the log, or in the message of a program that was stopped. */
export const reached = /REACHED/;
/** Of hoarding: the kernel ends the process, or Python cannot allocate. */
export const outOfMemory = /REACHED|MemoryError/;
/** Python's own report of the crash may be so long that nothing before it is left. */
export const crashed = /^The code crashed Python[^\n]*\n[\s\S]*(?:REACHED|scipy\.)/;
const allTried = /REACHED[\s\S]*ALL TRIED/;

/** A program that calls `reached()` immediately before its attack. */
export const attacking = (code: string, endings: HostileProgram['endings'], next?: HostileProgram): HostileProgram => ({
  code: reporting + code,
  endings,
  ...(next && { next }),
});

/**
 * A program that tries things: `attempts` call `attempt(name, work)`, where work returns something true once it has got at what is
 * not its own. What it got at is painted in magenta and said aloud. A mistake in an attempt itself fails the program.
 */
export const trying = (attempts: string, next?: HostileProgram): HostileProgram =>
  attacking(codeOfAttempts(attempts), { ok: allTried }, next);

function codeOfAttempts(attempts: string): string {
  return `import ctypes, os, platform, signal, socket, struct, subprocess, sys, threading, time
got = []
refused = {}
def attempt(name, work):
    try:
        if work():
            got.append(str(name))
    except (NameError, AttributeError, TypeError, SyntaxError, ImportError):
        raise
    except BaseException as error:
        refused[name] = type(error).__name__
reached()
${attempts.trim()}
print('ALL TRIED', str(refused)[:1000], file=sys.stderr)
${drawing}`;
}

/** Draws, in magenta where something was got at. */
export const drawing = `
import matplotlib.pyplot as plt
plt.figure(figsize=(3, 2), facecolor='#ff00ff' if 'got' in globals() and got else 'white')
plt.plot([1, 3, 2], color='teal')
plt.savefig('chart.png')
if 'got' in globals() and got:
    raise RuntimeError('ESCAPED ' + ' '.join(got))
`;

/** An ordinary program, to find out whether the one before it has spoiled anything. */
export const drawingNext: HostileProgram = attacking(`${drawing}reached()`, { ok: reached });

/** Draws, and then does what a program does that has nothing more to lose. */
export const afterDrawing = (code: string, endings: HostileProgram['endings'], next?: HostileProgram): HostileProgram =>
  attacking(`${drawing}\n${code.trim()}\n`, endings, next);

/** Writes the file that the result goes to itself, and ends. `head` and `content` are expressions of bytes. */
export const writingResult = (head: string, content: string): string => `
import os, stat, struct
reached()
head, content = ${head}, ${content}
for number in range(3, 1024):
    try: state = os.fstat(number)
    except OSError: continue
    if stat.S_ISREG(state.st_mode) and state.st_size == 0:
        try:
            data = memoryview(struct.pack('>I', len(head)) + head + content)
            while data: data = data[os.write(number, data):]
            os._exit(0)
        except OSError: pass`;

/** System calls by name, on the two processors that the project runs on. A call that the kernel looks at has got through. */
export const systemCalls = `
numbers = {
    'x86_64': dict(mount=165, umount2=166, unshare=272, setns=308, pivot_root=155, chroot=161, bpf=321, keyctl=250, add_key=248,
        userfaultfd=323, io_uring_setup=425, perf_event_open=298, ptrace=101, process_vm_readv=310, memfd_create=319, shmget=29,
        msgget=68, semget=64, mq_open=240, open_by_handle_at=304, personality=135, kexec_load=246, init_module=175, socket=41,
        socketpair=53, clone3=435, execveat=322, fsopen=430, open_tree=428, pidfd_getfd=438, syslog=103, acct=163, swapon=167,
        reboot=169, settimeofday=164, sethostname=170, iopl=172,
        clone=56, process_vm_writev=311, kcmp=312, request_key=249, rt_sigqueueinfo=129, tgkill=234, fanotify_init=300),
    'aarch64': dict(mount=40, umount2=39, unshare=97, setns=268, pivot_root=41, chroot=51, bpf=280, keyctl=219, add_key=217,
        userfaultfd=282, io_uring_setup=425, perf_event_open=241, ptrace=117, process_vm_readv=270, memfd_create=279, shmget=194,
        msgget=186, semget=190, mq_open=180, open_by_handle_at=265, personality=92, kexec_load=104, init_module=105, socket=198,
        socketpair=199, clone3=435, execveat=281, fsopen=430, open_tree=428, pidfd_getfd=438, syslog=116, acct=89, swapon=224,
        reboot=142, settimeofday=170, sethostname=161,
        clone=220, process_vm_writev=271, kcmp=272, request_key=218, rt_sigqueueinfo=138, tgkill=131, fanotify_init=262),
}[platform.machine()]
libc = ctypes.CDLL(None, use_errno=True)
not_looked_at = (1, 13, 38)
def call(name, *arguments):
    return name in numbers and call_by_number(numbers[name], *arguments)
def call_by_number(number, *arguments):
    ctypes.set_errno(0)
    answer = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    return answer >= 0 or ctypes.get_errno() not in not_looked_at
`;
