import type { MakeHostilePrograms } from '../../../port/samples.ts';
import { afterDrawing, attacking, crashed, drawingNext, reached, trying } from './hostile-source.ts';

/** Programs that spoil the interpreter for the next one, or answer with something that is no picture. */
export const pythonState: MakeHostilePrograms = ({ folder, mark }) => ({
  'style set for all': afterDrawing(
    `
import matplotlib
reached()
for name in list(matplotlib.rcParams):
    if 'color' in name and isinstance(matplotlib.rcParams[name], str):
        try: matplotlib.rcParams[name] = 'magenta'
        except ValueError: pass
matplotlib.rcParamsDefault.update(matplotlib.rcParams)
plt.style.use('dark_background')
matplotlib.use('svg', force=True)
plt.figure(facecolor='magenta')`,
    { ok: reached },
    drawingNext,
  ),
  'builtins replaced': afterDrawing(
    `
import builtins
reached()
builtins.print = builtins.open = builtins.len = builtins.compile = builtins.exec = lambda *a, **k: 'ESCAPED'
builtins.left = 'ESCAPED'`,
    { runtime: /REACHED|zygote\.py/ },
    trying(`
import builtins
attempt('left', lambda: hasattr(builtins, 'left'))
attempt('len', lambda: len([1]) != 1)`),
  ),
  'modules replaced': afterDrawing(
    `
import sys, numpy, os
reached()
numpy.left = sys.left = 'ESCAPED'
sys.modules['json'] = sys.modules['io'] = sys.modules['struct'] = sys.modules['seaborn'] = None
for name in list(sys.modules):
    if name.startswith('pandas'): del sys.modules[name]
os.write = os._exit = os.read = os.waitpid = lambda *a: 0`,
    { timeout: reached },
    trying(`
import json, io, pandas, numpy
attempt('numpy', lambda: hasattr(numpy, 'left') or hasattr(sys, 'left'))`),
  ),
  'methods of the drawing library replaced': attacking(
    `import matplotlib.figure as f, matplotlib.axes as a, matplotlib.pyplot as plt
def other(self, *rest, **more): raise SystemExit(0)
f.Figure.savefig = f.Figure.draw = a.Axes.plot = plt.savefig = plt.show = other
plt.figure()
plt.savefig('x.png')`,
    { runtime: /^SystemExit: 0\n[\s\S]*in other/ },
    drawingNext,
  ),
  'the environment changed': afterDrawing(
    `
import os, time, locale
reached()
os.environ.update(LEFT='${mark}', MPLBACKEND='svg', PYTHONPATH='/tmp', LD_PRELOAD='/tmp/x.so', TZ='Asia/Tokyo')
time.tzset(); os.chdir('/'); os.umask(0o777); locale.setlocale(locale.LC_ALL, '')`,
    { ok: reached },
    trying(`
attempt('left', lambda: 'LEFT' in os.environ or time.timezone or os.getcwd() == '/')`),
  ),
  'files left': afterDrawing(
    `
import os
reached()
for place in ['/tmp', '/dev/shm', '.', os.path.expanduser('~'), os.environ.get('MPLCONFIGDIR', '.')]:
    try: open(os.path.join(place, '${mark}.png'), 'w').write('x')
    except OSError: pass
for name in ['numpy.py', 'json.py', 'sitecustomize.py', 'matplotlibrc']:
    open(name, 'w').write('raise RuntimeError("ESC" "APED")')`,
    { ok: reached },
    trying(`
import json, numpy
for place in ['/tmp', '/dev/shm', '.', os.path.expanduser('~'), os.environ.get('MPLCONFIGDIR', '.')]:
    attempt(place, lambda: os.path.exists(os.path.join(place, '${mark}.png')))
attempt('modules', lambda: os.path.exists('json.py'))`),
  ),
  'the font cache and configuration spoiled': afterDrawing(
    `
import os, matplotlib
cache = f'fontlist-v{matplotlib.font_manager.FontManager.__version__}.json'
open(os.path.join(matplotlib.get_cachedir(), cache), 'w').close()
for place, _, names in os.walk(matplotlib.get_cachedir()):
    for name in names:
        reached()
        try: open(os.path.join(place, name), 'w').write('{}')
        except OSError: pass
matplotlib.font_manager.fontManager.ttflist.clear()`,
    { ok: reached },
    drawingNext,
  ),
  'hooks and traces left': afterDrawing(
    `
import sys, signal, gc, atexit, threading, faulthandler
def left(*a): raise RuntimeError('left')
reached()
threading.settrace(left); sys.excepthook = left; sys.meta_path.insert(0, None)
gc.disable(); gc.callbacks.append(left); atexit.register(left); faulthandler.dump_traceback_later(1, repeat=True)
signal.signal(signal.SIGALRM, left); signal.setitimer(signal.ITIMER_REAL, 0.5, 0.1)
sys.setprofile(left); sys.settrace(left)`,
    { runtime: /^RuntimeError: left\n[\s\S]*sys\.settrace\(left\)/ },
    drawingNext,
  ),
  'an interpreter spoiled through its memory': afterDrawing(
    `
import ctypes, gc, sys
class Header(ctypes.Structure): _fields_ = [('count', ctypes.c_ssize_t), ('type', ctypes.c_void_p), ('size', ctypes.c_ssize_t), ('digit', ctypes.c_uint32)]
reached()
Header.from_address(id(7)).digit = 8
for found in gc.get_objects():
    if isinstance(found, dict) and 'savefig' in found:
        try: found['savefig'] = None
        except BaseException: pass
ctypes.memset(id(None), 255, 8)`,
    { runtime: crashed },
    trying("attempt('seven', lambda: 3 + 4 == 8)"),
  ),
  'seeds and numbers': afterDrawing(
    'import random, numpy\nreached()\nrandom.seed(1); numpy.random.seed(1)\nrandom.random = lambda: 0.5',
    { ok: reached },
    drawingNext,
  ),
  'its own answer written over': attacking(
    `import sys, gc
class Liar(dict):
    def __getitem__(self, key): return 'ESCAPED'
reached()
for frame in sys._current_frames().values():
    while frame:
        for name, value in list(frame.f_locals.items()) + list(frame.f_globals.items()):
            if callable(value) and getattr(value, '__code__', None) is not None and value.__module__ not in (None, 'builtins'):
                try: value.__code__ = (lambda *a, **k: 'ESCAPED' and None).__code__
                except BaseException: pass
        frame = frame.f_back`,
    { runtime: /ended its process \(70\)[\s\S]*REACHED/ },
  ),
  'a picture that is a link to a file of the host': attacking(
    `import os\nos.symlink('${folder}/secret.png', 'chart.png')\nos.symlink('/etc/passwd', 'other.png')`,
    { empty: /Not an image:[^\n]*No such file[^\n]*\nNot an image:[^\n]*No such file/ },
  ),
  'a picture that is a pipe': attacking("import os\nos.mkfifo('chart.png')\nreached()", { timeout: reached }),
  'a picture that is a folder': {
    ...attacking("import os\nos.makedirs('chart.png/inner.png')", { empty: /ran to its end and drew nothing/ }),
    rehearsal: attacking("import os\nos.makedirs('chart.png/inner.png')\nraise RuntimeError('REA' 'CHED')", {
      runtime: /REACHED/,
    }),
  },
  'a picture that has no end': attacking("import os\nos.symlink('/dev/zero', 'chart.png')", {
    empty: /Not an image: cannot identify image file[^\n]*chart\.png/,
  }),
  'a picture of emptiness without end': attacking(
    `open('chart.png', 'wb').truncate(20_000_000)
try: open('b.png', 'wb').truncate(10**12)
except OSError as error: assert error.errno == 27`,
    { empty: /(?:Not an image: cannot identify image file[^\n]*\.png'\n?){2}/ },
  ),
  'a picture with a hostile name': attacking(
    `import matplotlib.pyplot as plt
plt.plot([1, 2])
for name in ['../../x.png', '/etc/x.png', 'a\\nb.png', 'x' * 300 + '.png', '-rf.png', '\\udcff.png', '/proc/self/mem', '/dev/full']:
    try: plt.savefig(name)
    except Exception: pass
reached()`,
    { ok: /Read-only file system: '\/etc\/x\.png'[\s\S]*REACHED/ },
  ),
});
