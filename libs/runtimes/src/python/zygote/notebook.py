"""What code that was written for a notebook expects: magics, `display` and the module IPython, of which nothing is installed."""
import builtins
import functools
import re
import sys
import types

import images
from capture import captured

_magic = re.compile(r'^\s*(?:%{1,2}|[!?])[^\n]*$|^[^\n#\'"]*\?\s*$')


def without_magics(code):
    """The code with the lines that only a notebook reads made empty, so that all others keep their numbers; None if there are none."""
    lines = code.split('\n')
    kept = ['' if _magic.match(line) else line for line in lines]
    return None if kept == lines else '\n'.join(kept)


def install():
    builtins.display = display
    builtins.get_ipython = get_ipython
    if 'IPython' in sys.modules:
        return
    shown = {name: globals()[name] for name in ('display', 'SVG', 'Image', 'HTML', 'Markdown', 'Latex', 'clear_output', 'set_matplotlib_formats')}
    module = _module('IPython', get_ipython=get_ipython, display=_module('IPython.display', **shown))
    # Newer Matplotlib asks: from this version on it leaves the notebook alone.
    module.version_info = (8, 24)
    module.core = _module('IPython.core', display=module.display, interactiveshell=_module('IPython.core.interactiveshell'))


def _module(name, **content):
    module = types.ModuleType(name)
    module.__dict__.update(content)
    sys.modules[name] = module
    return module


class _Shell:
    """Answers to everything that a script asks of a notebook with nothing. False, so that libraries do not take it for a notebook."""

    def __bool__(self):
        return False

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


def get_ipython():
    return _Shell()


def display(*values, **_):
    """Shows figures and images as a notebook does. What is text in a notebook is nothing here."""
    for value in values:
        kinds = {f'{base.__module__}.{base.__name__}' for base in type(value).__mro__}
        if 'matplotlib.figure.Figure' in kinds or 'plotly.basedatatypes.BaseFigure' in kinds:
            value.show()
        elif 'PIL.Image.Image' in kinds:
            captured.show(functools.partial(images.from_image, value.copy()))
        elif isinstance(value, (SVG, Image)):
            value.show()


class SVG:
    """An SVG that is shown where it is made, because a notebook shows the value of its last line."""

    def __init__(self, data=None, filename=None, url=None, **_):
        if data is None and filename is not None:
            with open(filename, encoding='utf-8') as file:
                data = file.read()
        self.data = data or ''
        self.show()

    def show(self):
        content = self.data.encode() if isinstance(self.data, str) else bytes(self.data)
        captured.show(lambda: ({'form': 'svg'}, content))


class Image:
    """A raster image, by its bytes or its file."""

    def __init__(self, data=None, filename=None, url=None, **_):
        self.data, self.filename = data, filename
        self.show()

    def show(self):
        source = self.filename or self.data
        if isinstance(source, (bytes, bytearray)):
            captured.show(functools.partial(images.from_bytes, bytes(source)))
        elif isinstance(source, str):
            captured.show(functools.partial(images.from_file, source))


class HTML:
    """Text, which is not shown."""

    def __init__(self, data=None, *_, **__):
        self.data = data


Markdown = Latex = HTML


def clear_output(wait=False):
    pass


def set_matplotlib_formats(*formats, **_):
    pass
