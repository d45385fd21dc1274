"""Lets code that is written for newer releases of the libraries run with those of Debian 12. Each function adds what is missing and leaves
alone what is there, so that it does nothing where the libraries are new enough."""
import functools
import inspect


def install():
    for library in (_numpy, _pandas, _matplotlib, _seaborn):
        try:
            library()
        except ImportError:
            continue


def _alias(owner, **names):
    """Gives existing attributes of `owner` their newer names."""
    for newer, older in names.items():
        if not hasattr(owner, newer) and hasattr(owner, older):
            setattr(owner, newer, getattr(owner, older))


def _accepts(function, name):
    return name in inspect.signature(function).parameters


def _numpy():
    """NumPy 2.0 (release notes, "New Python API functions" and "np.bool")."""
    import numpy

    _alias(
        numpy,
        trapezoid='trapz',
        concat='concatenate',
        permute_dims='transpose',
        pow='power',
        acos='arccos',
        acosh='arccosh',
        asin='arcsin',
        asinh='arcsinh',
        atan='arctan',
        atanh='arctanh',
        atan2='arctan2',
        bool='bool_',
        long='int_',
        strings='char',
    )
    if not hasattr(numpy, 'astype'):
        numpy.astype = lambda x, dtype, copy=True: x.astype(dtype, copy=copy)
    if not hasattr(numpy, 'matrix_transpose'):
        numpy.matrix_transpose = lambda x: numpy.swapaxes(x, -1, -2)
    if not hasattr(numpy, 'cumulative_sum'):
        numpy.cumulative_sum = _cumulative(numpy.cumsum)
    if not hasattr(numpy, 'cumulative_prod'):
        numpy.cumulative_prod = _cumulative(numpy.cumprod)
    if not hasattr(numpy, 'unstack'):
        numpy.unstack = lambda x, axis=0: tuple(numpy.moveaxis(x, axis, 0))


def _cumulative(older):
    return lambda x, axis=None, dtype=None, out=None: older(x, axis=axis, dtype=dtype, out=out)


def _pandas():
    """pandas 2.1 (DataFrame.map) and 2.2 (aliases of offsets: "ME", "QE", "YE" and those that are made of them)."""
    import pandas
    from pandas._libs.tslibs import offsets

    _alias(pandas.DataFrame, map='applymap')
    aliases = getattr(offsets, '_lite_rule_alias', None)
    if aliases is not None and not _is_offset(pandas, 'ME'):
        aliases.update({'ME': 'M', 'QE': 'Q-DEC', 'YE': 'A-DEC', 'BME': 'BM', 'BQE': 'BQ-DEC', 'BYE': 'BA-DEC', 'YS': 'AS-JAN'})


def _is_offset(pandas, alias):
    try:
        pandas.tseries.frequencies.to_offset(alias)
        return True
    except ValueError:
        return False


def _matplotlib():
    """Matplotlib 3.7 (`bar_label` formats of str.format, `legend_handles`), 3.8 (`ecdf`) and 3.9 (`tick_labels`)."""
    import matplotlib
    from matplotlib import axes, legend, pyplot

    if not _accepts(axes.Axes.boxplot, 'tick_labels'):
        axes.Axes.boxplot = _with_tick_labels(axes.Axes.boxplot)
        pyplot.boxplot = _with_tick_labels(pyplot.boxplot)
    if tuple(map(int, matplotlib.__version__.split('.')[:2])) < (3, 7):
        # Newer releases set this attribute in each legend, which a property would forbid.
        legend.Legend.legend_handles = property(lambda self: self.legendHandles)
        axes.Axes.bar_label = _with_new_formats(axes.Axes.bar_label)
    if not hasattr(axes.Axes, 'ecdf'):
        axes.Axes.ecdf = _ecdf
        pyplot.ecdf = lambda x, *args, **kwargs: pyplot.gca().ecdf(x, *args, **kwargs)


