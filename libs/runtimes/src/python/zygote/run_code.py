"""Runs a program as the main module and returns its image."""
import os
import sys
import types

import capture
import failure
import notebook


def render(job, folder, root):
    """The head of the answer to a job, and the image. The code runs in `folder`; all folders that it may write to are below `root`."""
    code = job['code'].removeprefix('\ufeff')
    path = os.path.join(folder, 'code.py')
    capture.captured.code_bytes = len(code.encode('utf-8', 'surrogatepass'))
    main = types.ModuleType('__main__')
    main.__file__ = path
    sys.modules['__main__'] = main
    sys.argv = [path]
    sys.path.insert(0, folder)
    try:
        with open(path, 'w', encoding='utf-8', errors='surrogatepass') as file:
            file.write(code)
        try:
            program = _compile(code, path)
        except (ValueError, RecursionError, MemoryError) as error:
            return _failed('syntax', f'{type(error).__name__}: {error}')
        failure.watch()
        exit_code = _run(program, main.__dict__)
        image = capture.final_image(main.__dict__, root)
    except BaseException as error:
        return _failed(*failure.of(error, path, code))
    if image is None:
        return _failed(*_nothing(exit_code))
    head, content = image
    return {'status': 'ok', 'remarks': capture.captured.remarks[:5], **head}, content


def _compile(code, path):
    try:
        return compile(code, path, 'exec', dont_inherit=True)
    except SyntaxError:
        plain = notebook.without_magics(code)
        if plain is None:
            raise
        program = compile(plain, path, 'exec', dont_inherit=True)
    capture.captured.remark('Lines that only a notebook reads are left out: those that begin with % or !.')
    return program


def _run(program, namespace):
    try:
        exec(program, namespace)
    except SystemExit as end:
        return end.code
    return None


def _nothing(exit_code):
    remarks = ''.join(f'\n{remark}' for remark in capture.captured.remarks[:5])
    if exit_code not in (None, 0):
        return 'runtime', f'The code ended itself with {exit_code!r} and drew nothing.{remarks}'
    return 'empty', f'The code ran to its end and drew nothing: make a figure and save or show it.{remarks}'


def _failed(kind, message):
    return {'status': 'failed', 'kind': kind, 'message': message[:4096]}, b''
