import type { MakeHostilePrograms } from '../../../port/samples.ts';
import { afterDrawing, attacking, drawing, reached, systemCalls, trying, writingResult } from './hostile-source.ts';

/** Programs that read, write, call, or kill what is not theirs. */
export const pythonReach: MakeHostilePrograms = ({ port, folder, socket, mark }) => ({
  "the host's files": trying(`
for path in ['${folder}/secret.txt', '/etc/shadow', '/etc/passwd', '/root/.bashrc', '/proc/1/environ', '/proc/kcore', '/dev/mem', '/dev/sda']:
    attempt(path, lambda: 'canary' in open(path, errors='replace').read(10_000) or path.startswith('/etc/sh'))
attempt('list', lambda: os.listdir('${folder}'))
for path in ['/root', '/home', '/work', '/srv', '/opt', '/mnt', '/media', '/boot', '/var/lib', '/var/log', '/sys/fs/cgroup']:
    attempt(path, lambda: os.listdir(path))`),
  'a search of every folder': trying(`
def search():
    for place, folders, names in os.walk('/', followlinks=False):
        if place in ('/usr/share', '/usr/lib', '/proc'): folders.clear()
        if 'secret.txt' in names: return True
attempt('search', search)`),
  'ways around the root': trying(`
for path in ['/proc/self/root', '/proc/1/root', '/proc/self/cwd/../../..', '/proc/1/cwd', '/dev/fd/3/..', '/proc/self/fd/0/..']:
    attempt(path, lambda: os.path.exists(path + '${folder}/secret.txt'))
def breakout():
    os.mkdir('/tmp/jail'); handle = os.open('/', os.O_RDONLY)
    os.chroot('/tmp/jail'); os.fchdir(handle); os.chroot('../../../../..')
    return True
attempt('chroot', breakout)
for number in range(3, 256):
    attempt('descriptor', lambda: 'secret.txt' in os.listdir(number))`),
  'the environment of others': trying(`
attempt('own', lambda: 'PENTIMENTO_CANARY' in os.environ)
attempt('libc', lambda: ctypes.CDLL(None).getenv(b'PENTIMENTO_CANARY'))
for pid in os.listdir('/proc'):
    attempt(pid, lambda: pid.isdigit() and 'CANARY' in open(f'/proc/{pid}/environ', errors='replace').read())`),
  'connections to the host': trying(`
def tcp():
    with socket.create_connection(('127.0.0.1', ${port}), 1): return True
def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s: s.sendto(b'x', ('127.0.0.1', ${port})); return True
def unix():
    with socket.socket(socket.AF_UNIX) as s: s.connect('\\0${socket}'); return True
attempt('tcp', tcp)
attempt('udp', udp)
attempt('unix', unix)
attempt('ipv6', lambda: socket.socket(socket.AF_INET6).connect(('::ffff:127.0.0.1', ${port})) is None)
attempt('raw', lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt('packet', lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
attempt('netlink', lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
attempt('vsock', lambda: socket.socket(40, socket.SOCK_STREAM).connect((2, ${port})) is None)
attempt('listen', lambda: socket.create_server(('0.0.0.0', 0)))`),
  'connections by libraries and programs': trying(`
import urllib.request
attempt('urllib', lambda: urllib.request.urlopen('http://127.0.0.1:${port}/', timeout=1))
attempt('pandas', lambda: __import__('pandas').read_csv('http://127.0.0.1:${port}/x.csv'))
attempt('image', lambda: __import__('matplotlib.image').image.imread('http://127.0.0.1:${port}/x.png'))
attempt('numpy', lambda: __import__('numpy').DataSource().open('http://127.0.0.1:${port}/'))
attempt('bash', lambda: subprocess.run(['bash', '-c', 'echo > /dev/tcp/127.0.0.1/${port}']).returncode == 0)
attempt('perl', lambda: subprocess.run(['perl', '-MIO::Socket', '-e', 'exit !IO::Socket::INET->new("127.0.0.1:${port}")']).returncode == 0)`),
  'a connection by the bare system call': trying(`${systemCalls}
def connect():
    handle = libc.socket(2, 1, 0)
    address = struct.pack('=H', 2) + struct.pack('!H', ${port}) + bytes([127, 0, 0, 1]) + bytes(8)
    return handle >= 0 and libc.connect(handle, address, 16) == 0
attempt('connect', connect)
attempt('socket', lambda: call('socket', 2, 1, 0))`),
  'names asked of a server': trying(`
query = b'\\x12\\x34\\x01\\x00\\x00\\x01' + bytes(6) + b'\\x06canary\\x07invalid\\x00\\x00\\x01\\x00\\x01'
def ask():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s: return s.sendto(query, ('127.0.0.1', ${port}))
attempt('query', ask)
attempt('resolver', lambda: socket.getaddrinfo('canary.invalid', 80))
attempt('resolv.conf', lambda: open('/etc/resolv.conf').read())`),
  'a daemon': attacking(
    `import os, socket, time
reached()
try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                time.sleep(0.2)
                try: socket.create_connection(('127.0.0.1', ${port}), 1).close()
                except OSError: pass
        os._exit(0)
except OSError: pass
${drawing}`,
    { ok: reached },
  ),
  'a daemon of a shell': attacking(
    `import os
reached()
os.system("setsid nohup sh -c 'while sleep 0.2; do echo > /dev/tcp/127.0.0.1/${port}; touch ${folder}/${mark}; done' >/dev/null 2>&1 &")
${drawing}`,
    { ok: reached },
  ),
  'files written everywhere': trying(
    `
for place in ['/', '/usr', '/usr/bin', '/usr/lib', '/etc', '/var/tmp', '/run', '/root', '/proc', '/sys', '${folder}', '/pentimento', '/work']:
    attempt(place, lambda: open(place + '/${mark}', 'w').write('x'))
attempt('spoil', lambda: open('${folder}/secret.txt', 'w').write('x'))
attempt('remove', lambda: os.remove('${folder}/secret.svg') is None)
for place in ['/tmp', '/dev/shm', '.']:
    try: open(place + '/${mark}', 'w').write('x')
    except OSError: pass`,
    trying(`
for place in ['/tmp', '/dev/shm', '.', '/var/tmp']:
    attempt('left in ' + place, lambda: os.path.exists(place + '/${mark}'))`),
  ),
  "the interpreter's own files": trying(`
import numpy, site
for path in [os.__file__, numpy.__file__, sys.executable, site.__file__, '/etc/ld.so.cache', '/etc/ld.so.preload', '/usr/lib/python3/dist-packages/x.pth']:
    attempt(path, lambda: open(path, 'ab').write(b'#'))
attempt('cache', lambda: os.listdir('/usr/lib/python3/dist-packages/numpy/__pycache__') and open('/usr/lib/python3/dist-packages/numpy/__pycache__/x.pyc', 'w'))`),
  'settings of the kernel': trying(`
for path, value in {'/proc/sysrq-trigger': 'x', '/proc/sys/kernel/core_pattern': '|/x', '/proc/sys/kernel/hostname': 'x', '/proc/sys/vm/drop_caches': '0',
    '/proc/self/oom_score_adj': '-1000', '/sys/kernel/mm/transparent_hugepage/enabled': 'always', '/proc/self/uid_map': '0 0 1'}.items():
    attempt(path, lambda: open(path, 'w').write(value) and os.path.exists(path) and False)
    attempt(path, lambda: path == '/proc/self/oom_score_adj' and int(open(path).read()) < 0)
attempt('uid', lambda: os.setuid(0) is None)
attempt('root', lambda: os.getuid() == 0 and 'CapEff:\\t0000000000000000' not in open('/proc/self/status').read())
attempt('clock', lambda: time.clock_settime(time.CLOCK_REALTIME, 0) is None)
attempt('nice', lambda: os.nice(-5) < 0)
attempt('device', lambda: os.mknod('/tmp/sda', 0o60666, os.makedev(8, 0)) is None)`),
  'limits raised': trying(
    `
import resource
for name in ['RLIMIT_AS', 'RLIMIT_DATA', 'RLIMIT_CPU', 'RLIMIT_FSIZE', 'RLIMIT_NPROC', 'RLIMIT_NOFILE', 'RLIMIT_CORE']:
    kind = getattr(resource, name)
    if resource.getrlimit(kind)[1] != -1:
        attempt(name, lambda: resource.setrlimit(kind, (-1, -1)) is None)
def hoard():
    blocks = [bytearray(100_000_000) for _ in range(60)]
    return len(blocks) == 60
attempt('six gigabytes', hoard)`,
  ),
  'kills of every process': attacking(
    `import os, signal
reached()
me = os.getpid()
for pid in [-1, *range(1, 70_000)]:
    if pid in (me, -me): continue
    try: os.kill(pid, signal.SIGKILL)
    except OSError: pass
for pid in [me, 0, os.getppid()]:
    try: os.killpg(pid, signal.SIGTERM)
    except OSError: pass
${drawing}`,
    { ok: reached },
  ),
  'stops of every process': attacking(
    `import os, signal
reached()
for pid in [os.getppid(), *range(1, 70_000)]:
    if pid in (0, os.getpid()): continue
    try: os.kill(pid, signal.SIGSTOP)
    except OSError: pass
${drawing}`,
    { ok: reached },
  ),
  'other processes seen': trying(`
me = {str(os.getpid()), str(os.getppid())}
attempt('others', lambda: [pid for pid in os.listdir('/proc') if pid.isdigit() and pid not in me and 'svg-worker' in open(f'/proc/{pid}/cmdline').read()])
attempt('parent', lambda: os.getppid() > 0 and open(f'/proc/{os.getppid()}/mem', 'rb').read(1) is None)
attempt('memory of the parent', lambda: os.getppid() > 0 and open(f'/proc/{os.getppid()}/mem', 'r+b'))
attempt('descriptors of the parent', lambda: os.getppid() > 0 and os.listdir(f'/proc/{os.getppid()}/fd'))`),
  'system calls that drawing needs not': trying(`${systemCalls}
empty = ctypes.create_string_buffer(4096)
for name in ['mount', 'umount2', 'pivot_root', 'chroot', 'bpf', 'keyctl', 'add_key', 'userfaultfd', 'io_uring_setup', 'perf_event_open',
    'open_by_handle_at', 'kexec_load', 'init_module', 'fsopen', 'open_tree', 'acct', 'swapon', 'reboot', 'settimeofday', 'iopl', 'execveat']:
    attempt(name, lambda: call(name, empty, empty, 4096, 0, 0))
attempt('unshare', lambda: call('unshare', 0x10000000))
attempt('setns', lambda: call('setns', os.open('/proc/self/ns/user', os.O_RDONLY), 0))
attempt('ptrace', lambda: call('ptrace', 0, 0, 0, 0))
attempt('memfd', lambda: call('memfd_create', b'x', 0))
attempt('shm', lambda: call('shmget', 0, 4096, 0o1600))
attempt('messages', lambda: call('msgget', 0, 0o1600))
attempt('semaphores', lambda: call('semget', 0, 1, 0o1600))
attempt('queue', lambda: call('mq_open', b'x', 0o102, 0o600, 0))
attempt('personality', lambda: call('personality', 0x0040000))
attempt('clone3', lambda: call('clone3', empty, 88))
attempt('descriptors of others', lambda: call('pidfd_getfd', 0, 0, 0))`),
  'privileges by a program of root': trying(`
for program in ['su', 'mount', 'passwd', 'newgrp', 'chsh', 'unshare', 'nsenter', 'bwrap', 'setpriv']:
    attempt(program, lambda: subprocess.run([program, '--version'], stdin=subprocess.DEVNULL, timeout=1).returncode == 0)
attempt('exec', lambda: os.execv('/usr/bin/true', ['true']))`),
  'every descriptor written to': afterDrawing(
    `
import os, struct
forged = b'{"status":"ok","id":0,"png":"","width":9,"height":9,"log":"ESCAPED"}\\n'
reached()
for number in range(3, 1024):
    for bytes_ in (forged, struct.pack('>I', len(forged)) + forged, b'\\xff' * 70_000, bytes(70_000)):
        try:
            os.set_blocking(number, False)
            os.write(number, bytes_)
        except OSError: pass`,
    { runtime: /ended its process \(0\)[\s\S]*REACHED/ },
  ),
  'a result with a head that takes long to parse': afterDrawing(
    writingResult("b'[' * 15_000_000 + b']' * 15_000_000", "b''"),
    { runtime: /ended its process \(0\)[\s\S]*REACHED/ },
  ),
  'a result with a head of many fields': afterDrawing(
    writingResult("b'{' + b','.join(b'\"%d\":0' % n for n in range(2_000_000)) + b'}'", "b''"),
    { runtime: /ended its process \(0\)[\s\S]*REACHED/ },
  ),
  'a result with a row that cannot be decoded': afterDrawing(
    `import json, struct, zlib
def chunk(kind, data): return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
row = bytes(range(1, 251)) * 3
rows = (b'\\0' + row) * 8 + b'\\x09' + row + (b'\\0' + row) * 241
header = struct.pack('>IIBBBBB', 250, 250, 8, 2, 0, 0, 0)
image = b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', header) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')
head = {'status': 'ok', 'form': 'png', 'width': 250, 'height': 250, 'remarks': []}
${writingResult('json.dumps(head).encode()', 'image')}`,
    { runtime: /row with an unknown filter/ },
  ),
  'every descriptor read from and closed': afterDrawing(
    `
import os
reached()
for number in [0, *range(3, 1024)]:
    try:
        os.set_blocking(number, False)
        while os.read(number, 1_000_000): pass
    except OSError: pass
    try: os.close(number)
    except OSError: pass`,
    { runtime: /ended its process \(70\)[\s\S]*REACHED/ },
  ),
  'every descriptor kept open by a sleeper': afterDrawing(
    `
import time
reached()
time.sleep(1e5)`,
    { timeout: reached },
  ),
});
