"""What a drawn figure of matplotlib holds besides its pixels: bitmaps, and whether there is any data."""
import zlib

_grid = 100
# What is smaller draws no more than a dot.
_min_bitmap_bytes = 384
_max_values = 4_000_000


def bitmap_share(figure, renderer, code_bytes):
    """Share of the figure's area that images of given colors cover which the code can hold, 0..1.

    Images of numbers, which a colormap colors, do not count, and neither do those that cannot be packed into as many bytes as the code
    has: they are computed.
    """
    import numpy
    from matplotlib.image import _ImageBase

    covered = numpy.zeros((_grid, _grid), bool)
    for image in figure.findobj(_ImageBase):
        if image.get_visible() and _is_held(image.get_array(), code_bytes):
            x0, x1, y0, y1 = _edges(image, renderer)
            left, right = _cells(x0, x1, renderer.width)
            bottom, top = _cells(y0, y1, renderer.height)
            covered[bottom:top, left:right] = True
    return float(covered.mean())


def _is_held(array, code_bytes):
    import numpy

    if array is None or array.ndim != 3:
        return False
    step = max(1, round((array.size / _max_values) ** 0.5))
    colors = numpy.asarray(array)[::step, ::step]
    levels = colors if colors.dtype == numpy.uint8 else (colors * 255).astype(numpy.uint8)
    return _min_bitmap_bytes < len(zlib.compress(levels.tobytes())) <= code_bytes


def _edges(image, renderer):
    from matplotlib.image import FigureImage

    if isinstance(image, FigureImage):
        return image.get_extent()
    box = image.get_window_extent(renderer)
    return box.x0, box.x1, box.y0, box.y1


def _cells(start, end, side):
    """The cells of the grid whose middles lie between two places."""
    low, high = sorted((start, end))
    return tuple(min(_grid, max(0, round(edge / side * _grid))) for edge in (low, high))


def is_without_data(figure):
    """Whether there are axes and nothing is drawn in any."""
    return bool(figure.axes) and not figure.images and not any(_has_data(axes) for axes in figure.axes)


def _has_data(axes):
    artists = [*axes.lines, *axes.patches, *axes.collections, *axes.images, *axes.texts, *axes.tables, *axes.artists]
    if axes.get_legend() or not axes.axison or hasattr(axes, 'get_zlim'):
        return True
    return any(_is_visible(artist) for artist in artists)


def _is_visible(artist):
    from matplotlib.collections import PathCollection
    from matplotlib.lines import Line2D

    if isinstance(artist, Line2D):
        return len(artist.get_xydata()) > 0
    return len(artist.get_offsets()) > 0 if isinstance(artist, PathCollection) else True
