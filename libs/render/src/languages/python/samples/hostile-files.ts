import type { MakeHostilePrograms } from '../../../port/samples.ts';
import { afterDrawing, attacking, drawing, drawingNext, reached, trying } from './hostile-source.ts';

/** The picture that the library saved is there, whatever became of the files. */
const drawn = { ok: reached };
const noImage = { empty: /Not an image: [^\n]*cannot identify image file[\s\S]*Not an image: / };

/** Programs that play with links, names and sizes of files, and with memory and buffers that are shared. */
export const pythonFiles: MakeHostilePrograms = ({ folder, mark }) => ({
  'symbolic links to everything': trying(`
for number, path in enumerate(['${folder}', '${folder}/secret.txt', '/etc/shadow', '/proc/1/environ', '/proc/self/root${folder}/secret.txt', '/dev/sda', '/sys/kernel']):
    os.symlink(path, f'link{number}')
    attempt(path, lambda: open(f'link{number}/secret.txt' if os.path.isdir(f'link{number}') else f'link{number}').read())
os.symlink('loop', 'loop')
attempt('loop', lambda: open('loop').read())`),
  'hard links to files of the host': trying(`
for path in ['/usr/bin/env', '/usr/lib/os-release', os.__file__, '/etc/fonts/fonts.conf', '/dev/null']:
    attempt(path, lambda: os.link(path, 'hard') is None)
    attempt('by a descriptor', lambda: os.link(f'/proc/self/fd/{os.open(path, os.O_RDONLY)}', 'hard', follow_symlinks=True) is None)
    attempt('renamed', lambda: os.rename(path, 'moved') is None)
    attempt('removed', lambda: os.unlink(path) is None)`),
  'modes, owners, times and attributes of files of the host': trying(`
for path in ['/usr/bin/env', '/usr/lib', '/etc/fonts/fonts.conf', '/tmp/..', os.__file__]:
    attempt('mode', lambda: os.chmod(path, 0o777) is None)
    attempt('owner', lambda: os.chown(path, os.getuid(), os.getgid()) is None)
    attempt('time', lambda: os.utime(path, (1, 1)) is None)
    attempt('attribute', lambda: os.setxattr(path, 'user.left', b'x') is None)
    attempt('size', lambda: os.truncate(path, 0) is None)
attempt('set user', lambda: os.system('true') == 0)
open('own', 'w').close()
attempt('root', lambda: os.chown('own', 0, 0) is None)
os.chmod('own', 0o6777)
attempt('device', lambda: os.mknod('null', 0o20666, os.makedev(1, 3)) is None)
attempt('memory', lambda: os.mknod('mem', 0o20666, os.makedev(1, 1)) is None)`),
  'descriptors of folders that lead out': trying(`
root = os.open('/', os.O_RDONLY | os.O_DIRECTORY)
for step in ['..', '../..', '../../..', '../../../..']:
    attempt(step, lambda: 'secret.txt' in os.listdir(os.open(step + '${folder}', os.O_RDONLY, dir_fd=root)))
here = os.open('.', os.O_RDONLY)
os.mkdir('deep'); os.chdir('deep'); os.rename('/tmp/code/deep', '/tmp/moved')
attempt('moved', lambda: os.path.exists('../../..${folder}/secret.txt'))
os.chdir('/tmp'); os.fchdir(here)
attempt('chroot', lambda: os.chroot('.') is None)`),
  // Whichever of the two is there in the end: a link out of here has no picture behind it, and the library's own remains.
  'a picture swapped for a link while it is looked at': attacking(
    `import os, shutil, threading
${drawing}
shutil.copy('chart.png', 'good.png')
def swap():
    while True:
        os.symlink('${folder}/secret.png', 'next.png'); os.replace('next.png', 'chart.png')
        os.link('good.png', 'next.png'); os.replace('next.png', 'chart.png')
reached()
threading.Thread(target=swap, daemon=True).start()`,
    drawn,
    drawingNext,
  ),
  'a picture that is swapped for a folder, a pipe and a socket': afterDrawing(
    `
import os, socket, threading
def swap():
    while True:
        for make in [os.mkdir, os.mkfifo]:
            try: make('next.png'); os.replace('next.png', 'other.png')
            except OSError: pass
            for remove in [os.rmdir, os.unlink]:
                for name in ['next.png', 'other.png']:
                    try: remove(name)
                    except OSError: pass
reached()
os.mkdir('a.png'); os.symlink('a.png', 'b.png'); os.symlink('missing.png', 'c.png')`,
    drawn,
  ),
  'a thousand pictures that are none': afterDrawing(
    `
reached()
for number in range(1000):
    with open(f'{number}.png', 'wb') as file: file.write(b'x' * number)`,
    { ok: /Not an image: [\s\S]*REACHED/ },
  ),
  'pictures with names that are no text': attacking(
    `import os
for name in [b'\\xff\\xfe.png', b'a\\nb.png', b'\\x1b[31m.png', b'x' * 250 + b'.png', b'%s%n.png', b'<b>.png']: open(name, 'wb').write(b'x')
reached()`,
    noImage,
  ),
  'folders within folders': afterDrawing(
    `
import os
here = os.getcwd()
reached()
for number in range(12_000):
    try: os.mkdir('d' * 200); os.chdir('d' * 200)
    except OSError: break
open('deep.png', 'w').close()
os.chdir(here)`,
    drawn,
  ),
  'folders that nobody may enter': afterDrawing(
    `
import os
reached()
for name in ['a', 'b', 'c']: os.mkdir(name); open(name + '/x.png', 'w').close(); os.chmod(name, 0)
os.chmod('.', 0o100); os.chmod('/tmp', 0o100)`,
    drawn,
    drawingNext,
  ),
  'links without number': trying(`
def fill():
    os.mkdir('links')
    for number in range(100_000): os.symlink('x' * 4000, f'links/{number}')
    return True
attempt('links', fill)
def extend():
    for number in range(100_000): os.setxattr('.', f'user.{number}', b'x' * 60_000)
    return True
attempt('attributes', extend)`),
  'a folder in which it works that is gone': afterDrawing(
    `
import os, shutil
reached()
shutil.rmtree(os.getcwd())`,
    drawn,
    drawingNext,
  ),
  'a file of holes as large as may be, copied': attacking(
    `import os, shutil
with open('holes', 'wb') as file: file.truncate(32 * 1024 * 1024)
reached()
for number in range(1000): shutil.copyfile('holes', f'copy{number}')`,
    { runtime: /No space left on device[\s\S]*shutil\.copyfile/ },
  ),
  'files that are gone and still open': attacking(
    `import os, tempfile
reached()
hoard = []
while True:
    file = tempfile.TemporaryFile()
    file.write(b'x' * 1_000_000)
    file.flush()
    hoard.append(file)`,
    { runtime: /No space left on device[\s\S]*file\.(?:write|flush)/ },
  ),
  'a file allocated at once': trying(`
handle = os.open('large', os.O_CREAT | os.O_RDWR)
libc = ctypes.CDLL(None, use_errno=True)
for size in [2**40, 2**31, 100_000_000]:
    attempt(size, lambda: os.posix_fallocate(handle, 0, size) is None)
    attempt(('keep', size), lambda: libc.fallocate(handle, 1, ctypes.c_long(0), ctypes.c_long(size)) == 0)
shm = os.open('/dev/shm/large', os.O_CREAT | os.O_RDWR)
attempt('shm', lambda: os.posix_fallocate(shm, 0, 20_000_000) is None)`),
  'the disk of /dev/shm filled': attacking(
    "reached()\nwith open('/dev/shm/x', 'wb') as file:\n    while True: file.write(b'x' * 1_000_000)",
    { runtime: /No space left on device[\s\S]*file\.write/ },
  ),
  'descriptors used up before the answer': attacking(
    `import os
${drawing}
hoard = []
reached()
while True:
    try: hoard.append(os.dup(2))
    except OSError: break`,
    drawn,
    drawingNext,
  ),
  // Each pair may buffer a little; the count of descriptors bounds the number of pairs, and so what they hold.
  'socket buffers filled': trying(`
held, pairs = 0, []
while held < 250_000_000:
    try: pairs.append(socket.socketpair())
    except OSError: break
    for end in pairs[-1]:
        attempt('larger', lambda: end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**30))
        end.setblocking(False)
        try:
            while True: held += end.send(b'x' * 65536)
        except BlockingIOError: pass
for pair in pairs:
    for end in pair: end.close()
attempt('a quarter of a gigabyte', lambda: held >= 250_000_000)`),
  'sockets sent through sockets that are closed': trying(`
import array
held, number = 0, 0
def pass_on():
    global held, number
    keep, gate = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    while number < 20_000:
        number += 1
        left, right = socket.socketpair()
        left.setblocking(False)
        try:
            while True: held += left.send(b'x' * 65536)
        except BlockingIOError: pass
        new_keep, new_gate = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        new_gate.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [left.fileno(), right.fileno(), keep.fileno(), gate.fileno()]))])
        for one in [left, right, keep, gate]: one.close()
        keep, gate = new_keep, new_gate
        if held > 1_500_000_000: return True
attempt('a gigabyte and a half', pass_on)`),
  'pipes made larger and filled': trying(`
import fcntl
held, pipes = 0, []
while True:
    try: pipes.append(os.pipe())
    except OSError: break
    reader, writer = pipes[-1]
    try: fcntl.fcntl(writer, 1031, 1 << 20)
    except OSError: pass
    os.set_blocking(writer, False)
    try:
        while True: held += os.write(writer, b'x' * 65536)
    except BlockingIOError: pass
attempt('half a gigabyte', lambda: held > 500_000_000)
attempt('huge', lambda: fcntl.fcntl(pipes[0][1], 1031, 1 << 28))
for ends in pipes:
    for end in ends: os.close(end)`),
  'pipes that splice, tee and lend their memory': trying(`
libc = ctypes.CDLL(None, use_errno=True)
reader, writer = os.pipe()
handle = os.open('/usr/bin/env', os.O_RDONLY)
page = ctypes.create_string_buffer(4096)
attempt('vmsplice', lambda: libc.vmsplice(writer, struct.pack('QQ', ctypes.addressof(page), 4096), ctypes.c_long(1), 8) > 0)
libc.splice(handle, None, writer, None, ctypes.c_long(4096), 0)
os.set_blocking(writer, False)
def dirty():
    before = os.pread(handle, 64, 0)
    os.read(reader, 4095)
    try: os.write(writer, b'ESCAPE')
    except OSError: pass
    return os.pread(handle, 64, 0) != before
attempt('page', dirty)`),
  'memory mapped as shared, large, growing and locked': attacking(
    `import ctypes, mmap
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
reached()
for flags in [0x21, 0x22 | 0x4000, 0x22 | 0x100, 0x21 | 0x8000, 0x22 | 0x40000]:
    if libc.mmap(None, ctypes.c_size_t(1 << 40), 3, flags, -1, ctypes.c_long(0)) != ctypes.c_void_p(-1).value:
        raise RuntimeError('ESC' 'APED')
libc.mlockall(7)
hoard = []
for _ in range(40):
    hoard.append(mmap.mmap(-1, 50_000_000, flags=mmap.MAP_SHARED))
    hoard[-1].write(b'x' * 50_000_000)`,
    { memory: /Cannot allocate memory[\s\S]*line \d+: hoard\.append/ },
  ),
  'files mapped that nothing else counts': attacking(
    `import mmap, os
hoard = []
reached()
for number in range(40):
    with open(f'/tmp/{number}', 'w+b') as file:
        file.truncate(30_000_000)
        hoard.append(mmap.mmap(file.fileno(), 30_000_000))
        hoard[-1].write(b'x' * 30_000_000)`,
    { runtime: /ended its process \(null\)[\s\S]*REACHED/ },
  ),
  'environments, working folders and marks left by descriptors': trying(
    `
os.set_inheritable(2, True)
for place in ['/tmp/.X0-lock', '/tmp/code/../${mark}', '/dev/shm/sem.${mark}']:
    try: open(place, 'w').write('x')
    except OSError: pass
libc = ctypes.CDLL(None, use_errno=True)
attempt('semaphore', lambda: libc.sem_open(b'/${mark}', 0o100, 0o600, 1) and False)`,
    trying(`
for place in ['/tmp/.X0-lock', '/tmp/${mark}', '/dev/shm/sem.${mark}']:
    attempt(place, lambda: os.path.exists(place))`),
  ),
});
