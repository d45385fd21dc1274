"""Captures what the code draws, by wrapping the functions of the libraries that save and show. The code itself is unchanged."""
import functools
import io
import os
import sys
import time
import weakref

import figure_content
import images

_real_time_ns = time.time_ns
_white_pixel = bytes.fromhex(
    '89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de'
    '0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082'
)
_file_endings = ('.png', '.svg', '.jpg', '.jpeg', '.gif', '.webp', '.bmp')


class Captured:
    """What one render has saved and shown so far."""

    def __init__(self):
        self.saved = None
        self.saved_at = 0
        self.shown = None
        self.remarks = []
        self.code_bytes = 0
        self._quiet = False

    def save(self, image):
        if self._quiet:
            return
        self.saved = image
        self.saved_at = _real_time_ns()

    def remark(self, text):
        if text not in self.remarks:
            self.remarks.append(text)

    def show(self, render):
        """`render` makes the image when it is needed."""
        self.shown = render

    def quietly(self, work, *args, **kwargs):
        """Does work that is part of a save: what it saves, and the files that it writes, are not captured."""
        was_quiet, self._quiet = self._quiet, True
        try:
            return work(*args, **kwargs)
        finally:
            self._quiet = was_quiet
            self.saved_at = _real_time_ns()

    @property
    def is_quiet(self):
        return self._quiet

    def image_from(self, work):
        """The image that `work` saves, which does not count as saved by the code."""
        before = self.saved, self.saved_at, self.shown
        self.saved = self.shown = None
        try:
            work()
            return self.saved
        finally:
            self.saved, self.saved_at, self.shown = before


captured = Captured()


def write(filename, data):
    """Writes what the code wants to write. A folder that is missing or read-only does not lose the image."""
    if hasattr(filename, 'write'):
        filename.write(data)
        return
    try:
        with open(filename, 'wb') as file:
            file.write(data)
    except OSError as error:
        captured.remark(f'Not written: {error}')


def install():
    for library in (_matplotlib, _pillow, _plotly):
        try:
            library()
        except ImportError:
            pass


def final_image(namespace, root):
    """The image of the render: the last one saved by a library or written to a file below `root`, else the last one shown, else the
    newest open figure, else the last one in a variable. None if nothing was drawn."""
    for file in _files_since(root, captured.saved_at):
        try:
            return images.from_file(file)
        except OSError as error:
            captured.remark(f'Not an image: {error}')
    if captured.saved:
        return captured.saved
    if captured.shown:
        return captured.shown()
    return _open_figure() or _image_in(namespace)


def _files_since(root, moment):
    """Image files below the folder written after the moment (ns), the newest first."""
    found = []
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            if name.lower().endswith(_file_endings) and os.lstat(path).st_mtime_ns > moment:
                found.append((os.lstat(path).st_mtime_ns, path))
    return [path for _, path in sorted(found, reverse=True)]


# matplotlib


def _matplotlib():
    import matplotlib
    from matplotlib import animation, backend_bases, figure, pyplot
    from matplotlib.backends import backend_agg

    pyplot.switch_backend('agg')
    canvas = backend_bases.FigureCanvasBase
    canvas.print_figure = _print_figure(canvas.print_figure)
    backend_agg.FigureCanvasAgg.print_png = _print_png
    figure.Figure.show = lambda self, warn=True: _show_figure(self)
    pyplot.show = _show_all
    pyplot.pause = lambda interval: _show_all(block=False)
    animation.Animation.__init__ = _registered(animation.Animation.__init__)
    animation.Animation.save = _save_animation
    animation.Animation.to_html5_video = animation.Animation.to_jshtml = _animation_as_page
    matplotlib.use = lambda backend, *args, **kwargs: None
    pyplot.switch_backend = lambda newbackend: None


def _print_png(self, filename_or_obj, *args, **kwargs):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    images.check_size(*self.get_width_height())
    FigureCanvasAgg.draw(self)
    renderer = self.get_renderer()
    image = images.from_rgba(renderer.buffer_rgba(), int(renderer.width), int(renderer.height))
    _describe(self.figure, renderer, image[0])
    write(filename_or_obj, image[1])
    if _is_blank(self.figure) and captured.shown:
        image = captured.shown()
    captured.save(image)


def _describe(figure, renderer, head):
    """Adds what the figure holds to the answer. Code may have changed a figure in a way that nobody foresaw: then nothing is known."""
    try:
        head['bitmapShare'] = figure_content.bitmap_share(figure, renderer, captured.code_bytes)
        if figure_content.is_without_data(figure):
            captured.remark('The axes are empty: no data is drawn in them.')
    except Exception:
        head['bitmapShare'] = None


_movies = weakref.WeakKeyDictionary()
_rendered_formats = ('png', 'raw', 'rgba')
_shared_arguments = ('dpi', 'facecolor', 'edgecolor', 'orientation', 'bbox_inches', 'pad_inches', 'bbox_extra_artists')


def _print_figure(original):
    @functools.wraps(original)
    def print_figure(self, filename, dpi=None, facecolor=None, edgecolor=None, orientation='portrait', **kwargs):
        common = {'dpi': dpi, 'facecolor': facecolor, 'edgecolor': edgecolor, 'orientation': orientation}
        if captured.is_quiet or _format_of(self, filename, kwargs) in _rendered_formats:
            return original(self, filename, **common, **kwargs)
        layout = {name: value for name, value in kwargs.items() if name in _shared_arguments}
        original(self, io.BytesIO(), **common, **layout, format='png')
        return captured.quietly(_print_elsewhere, original, self, filename, {**common, **kwargs})

    return print_figure


