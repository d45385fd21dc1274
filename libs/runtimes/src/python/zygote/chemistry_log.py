"""What RDKit writes about the molecules that it cannot read."""
import re
import sys


class _Log:
    """Standard error that also keeps the beginning of what was written since `text` was cleared."""

    def __init__(self, stream):
        self.stream = stream
        self.text = ''

    def write(self, text):
        self.text = (self.text + text)[-4096:]
        return self.stream.write(text)

    def __getattr__(self, name):
        return getattr(self.stream, name)


_log = _Log(sys.stderr)


def install():
    """Keeps what RDKit writes from now on. Does nothing without RDKit."""
    if 'rdkit' not in sys.modules:
        return
    from rdkit import rdBase

    rdBase.LogToPythonStderr()
    _log.stream = sys.stderr
    sys.stderr = _log


def clear():
    _log.text = ''


def last_error():
    """RDKit's last error, without its time and its drawing of the place; empty where there is none."""
    entries = re.split(r'^\[\d\d:\d\d:\d\d\] ?', _log.text, flags=re.MULTILINE)[1:]
    return ' '.join(' '.join(_words(entry)) for entry in entries[-2:])[:1000]


def _words(entry):
    return [line.strip() for line in entry.splitlines() if line.strip(' ~^*')]
