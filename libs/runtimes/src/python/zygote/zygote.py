"""
Runs inside the sandbox: imports the libraries once, and forks an isolated process for each render.

Its only argument is JSON: `filter` (classic BPF in base64, empty for none), `sandboxed` (whether to make namespaces), `maxSide` and
`maxPixels` of an image, and the limits of a render: `memoryBytes`, `fileBytes`, `temporaryBytes`.

Frames on stdin and stdout are those of frames.ts in libs/sandbox. In: a job as JSON, or an empty frame that cancels the running job.
Out: first a greeting as JSON, then one frame per job: the length of a head (four bytes), the head as JSON (`end`, `signal`, `exit`,
`log`), and what the render process wrote, which is untrusted: the length of its own head, that head, the image.
"""
import base64
import gc
import json
import os
import select
import shutil
import signal
import struct
import sys
import tempfile
import time
import traceback

import isolate

_monotonic = time.monotonic
_log_bytes = 4096
_results_bytes = 64 * 1024 * 1024


def main():
    settings = json.loads(sys.argv[1])
    seccomp_filter = base64.b64decode(settings['filter'])
    own_processes = isolate.enter_own_namespaces() if settings['sandboxed'] else None
    os.environ['MATPLOTLIBRC'] = os.path.join(os.path.dirname(__file__), 'matplotlibrc')
    answers = os.dup(1)
    os.dup2(2, 1)
    import capture
    import chemistry_log
    import determinism
    import fonts
    import images
    import libraries
    import newer_spellings
    import notebook
    import run_code
    del run_code  # Loaded for the renders, which import it again.

    images.max_side, images.max_pixels = settings['maxSide'], settings['maxPixels']
    libraries.load()
    for module in (capture, fonts, newer_spellings, notebook, chemistry_log):
        module.install()
    libraries.warm_up()
    libraries.preload('molecule')
    capture.captured.__init__()
    versions = libraries.versions()
    determinism.install()
    sys.path.pop(0)
    gc.collect()
    gc.freeze()
    zygote = Zygote(settings, seccomp_filter, own_processes, answers)
    if own_processes is None:
        isolate.hide_memory()  # The render processes see the same /proc.
    zygote.send(json.dumps({'versions': versions, 'reusable': own_processes is not None or not settings['sandboxed']}).encode())
    zygote.serve()


class Zygote:
    def __init__(self, settings, seccomp_filter, own_processes, answers):
        self._settings = settings
        self._filter = seccomp_filter
        self._own_processes = own_processes
        self._answers = answers
        self._files = {number: file for number, file in isolate.open_files().items() if number > 2}
        self._memory = isolate.address_space() + settings['memoryBytes']

    def serve(self):
        """Serves until the other end closes the pipe. The next render process is forked before its job arrives."""
        while True:
            child = Child(self)
            job = self.receive()
            while job == b'':
                job = self.receive()
            if job is None:
                child.kill()
                return
            if child.is_gone():
                child.kill()
                child = Child(self)
            self.send(child.render(job, json.loads(job)['seconds']))

    def send(self, payload):
        view = memoryview(struct.pack('>I', len(payload)) + payload)
        while view:
            view = view[os.write(self._answers, view) :]

    def receive(self):
        """The next frame; None at the end."""
        head = _read_exactly(0, 4)
        return None if head is None else _read_exactly(0, struct.unpack('>I', head)[0])


class Child:
    """A render process, isolated and waiting for its job."""

    def __init__(self, zygote):
        self._zygote = zygote
        jobs, self._jobs = os.pipe()
        self._result = os.memfd_create('result')
        self._errors = os.memfd_create('errors')
        settings = zygote._settings
        self._folder = '/tmp/code' if zygote._own_processes is not None else tempfile.mkdtemp(prefix='code')
        self._pid = isolate.fork_into_namespace(zygote._own_processes)
        if self._pid == 0:
            os.close(self._jobs)
            _be_render_process(zygote, settings, self._folder, jobs, self._result, self._errors)
        os.close(jobs)
        self._process = os.pidfd_open(self._pid)

    def render(self, job, seconds):
        """The frame that answers a job. The job ends after the seconds."""
        deadline = _monotonic() + seconds
        end = 'done'
        try:
            _write_all(self._jobs, job)
            os.close(self._jobs)
            end = self._wait(deadline)
        except BrokenPipeError:
            os.close(self._jobs)
        status = self._end()
        head = {
            'end': end,
            'signal': -status if status < 0 else None,
            'exit': status if status >= 0 else None,
            'log': _tail(self._errors).decode('utf-8', 'replace'),
        }
        head = json.dumps(head).encode()
        result = _contents(self._result) if end == 'done' else b''
        os.close(self._result)
        os.close(self._errors)
        return struct.pack('>I', len(head)) + head + result

    def is_gone(self):
        """Whether it ended before its job arrived. The kernel kills it when memory is short."""
        poll = select.poll()
        poll.register(self._process, select.POLLIN)
        return bool(poll.poll(0))

    def kill(self):
        for descriptor in (self._jobs, self._result, self._errors):
            os.close(descriptor)
        self._end()

    def _wait(self, deadline):
        poll = select.poll()
        poll.register(self._process, select.POLLIN)
        poll.register(0, select.POLLIN)
        while True:
            events = dict(poll.poll(max(0, (deadline - _monotonic()) * 1000)))
            if self._process in events:
                return 'done'
            if not events:
                return 'deadline'
            if self._zygote.receive() in (b'', None):
                return 'canceled'

    def _end(self):
        """Kills the process with all its descendants, and waits until it is gone."""
        try:
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        except ProcessLookupError:
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        os.close(self._process)
        if self._zygote._own_processes is None:
            shutil.rmtree(self._folder, ignore_errors=True)
        return status


def _be_render_process(zygote, settings, folder, jobs, result, errors):
    """Never returns."""
    try:
        if zygote._own_processes is not None:
            isolate.mount_private_folders(settings['temporaryBytes'])
            os.mkdir(folder)
            os.mkdir(os.environ['MPLCONFIGDIR'])
        nothing = os.open('/dev/null', os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        os.dup2(errors, 2)
        isolate.reopen_files(zygote._files)
        isolate.close_all_except({0, 1, 2, jobs, result, *zygote._files})
        os.chdir(folder)
        isolate.limit(zygote._memory, settings['fileBytes'])
        isolate.drop_privileges(zygote._filter)
        job = json.loads(_read_to_end(jobs))
        os.close(jobs)
        isolate.limit_processor_time(int(job['seconds']) + 2)
        head, content = _render(job, folder, folder if zygote._own_processes is None else '/tmp')
        head = json.dumps(head).encode()
        _write_all(result, struct.pack('>I', len(head)) + head)
        _write_all(result, content)
        sys.stderr.flush()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(70)


def _render(job, folder, root):
    import determinism

    determinism.restart()
    if job['kind'] == 'smiles':
        import molecule

        return molecule.render(job)
    import run_code

    return run_code.render(job, folder, root)


def _read_exactly(descriptor, count):
    parts = []
    while count > 0:
        part = os.read(descriptor, min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b''.join(parts)


def _read_to_end(descriptor):
    parts = []
    while part := os.read(descriptor, 1 << 20):
        parts.append(part)
    return b''.join(parts)


def _write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _contents(descriptor):
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, min(size, _results_bytes), 0)


def _tail(descriptor):
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, _log_bytes, max(0, size - _log_bytes))


if __name__ == '__main__':
    main()