def _print_elsewhere(original, canvas, filename, arguments):
    try:
        return original(canvas, filename, **arguments)
    except OSError as error:
        captured.remark(f'Not written: {error}')


def _format_of(canvas, filename, kwargs):
    is_path = isinstance(filename, (str, os.PathLike))
    ending = os.path.splitext(os.fspath(filename))[1][1:] if is_path else ''
    return (kwargs.get('format') or ending or canvas.get_default_filetype()).lower()


def _is_blank(figure):
    return len(figure.get_children()) <= 1


def _image_of(figure):
    movie = _movies.get(figure)
    if movie:
        _draw_first_frame(movie)
    return captured.image_from(lambda: figure.savefig(io.BytesIO(), format='png'))


def _show_figure(figure):
    captured.show(functools.partial(_image_of, figure))


def _show_all(*args, block=None, **kwargs):
    """Shows the current figure. It is closed as its window would be, so that the next plot starts with a new one."""
    import matplotlib
    from matplotlib import pyplot

    if not pyplot.get_fignums():
        return
    _show_figure(pyplot.gcf())
    if block is not False and not (block is None and matplotlib.is_interactive()):
        pyplot.close('all')


def _open_figure():
    pyplot = sys.modules.get('matplotlib.pyplot')
    if pyplot is None or not pyplot.get_fignums():
        return None
    return _image_of(pyplot.figure(max(pyplot.get_fignums())))


def _save_animation(self, filename, *args, dpi=None, savefig_kwargs=None, extra_anim=None, **kwargs):
    """The image of an animation is its first frame; the others are not drawn."""
    import matplotlib

    for movie in [self, *(other for other in extra_anim or () if other._fig is self._fig)]:
        _draw_first_frame(movie)
    with matplotlib.rc_context({'savefig.bbox': None}):
        options = {name: value for name, value in (savefig_kwargs or {}).items() if name in ('facecolor', 'edgecolor')}
        self._fig.savefig(io.BytesIO(), format='png', dpi=dpi, **options)


def _draw_first_frame(movie):
    movie._draw_was_started = True
    movie._init_draw()
    for frame in movie.new_saved_frame_seq():
        movie._draw_next_frame(frame, blit=False)
        break


def _registered(original):
    @functools.wraps(original)
    def init(self, fig, *args, **kwargs):
        original(self, fig, *args, **kwargs)
        _movies[fig] = self

    return init


def _animation_as_page(self, *args, **kwargs):
    _save_animation(self, None)
    return ''


# Pillow, which makes RDKit's images too


def _pillow():
    from PIL import Image, ImageShow

    Image.Image.save = _save_image
    Image.Image.show = lambda self, *args, **kwargs: captured.show(functools.partial(images.from_image, self.copy()))
    ImageShow.show = lambda image, *args, **kwargs: image.show()


def _save_image(self, fp, format=None, **params):
    if not captured.is_quiet:
        captured.save(images.from_image(self))
    try:
        return captured.quietly(images.save_image, self, fp, format, **params)
    except OSError as error:
        if hasattr(fp, 'write') or error.errno is None:
            raise
        captured.remark(f'Not written: {error}')


# Plotly


def _plotly():
    import plotly.basedatatypes
    import plotly.io
    import plotly.offline

    figure = plotly.basedatatypes.BaseFigure
    figure.write_image = _save_plotly
    figure.to_image = _plotly_bytes
    figure.write_html = lambda self, *args, **kwargs: captured.save(images.from_plotly(self))
    figure.show = lambda self, *args, **kwargs: captured.show(functools.partial(images.from_plotly, self))
    for module in (plotly.io, sys.modules.get('plotly.io._kaleido')):
        if module:
            module.write_image = lambda fig, *args, **kwargs: _as_figure(fig).write_image(*args, **kwargs)
            module.to_image = lambda fig, *args, **kwargs: _as_figure(fig).to_image(*args, **kwargs)
    plotly.io.write_html = lambda fig, *args, **kwargs: _as_figure(fig).write_html()
    plotly.io.show = lambda fig, *args, **kwargs: _as_figure(fig).show()
    for module in (plotly.offline, plotly.offline.offline):
        module.plot = lambda fig, *args, **kwargs: _as_figure(fig).write_html()
        module.iplot = lambda fig, *args, **kwargs: _as_figure(fig).show()


def _as_figure(figure):
    from plotly.graph_objects import Figure

    return figure if hasattr(figure, 'to_json') else Figure(figure)


def _save_plotly(self, file=None, format=None, scale=None, width=None, height=None, *args, **kwargs):
    captured.save(images.from_plotly(self, width, height, scale))
    if hasattr(file, 'write'):
        file.write(_white_pixel)


def _plotly_bytes(self, format=None, width=None, height=None, scale=None, *args, **kwargs):
    """Returns one white pixel: the image itself is rendered outside of this process, once the code has ended."""
    captured.save(images.from_plotly(self, width, height, scale))
    return _white_pixel


def _image_in(namespace):
    for value in reversed(list(namespace.values())):
        kinds = {f'{base.__module__}.{base.__name__}' for base in type(value).__mro__}
        if 'plotly.basedatatypes.BaseFigure' in kinds:
            return images.from_plotly(value)
        if 'matplotlib.figure.Figure' in kinds and not _is_blank(value):
            return _image_of(value)
        if 'PIL.Image.Image' in kinds:
            return images.from_image(value)
    return None
