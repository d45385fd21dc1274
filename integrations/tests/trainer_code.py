"""The code of a trainer, for the tests of its adapters: what is installed, else a checkout, else what follows it here.

PENTIMENTO_TRAINER_SOURCES names a folder of checkouts. Of these the test's own modules run; parent packages are left
empty, and what only other parts need is stood in for.
"""
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import pathlib
import sys
import types

SOURCES = os.environ.get('PENTIMENTO_TRAINER_SOURCES', '')


class StandIn(types.ModuleType):
    """A module of which every name is an empty class."""

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        if name.endswith(('Error', 'Exception', 'Timeout')):
            base = Exception
        else:
            base = importlib.import_module('pydantic').BaseModel
        setattr(self, name, type(name, (base,), {}))
        return getattr(self, name)


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds stand-ins, and packages whose own `__init__` does not run."""

    def __init__(self, root, empty, absent):
        self.root, self.empty, self.absent = root, empty, absent

    def find_spec(self, name, path=None, target=None):
        if name in self.empty:
            spec = importlib.machinery.ModuleSpec(name, self, is_package=True)
            spec.submodule_search_locations.append(str(self.root.joinpath(*name.split('.'))))
            return spec
        if any(name == absent or name.startswith(f'{absent}.') for absent in self.absent):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return StandIn(spec.name)

    def exec_module(self, module):
        pass


def is_installed(name):
    """Whether there is such a package. A mere folder of this name is none."""
    spec = importlib.util.find_spec(name.split('.')[0])
    return spec is not None and spec.origin is not None


def provide(package, folder, follower, empty=(), absent=()):
    """Makes `package` importable. True where it is the trainer's own code, and False where it is the follower's."""
    if is_installed(package):
        return True
    root = pathlib.Path(SOURCES, folder)
    if not SOURCES or not root.is_dir():
        importlib.import_module(follower)
        return False
    sys.path.insert(0, str(root))
    own = [name for name in absent if name.startswith(f'{package}.')]
    sys.meta_path.insert(0, StandIns(root, empty, [*own, *(name for name in absent if not is_installed(name))]))
    return True
