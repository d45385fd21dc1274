"""Describes failures in words that help to repair the code."""
import errno
import re
import socket
import sys
import traceback

import chemistry_log
import images
import libraries

_refusals = {
    'network': 'There is no network here: put the data into the code itself.',
    'program': 'No other program can be started here: draw with the Python libraries alone.',
    'file': 'Files can be written in the working folder only, and there are no others.',
}
_attempts = {
    'socket.connect': 'network',
    'socket.getaddrinfo': 'network',
    'socket.gethostbyname': 'network',
    'socket.__new__': 'network',
    'urllib.Request': 'network',
    'subprocess.Popen': 'program',
    'os.system': 'program',
    'os.exec': 'program',
    'os.fork': 'program',
    'os.forkpty': 'program',
    'os.posix_spawn': 'program',
}
_refused = (errno.EPERM, errno.EACCES, errno.EROFS)
_max_frames = 6

# What an error says where code was written for another version of a library.
_of_another_version = re.compile('unexpected keyword argument|has no attribute|cannot import name')

_last_attempt = None


def watch():
    """Records what the code attempts and the kernel will refuse."""

    def note(event, _):
        global _last_attempt
        attempt = _attempts.get(event)
        if attempt:
            _last_attempt = attempt

    sys.addaudithook(note)


def of(error, path, code):
    """Kind and message of an error that the code, run as the file `path`, raised."""
    if isinstance(error, images.TooLarge):
        return 'too-large', str(error)
    if isinstance(error, SyntaxError) and error.filename in (path, None):
        return 'syntax', _syntax(error, code)
    text = _text_of(error)
    frames = _frames(error, path, code)
    if isinstance(error, MemoryError) or isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return 'memory', f'{text}\nThe code asked for more memory than a render may have: draw less.\n{frames}'
    refusal = _refusal(error)
    if refusal:
        return 'blocked', f'{refusal}\n{text}\n{frames}'
    if isinstance(error, FileNotFoundError):
        text += '\nThe only files here are those that the code writes.'
    return 'runtime', '\n'.join(part for part in (text, _advice(error, text), frames) if part)


def _advice(error, text):
    if isinstance(error, ModuleNotFoundError):
        return f'It is not installed. These are: {libraries.described()}.'
    if isinstance(error, (AttributeError, ImportError, TypeError)) and _of_another_version.search(text):
        return f'The libraries here are {libraries.described()}: write for these versions.'
    if 'Null molecule' in text or 'NoneType' in text:
        error = chemistry_log.last_error()
        return f'RDKit says: {error}' if error else ''
    return ''


def _syntax(error, code):
    if error.lineno is None:
        return f'{type(error).__name__}: {error}'
    lines = code.splitlines()
    line = lines[error.lineno - 1] if 0 < error.lineno <= len(lines) else error.text or ''
    return f'{type(error).__name__}: {error.msg}\n  line {error.lineno}: {line.strip()[:300]}'


def _text_of(error):
    text = ''.join(traceback.format_exception_only(type(error), error)).strip()
    return text if len(text) <= 1000 else f'{text[:500]}\n[...]\n{text[-450:]}'


def _frames(error, path, code):
    """The lines of the code that led to the error, outermost first."""
    lines = code.splitlines()
    own = [(number, frame.f_code.co_name) for frame, number in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == path]
    if len(own) > _max_frames:
        own = [*own[: _max_frames // 2], None, *own[-_max_frames // 2 :]]
    return '\n'.join('  ...' if location is None else _frame(*location, lines) for location in own)


def _frame(number, function, lines):
    where = '' if function == '<module>' else f' in {function}'
    text = lines[number - 1].strip()[:200] if 0 < number <= len(lines) else ''
    return f'  line {number}{where}: {text}'


def _refusal(error):
    causes = list(_chain(error))
    refused = [cause for cause in causes if isinstance(cause, OSError) and cause.errno in _refused]
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return _refusals['network']
    if not refused:
        return None
    if _last_attempt:
        return _refusals[_last_attempt]
    return _refusals['file'] if any(cause.filename for cause in refused) else None


def _chain(error):
    seen = set()
    waiting = [error]
    while waiting:
        cause = waiting.pop()
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, getattr(cause, 'reason', None)]
