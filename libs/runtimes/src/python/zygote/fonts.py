"""Fonts of other systems by what is installed with the same widths, and the fonts for characters that a font lacks."""
import dataclasses
import functools
import os
import re

from capture import captured

_arabic = re.compile('[\u0620-\u06ff]')
_sans = 'Liberation Sans'

# Families that look alike and have other widths.
_like = {
    'Helvetica Neue': _sans,
    'Verdana': 'DejaVu Sans',
    'Consolas': 'DejaVu Sans Mono',
    'Menlo': 'DejaVu Sans Mono',
    'Georgia': 'DejaVu Serif',
}

# The file names of those fonts, in lower case, without the marks of bold and italic.
_files = {
    'arial': 'Arial',
    'helvetica': 'Helvetica',
    'times': 'Times New Roman',
    'timesnewroman': 'Times New Roman',
    'cour': 'Courier New',
    'courier': 'Courier New',
    'calibri': 'Calibri',
    'cambria': 'Cambria',
    'verdana': 'Verdana',
    'consola': 'Consolas',
    'georgia': 'Georgia',
}
_styles = {'': (400, 'normal'), 'bd': (700, 'normal'), 'b': (700, 'normal'), 'i': (400, 'italic'), 'bi': (700, 'italic'), 'z': (700, 'italic')}


def install():
    """Adds the families to the fonts that matplotlib and Pillow find."""
    try:
        from matplotlib import font_manager
    except ImportError:
        return
    manager = font_manager.fontManager
    names, twins = _settings()
    manager.ttflist = [entry for entry in manager.ttflist if _is_ours(entry.fname, names)]
    present = {entry.name for entry in manager.ttflist}
    for family, twin in {**twins, **_like}.items():
        if family not in present:
            manager.ttflist += [dataclasses.replace(entry, name=family) for entry in manager.ttflist if entry.name == twin]
    finder = font_manager.FontManager
    if hasattr(finder, '_find_fonts_by_props'):
        finder._find_fonts_by_props = _with_fallback(finder._find_fonts_by_props)
    _no_tex()
    _say_what_is_not_joined()
    try:
        from PIL import ImageFont
    except ImportError:
        return
    ImageFont.truetype = _with_twins(ImageFont.truetype, manager)


def _settings():
    """The starts of the names of the project's font files, and the families that have the widths of others, as fontconfig's settings have them."""
    from xml.etree import ElementTree

    path = os.environ.get('FONTCONFIG_FILE')
    if path is None:
        return None, {}
    root = ElementTree.parse(path).getroot()
    names = tuple(glob.text.removeprefix('*/').removesuffix('*') for glob in root.iter('glob') if glob.text.startswith('*/'))
    twins = {alias.findtext('family'): alias.findtext('accept/family') for alias in root.iter('alias') if alias.find('accept') is not None}
    return names, twins


def _is_ours(path, names):
    """Whether a font is one of the project's or of matplotlib's own. Others differ from machine to machine."""
    return names is None or '/mpl-data/' in path or '/matplotlib/' in path or os.path.basename(path).startswith(names)


def _with_twins(original, manager):
    @functools.wraps(original)
    def truetype(font=None, *args, **kwargs):
        try:
            return original(font, *args, **kwargs)
        except OSError:
            path = _path_like(font, manager) if isinstance(font, (str, os.PathLike)) else None
            if path is None:
                raise
            captured.remark(f'{os.path.basename(font)} is not installed: {os.path.basename(path)} is drawn in its place.')
            return original(path, *args, **kwargs)

    return truetype


def _path_like(font, manager):
    """The file that stands for a font's file of another system; None for one that is not known."""
    from matplotlib.font_manager import FontProperties

    stem = os.path.splitext(os.path.basename(os.fspath(font)))[0].lower()
    stem = re.sub('[-_ ]', '', stem)
    stem = stem.replace('bolditalic', 'bi').replace('bold', 'bd').replace('italic', 'i').replace('regular', '').replace('mt', '')
    for mark, (weight, style) in _styles.items():
        family = _files.get(stem.removesuffix(mark) if mark else stem)
        if family and stem.endswith(mark):
            return manager.findfont(FontProperties(family=family, weight=weight, style=style), fallback_to_default=True)
    return None


def _no_tex():
    """Text that TeX would set is set by mathtext: no other program can be started."""
    import matplotlib
    from matplotlib import text

    set_item = matplotlib.RcParams.__setitem__

    def refuse_tex(self, key, value):
        if key == 'text.usetex' and value in (True, 1, 'true', 'True'):
            captured.remark('text.usetex is off here: formulas are set by mathtext, which knows most of their commands.')
            value = False
        set_item(self, key, value)

    matplotlib.RcParams.__setitem__ = refuse_tex
    set_usetex = text.Text.set_usetex
    text.Text.set_usetex = lambda self, usetex: set_usetex(self, False)


def _say_what_is_not_joined():
    from matplotlib import text

    set_text = text.Text.set_text

    @functools.wraps(set_text)
    def set_text_and_say(self, s):
        if isinstance(s, str) and _arabic.search(s):
            captured.remark('Matplotlib draws Arabic letters one by one, from left to right: they are not joined.')
        set_text(self, s)

    text.Text.set_text = set_text_and_say


def _with_fallback(original):
    """Takes characters that the requested font lacks from those for Chinese, Japanese and Korean, and for emoji, as desktop systems do."""

    @functools.wraps(original)
    def find(self, prop, fontext='ttf', *args, **kwargs):
        paths = original(self, prop, fontext, *args, **kwargs)
        if fontext != 'ttf':
            return paths
        fallback = _fallback_fonts(self)
        return [*paths, *(path for path in fallback if path not in paths)]

    return find


@functools.cache
def _fallback_fonts(manager):
    found = []
    for family in ('DejaVu Sans', 'Noto Sans CJK JP', 'Symbola'):
        try:
            found.append(manager.findfont(family, fallback_to_default=False))
        except ValueError:
            continue
    return found
