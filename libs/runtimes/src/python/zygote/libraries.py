"""Imports what code may need once, and draws with it once, so that everything is warm for a render."""
import hashlib
import importlib.util
import io
import os
import sys
import warnings

_wanted = [
    'numpy',
    'scipy.stats',
    'scipy.interpolate',
    'scipy.signal',
    'scipy.ndimage',
    'scipy.optimize',
    'scipy.cluster.hierarchy',
    'scipy.spatial',
    'pandas',
    'PIL.Image',
    'PIL.ImageDraw',
    'matplotlib',
    'matplotlib.pyplot',
    'matplotlib.animation',
    'mpl_toolkits.mplot3d',
    'mpl_toolkits.axes_grid1',
    'seaborn',
    'networkx',
    'plotly.graph_objects',
    'plotly.express',
    'plotly.subplots',
    'plotly.offline',
    'plotly.figure_factory',
    'rdkit.Chem.AllChem',
    'rdkit.Chem.Draw',
    'rdkit.Chem.Draw.rdMolDraw2D',
    'indigo',
    'indigo_renderer',
]

# Rarely needed, and slow to import.
_loaded_by_code = ['sklearn', 'statsmodels', 'matplotlib_venn', 'squarify', 'wordcloud']


def load():
    """Imports the libraries. One that is not installed, or fails to import, counts as absent."""
    form = warnings.formatwarning
    warnings.simplefilter('ignore')
    for name in _wanted:
        preload(name)
    warnings.resetwarnings()
    warnings.formatwarning = form
    warnings.simplefilter('default', UserWarning)
    if 'indigo_renderer' in sys.modules:
        # In Indigo's own packages the renderer is a submodule of `indigo`, in Debian's a module of its own.
        sys.modules.setdefault('indigo.renderer', sys.modules['indigo_renderer'])


def preload(name):
    try:
        importlib.import_module(name)
    except Exception:
        return


def described():
    """The libraries in words, with the versions of those that are loaded."""
    loaded = {name: version for name, version in _loaded().items() if name != 'PIL'}
    others = [name for name in _loaded_by_code if importlib.util.find_spec(name)]
    return ', '.join([*(f'{name} {version}' for name, version in loaded.items()), *others])


def _loaded():
    names = sorted({wanted.split('.')[0] for wanted in _wanted})
    found = {name: getattr(sys.modules.get(name), '__version__', None) for name in names}
    return {name: str(version) for name, version in found.items() if version}


def versions():
    """Versions of Python and of the libraries that have one, by name. `fonts` is a digest of the fonts that matplotlib found."""
    found = {'python': '.'.join(map(str, sys.version_info[:3])), **_loaded()}
    if 'matplotlib' in found:
        from matplotlib import font_manager, ft2font

        found['freetype'] = ft2font.__freetype_version__
        fonts = sorted(f'{entry.fname} {os.path.getsize(entry.fname)}' for entry in font_manager.fontManager.ttflist)
        found['fonts'] = hashlib.sha256('\n'.join(fonts).encode()).hexdigest()[:12]
    return found


def warm_up():
    for warm in (_warm_matplotlib, _warm_seaborn, _warm_plotly, _warm_rdkit):
        try:
            warm()
        except Exception:  # A library that is absent, or does not work here, does not matter to the others.
            continue


def _warm_matplotlib():
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(4, 3))
    left.plot([1, 2, 3], [1, 4, 9], 'o-', label=r'$x^2 + \frac{1}{2}$')
    left.set(title='Warm', xlabel='text', ylabel=r'$\alpha_1$')
    left.legend()
    left.grid(True)
    right.bar(['a', 'b'], [1, 2])
    right.imshow([[0, 1], [1, 0]])
    right.text(0, 0, '\u6c34', weight='bold')
    figure.tight_layout()
    figure.savefig(io.BytesIO(), format='png')
    pyplot.close('all')
    surface = pyplot.figure(figsize=(2, 2))
    surface.add_subplot(projection='3d').plot([0, 1], [0, 1], [0, 1])
    surface.savefig(io.BytesIO(), format='png')
    pyplot.close('all')


def _warm_seaborn():
    import seaborn
    from matplotlib import pyplot

    seaborn.heatmap([[0, 1], [1, 0]], annot=True)
    pyplot.savefig(io.BytesIO(), format='png')
    pyplot.close('all')


def _warm_plotly():
    import plotly.express

    plotly.express.scatter(x=[1, 2], y=[1, 2]).to_json()


def _warm_rdkit():
    from rdkit import Chem
    from rdkit.Chem import Draw

    Draw.MolToImage(Chem.MolFromSmiles('c1ccccc1O'))
