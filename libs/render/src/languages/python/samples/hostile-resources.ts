import type { MakeHostilePrograms } from '../../../port/samples.ts';
import { afterDrawing, drawing, trying } from './hostile-source.ts';

/** Programs that do not end, multiply, hoard, or flood. */
export const pythonResources: MakeHostilePrograms = () => ({
  'a loop': ['timeout', 'while True: pass'],
  'a loop that takes every exception': [
    'timeout',
    'while True:\n    try:\n        while True: pass\n    except BaseException: pass',
  ],
  'a loop in C that no signal interrupts': ['timeout', 'sum(range(10**14))'],
  'a regular expression without end': ['timeout', "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')"],
  'a number without end': [['timeout', 'memory', 'runtime'], '10 ** 10 ** 10'],
  'a sleep': ['timeout', 'import time\ntime.sleep(1e6)'],
  'a sleep that ignores every signal': [
    'timeout',
    `import signal, time
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
while True: time.sleep(1e6)`,
  ],
  'waiting for input': [['runtime', 'timeout', 'empty'], "input('more? ')\nimport sys\nsys.stdin.read()"],
  'a deadlock': ['timeout', 'import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()'],
  'a loop on the way out': [
    'any',
    afterDrawing('import atexit\ndef again():\n    while True: pass\natexit.register(again)'),
  ],
  'a thread that does not end': [
    'any',
    afterDrawing('import threading\ndef spin():\n    while True: pass\nthreading.Thread(target=spin).start()'),
  ],
  'a destructor that does not end': [
    'any',
    afterDrawing('class Trap:\n    def __del__(self):\n        while True: pass\ntrap = Trap()'),
  ],
  'a fork bomb': [
    'any',
    `import os
while True:
    try: os.fork()
    except OSError: pass`,
  ],
  'a fork bomb by vfork, spawn and multiprocessing': [
    'any',
    trying(`
def multiply():
    import multiprocessing
    workers = [multiprocessing.Process(target=time.sleep, args=(60,)) for _ in range(50)]
    for worker in workers: worker.start()
attempt('multiprocessing', multiply)
attempt('spawn', lambda: os.posix_spawn('/usr/bin/sleep', ['sleep', '60'], {}))
attempt('system', lambda: os.system('sleep 60 &') == 0)
attempt('popen', lambda: [subprocess.Popen(['/usr/bin/sleep', '60']) for _ in range(200)] and False)`),
  ],
  'a thread bomb': [
    'any',
    `import threading, time
while True:
    try: threading.Thread(target=time.sleep, args=(1e5,)).start()
    except RuntimeError: pass`,
  ],
  'a bytearray bomb': [['memory', 'timeout'], 'hoard = []\nwhile True: hoard.append(bytearray(50_000_000))'],
  'a numpy bomb': [
    ['memory', 'timeout'],
    'import numpy as np\nhoard = []\nwhile True: hoard.append(np.ones((5000, 5000)))',
  ],
  'a single array of a terabyte': [['memory', 'runtime'], 'import numpy as np\nnp.ones(10**12)'],
  'a list that grows': [['memory', 'timeout'], 'hoard = [0]\nwhile True: hoard += hoard'],
  'a string that doubles': [['memory', 'timeout', 'runtime'], "text = 'x'\nwhile True: text += text"],
  'a bomb of mapped memory': [
    ['memory', 'timeout', 'runtime'],
    `import mmap
hoard = []
while True:
    block = mmap.mmap(-1, 100_000_000)
    block.write(b'x' * 100_000_000)
    hoard.append(block)`,
  ],
  'a bomb of memory without a name': [
    'any',
    `import os
while True:
    handle = os.memfd_create('x')
    for _ in range(100): os.write(handle, b'x' * 10_000_000)`,
  ],
  'a bomb of shared memory': [
    'any',
    `from multiprocessing import shared_memory
hoard = []
while True: hoard.append(shared_memory.SharedMemory(create=True, size=100_000_000)); hoard[-1].buf[:] = bytes(100_000_000)`,
  ],
  'a recursion without end': [['runtime', 'memory'], 'def down(): down()\ndown()'],
  'a recursion through the stack': [
    'failed',
    'import sys\nsys.setrecursionlimit(10**9)\ndef down(): return [down()]\ndown()',
  ],
  'a recursion of brackets': [
    ['syntax', 'runtime', 'memory'],
    `eval(${'['.repeat(50)}"(" * 100_000 + ")" * 100_000${']'.repeat(50)}[0])`,
  ],
  'source of brackets alone': [['syntax', 'memory', 'runtime'], '('.repeat(200_000)],
  'a crash': ['failed', 'import ctypes\nctypes.string_at(0)'],
  'an abort': ['failed', 'import os\nos.abort()'],
  'an exit without a word': ['failed', 'import os\nos._exit(0)'],
  'an exit with a word': ['any', 'import sys\nsys.exit("enough")'],
  'a disk filled from /tmp': [
    'any',
    `import os
for number in range(10_000):
    with open(f'/tmp/{number}', 'wb') as file:
        for _ in range(30): file.write(b'x' * 1_000_000)`,
  ],
  'a disk filled from everywhere': [
    'any',
    `import os
for folder in ['/dev/shm', '/var/tmp', '/run', '/', os.path.expanduser('~'), '/usr', '/etc', '.']:
    try:
        with open(os.path.join(folder, 'fill'), 'wb') as file:
            while True: file.write(b'x' * 1_000_000)
    except OSError: pass
${drawing}`,
  ],
  'a million small files': [
    'any',
    trying(`
def fill():
    for number in range(100_000): open(f'{number}.txt', 'w').close()
    return True
attempt('files', fill)`),
  ],
  'open files without end': [
    'any',
    'hoard = []\nwhile True:\n    try: hoard.append(open("/dev/null"))\n    except OSError: pass',
  ],
  'pipes without end': [
    'any',
    'import os\nwhile True:\n    try: os.write(os.pipe()[1], b"x" * 65536)\n    except OSError: pass',
  ],
  'a flood on stdout': ['any', "while True: print('x' * 1_000_000)"],
  'a flood on stderr': ['any', "import sys\nwhile True: sys.stderr.write('\\x1b[31m' + 'x' * 1_000_000)"],
  'a flood on the descriptors of both': [
    'any',
    'import os\nwhile True:\n    os.write(1, b"x" * 1_000_000)\n    os.write(2, b"\\xff" * 1_000_000)',
  ],
  'an error message without end': ['failed', "raise RuntimeError('x' * 100_000_000)"],
  'an error whose text is a loop': [
    'failed',
    'class Trap(Exception):\n    def __str__(self):\n        while True: pass\nraise Trap()',
  ],
  'an error with a thousand causes': [
    'failed',
    `error = None
for number in range(1000):
    try: raise RuntimeError(str(number)) from error
    except RuntimeError as caught: error = caught
raise error`,
  ],
  'a figure of 300 000 px': [
    ['memory', 'too-large', 'timeout', 'runtime'],
    'import matplotlib.pyplot as plt\nplt.figure(figsize=(3000, 3000), dpi=100)\nplt.plot([1, 2])\nplt.savefig("x.png")',
  ],
  'a figure of a wide strip': [
    ['memory', 'too-large', 'timeout', 'runtime'],
    'import matplotlib.pyplot as plt\nplt.figure(figsize=(650, 1), dpi=100)\nplt.plot([1, 2])\nplt.savefig("x.png")',
  ],
  'a thousand figures': [
    'any',
    'import matplotlib.pyplot as plt\nfor number in range(1000):\n    plt.figure(); plt.plot([number]); plt.savefig(f"{number}.png")',
  ],
  'an animation without end': [
    'any',
    `import itertools
import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation
fig, ax = plt.subplots()
FuncAnimation(fig, lambda n: ax.plot([n]), frames=itertools.count(), save_count=10**9).save('a.gif', writer='pillow')`,
  ],
  'ten million points': [
    'any',
    'import numpy as np, matplotlib.pyplot as plt\nplt.scatter(*np.random.rand(2, 10_000_000))\nplt.savefig("x.png")',
  ],
  'ticks without end': [
    'any',
    'import matplotlib.pyplot as plt, matplotlib.ticker as t\nplt.plot([0, 1e9])\nt.Locator.MAXTICKS = 10**12\nplt.gca().yaxis.set_major_locator(t.MultipleLocator(1e-3))\nplt.savefig("x.png")',
  ],
});