def _with_tick_labels(original):
    @functools.wraps(original)
    def boxplot(*args, tick_labels=None, **kwargs):
        if tick_labels is not None:
            kwargs['labels'] = tick_labels
        return original(*args, **kwargs)

    return boxplot


def _with_new_formats(original):
    @functools.wraps(original)
    def bar_label(self, container, labels=None, *, fmt='%g', **kwargs):
        form = fmt if callable(fmt) else fmt.format if '{' in fmt else None
        if form is not None and labels is None:
            labels = [form(value) for value in container.datavalues]
        return original(self, container, labels, **kwargs) if form else original(self, container, labels, fmt=fmt, **kwargs)

    return bar_label


def _ecdf(self, x, weights=None, *, complementary=False, orientation='vertical', compress=False, **kwargs):
    """The empirical cumulative distribution as a step line."""
    import numpy

    values = numpy.asarray(x).ravel()
    order = numpy.argsort(values)
    steps = numpy.cumsum(numpy.ones(len(values)) if weights is None else numpy.asarray(weights)[order], dtype=float)
    shares = steps / steps[-1]
    values = values[order]
    if complementary:
        shares = numpy.concatenate([[1], 1 - shares])
        values = numpy.concatenate([values, values[-1:]])
    else:
        shares = numpy.concatenate([[0], shares])
        values = numpy.concatenate([values[:1], values])
    is_vertical = orientation == 'vertical'
    style = 'steps-pre' if complementary == is_vertical else 'steps-post'
    points = (values, shares) if is_vertical else (shares, values)
    return self.plot(*points, drawstyle=style, **kwargs)[0]


_categorical_plots = ('barplot', 'boxplot', 'violinplot', 'stripplot', 'swarmplot', 'boxenplot', 'pointplot', 'countplot')


def _seaborn():
    """seaborn 0.13: `legend`, `err_kws`, `density_norm` and others of the categorical plots, and a hue that repeats an axis."""
    import seaborn

    if _accepts(seaborn.barplot, 'legend'):
        return
    for name in _categorical_plots:
        setattr(seaborn, name, _categorical(getattr(seaborn, name)))


def _categorical(original):
    takes = inspect.signature(original).parameters

    @functools.wraps(original)
    def plot(data=None, *args, legend='auto', **kwargs):
        for name in ('native_scale', 'formatter', 'log_scale', 'inner_kws', 'gap', 'fill'):
            kwargs.pop(name, None)
        _rename_error_bars(kwargs, takes)
        for newer, older in (('density_norm', 'scale'), ('bw_method', 'bw'), ('width_method', 'scale')):
            if newer in kwargs and newer not in takes:
                kwargs[older] = kwargs.pop(newer)
        if 'dodge' in takes and (kwargs.get('dodge') == 'auto' or 'dodge' not in kwargs):
            kwargs.pop('dodge', None)
            if _hue_repeats_an_axis(kwargs):
                kwargs['dodge'] = False
                legend = False if legend == 'auto' else legend
        axes = original(data, *args, **kwargs)
        if not legend and axes.get_legend() is not None:
            axes.get_legend().remove()
        return axes

    return plot


def _rename_error_bars(kwargs, takes):
    style = kwargs.pop('err_kws', None) or {}
    if 'errcolor' in takes and 'color' in style:
        kwargs['errcolor'] = style['color']
    if 'errwidth' in takes and 'linewidth' in style:
        kwargs['errwidth'] = style['linewidth']


def _hue_repeats_an_axis(kwargs):
    hue = kwargs.get('hue')
    if hue is None:
        return False
    return any(hue is kwargs.get(axis) or _equal(hue, kwargs.get(axis)) for axis in ('x', 'y'))


def _equal(hue, other):
    if other is None or isinstance(hue, str) != isinstance(other, str):
        return False
    if isinstance(hue, str):
        return hue == other
    try:
        return list(hue) == list(other)
    except TypeError:
        return False
