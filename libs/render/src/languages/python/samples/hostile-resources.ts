import type { HostileProgram, MakeHostilePrograms } from '../../../port/samples.ts';
import { afterDrawing, attacking, drawing, outOfMemory, reached, trying } from './hostile-source.ts';

const untilDeadline: HostileProgram['endings'] = { timeout: reached };
const hoards: HostileProgram['endings'] = { memory: outOfMemory };

/** Programs that do not end, multiply, hoard, or flood. */
export const pythonResources: MakeHostilePrograms = () => ({
  'a loop': attacking('reached()\nwhile True: pass', untilDeadline),
  'a loop that takes every exception': attacking(
    'reached()\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass',
    untilDeadline,
  ),
  'a loop in C that no signal interrupts': attacking('reached()\nsum(range(10**14))', untilDeadline),
  'a regular expression without end': attacking(
    "import re\nreached()\nre.match(r'(a+)+$', 'a' * 60 + 'b')",
    untilDeadline,
  ),
  'a number without end': attacking('reached()\n10 ** 10 ** 10', untilDeadline),
  'a sleep': attacking('import time\nreached()\ntime.sleep(1e6)', untilDeadline),
  'a sleep that ignores every signal': attacking(
    `import signal, time
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
reached()
while True: time.sleep(1e6)`,
    untilDeadline,
  ),
  'waiting for input': attacking(
    `import sys
try: input('more? ')
except EOFError: pass
reached()
print(len(sys.stdin.read()), 'characters read', file=sys.stderr)
raise RuntimeError('nothing to wait for')`,
    { runtime: /nothing to wait for/ },
  ),
  'a deadlock': attacking(
    'import threading\nlock = threading.Lock()\nlock.acquire()\nreached()\nlock.acquire()',
    untilDeadline,
  ),
  'a loop on the way out': afterDrawing(
    'import atexit\ndef again():\n    while True: pass\nreached()\natexit.register(again)',
    { ok: reached },
  ),
  'a thread that does not end': afterDrawing(
    'import threading\nstarted = threading.Event()\ndef spin():\n    started.set()\n    while True: pass\nthreading.Thread(target=spin).start()\nstarted.wait()\nreached()',
    { ok: reached },
  ),
  'a destructor that does not end': afterDrawing(
    'class Trap:\n    def __del__(self):\n        while True: pass\nreached()\ntrap = Trap()',
    { ok: reached },
  ),
  'a fork bomb': attacking(
    `import os
reached()
while True:
    try: os.fork()
    except OSError: pass`,
    untilDeadline,
  ),
  'a fork bomb by vfork, spawn and multiprocessing': trying(`
def multiply():
    import multiprocessing
    workers = [multiprocessing.Process(target=time.sleep, args=(60,)) for _ in range(50)]
    for worker in workers: worker.start()
attempt('multiprocessing', multiply)
attempt('spawn', lambda: os.posix_spawn('/usr/bin/sleep', ['sleep', '60'], {}))
attempt('system', lambda: os.system('sleep 60 &') == 0)
attempt('popen', lambda: [subprocess.Popen(['/usr/bin/sleep', '60']) for _ in range(200)] and False)`),
  'a thread bomb': attacking(
    `import threading, time
reached()
while True:
    try: threading.Thread(target=time.sleep, args=(1e5,)).start()
    except RuntimeError: pass`,
    hoards,
  ),
  'a bytearray bomb': attacking('hoard = []\nreached()\nwhile True: hoard.append(bytearray(50_000_000))', hoards),
  'a numpy bomb': attacking(
    'import numpy as np\nhoard = []\nreached()\nwhile True: hoard.append(np.ones((5000, 5000)))',
    hoards,
  ),
  'a single array of a terabyte': attacking('import numpy as np\nreached()\nnp.ones(10**12)', {
    memory: /ArrayMemoryError: Unable to allocate 7\.28 TiB/,
  }),
  'a list that grows': attacking('hoard = [0]\nreached()\nwhile True: hoard += hoard', hoards),
  'a string that doubles': attacking("text = 'x'\nreached()\nwhile True: text += text", hoards),
  'a bomb of mapped memory': attacking(
    `import mmap
hoard = []
reached()
while True:
    block = mmap.mmap(-1, 100_000_000)
    block.write(b'x' * 100_000_000)
    hoard.append(block)`,
    hoards,
  ),
  'a bomb of memory without a name': attacking(
    `import os
while True:
    handle = os.memfd_create('x')
    for _ in range(100): os.write(handle, b'x' * 10_000_000)`,
    { runtime: /PermissionError[\s\S]*os\.memfd_create/ },
  ),
  'a bomb of shared memory': attacking(
    `from multiprocessing import shared_memory
hoard = []
while True: hoard.append(shared_memory.SharedMemory(create=True, size=100_000_000)); hoard[-1].buf[:] = bytes(100_000_000)`,
    { runtime: /PermissionError[\s\S]*shared_memory\.SharedMemory/ },
  ),
  'a recursion without end': attacking('def down(): down()\ndown()', { runtime: /RecursionError[\s\S]*in down/ }),
  'a recursion through the stack': attacking(
    'import sys\nsys.setrecursionlimit(10**9)\ndef down(): return [down()]\nreached()\ndown()',
    untilDeadline,
  ),
  'a recursion of brackets': attacking('eval("(" * 100_000 + ")" * 100_000)', {
    runtime: /too many nested parentheses/,
  }),
  'a recursion of operators': attacking('reached()\neval("-" * 1_000_000 + "1")', hoards),
  'source of brackets alone': attacking('('.repeat(200_000), { syntax: /too many nested parentheses/ }),
  'a crash': attacking('import ctypes\nreached()\nctypes.string_at(0)', { runtime: /crashed Python[\s\S]*REACHED/ }),
  'an abort': attacking('import os\nreached()\nos.abort()', { runtime: /crashed Python[\s\S]*REACHED/ }),
  'an exit without a word': attacking('import os\nreached()\nos._exit(0)', {
    runtime: /ended its process \(0\)[\s\S]*REACHED/,
  }),
  'an exit with a word': attacking('import sys\nsys.exit("enough")', { runtime: /ended itself with 'enough'/ }),
  'a disk filled from /tmp': attacking(
    `import os
for number in range(10_000):
    with open(f'/tmp/{number}', 'wb') as file:
        for _ in range(30): file.write(b'x' * 1_000_000)`,
    { runtime: /No space left on device[\s\S]*file\.write/ },
  ),
  'a disk filled from everywhere': attacking(
    `import os
for folder in ['/dev/shm', '/var/tmp', '/run', '/', os.path.expanduser('~'), '/usr', '/etc', '.']:
    try:
        with open(os.path.join(folder, 'fill'), 'wb') as file:
            reached()
            while True: file.write(b'x' * 1_000_000)
    except OSError: pass
${drawing}`,
    { ok: reached },
  ),
  'a million small files': trying(`
def fill():
    for number in range(100_000): open(f'{number}.txt', 'w').close()
    return True
attempt('files', fill)`),
  'open files without end': attacking(
    'hoard = []\nreached()\nwhile True:\n    try: hoard.append(open("/dev/null"))\n    except OSError: pass',
    untilDeadline,
  ),
  'pipes without end': attacking(
    'import os\nreached()\nwhile True:\n    try: os.write(os.pipe()[1], b"x" * 65536)\n    except OSError: pass',
    untilDeadline,
  ),
  'a flood on stdout': attacking("reached()\nwhile True: print('x' * 1_000_000)", untilDeadline),
  'a flood on stderr': attacking("import sys\nwhile True: sys.stderr.write('\\x1b[31m' + 'x' * 1_000_000)", {
    runtime: /File too large[\s\S]*sys\.stderr\.write/,
  }),
  'a flood on the descriptors of both': attacking(
    'import os\nwhile True:\n    os.write(1, b"x" * 1_000_000)\n    os.write(2, b"\\xff" * 1_000_000)',
    { runtime: /File too large[\s\S]*os\.write\(2/ },
  ),
  'an error message without end': attacking("reached()\nraise RuntimeError('x' * 100_000_000)", {
    runtime: /RuntimeError: x{100}/,
  }),
  'an error whose text is a loop': attacking(
    'class Trap(Exception):\n    def __str__(self):\n        reached()\n        while True: pass\nraise Trap()',
    untilDeadline,
  ),
  'an error with a thousand causes': attacking(
    `error = None
for number in range(1000):
    try: raise RuntimeError(str(number)) from error
    except RuntimeError as caught: error = caught
raise error`,
    { runtime: /^RuntimeError: 999\n/ },
  ),
  'a figure of 300 000 px': attacking(
    'import matplotlib.pyplot as plt\nplt.figure(figsize=(3000, 3000), dpi=100)\nplt.plot([1, 2])\nplt.savefig("x.png")',
    { 'too-large': /300000x300000/ },
  ),
  'a figure of a wide strip': attacking(
    'import matplotlib.pyplot as plt\nplt.figure(figsize=(650, 1), dpi=100)\nplt.plot([1, 2])\nplt.savefig("x.png")',
    { 'too-large': /65000x100/ },
  ),
  'a thousand figures': attacking(
    'import matplotlib.pyplot as plt\nreached()\nfor number in range(1000):\n    plt.figure(); plt.plot([number]); plt.savefig(f"{number}.png")',
    untilDeadline,
  ),
  'an animation without end': attacking(
    `import itertools
import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation
fig, ax = plt.subplots()
animation = FuncAnimation(fig, lambda n: ax.plot([n]), frames=itertools.count(), save_count=10**9)
reached()
animation.save('a.gif', writer='pillow')`,
    { ok: reached },
  ),
  'ten million points': attacking(
    'import numpy as np, matplotlib.pyplot as plt\nreached()\nplt.scatter(*np.random.rand(2, 10_000_000))\nplt.savefig("x.png")',
    untilDeadline,
  ),
  'ticks without end': attacking(
    'import matplotlib.pyplot as plt, matplotlib.ticker as t\nplt.plot([0, 1e9])\nt.Locator.MAXTICKS = 10**12\nplt.gca().yaxis.set_major_locator(t.MultipleLocator(1e-3))\nplt.savefig("x.png")',
    { memory: /ArrayMemoryError[\s\S]*plt\.savefig/ },
  ),
});
