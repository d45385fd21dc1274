"""
Runs inside the sandbox: imports the libraries once, and forks a shut-in process a render.

Its one argument is JSON: `filter` (classic BPF in base64, empty for none), `walled` (whether namespaces are to be made), `maxSide`
and `maxPixels` of a picture, and the limits of a render: `memoryBytes`, `fileBytes`, `temporaryBytes`.

Frames go in and out as frames.ts of libs/sandbox has them. In: a job as JSON, or an empty frame that calls the running one off. Out: first
a greeting as JSON, then one frame a job: the length of a head (four bytes), the head as JSON (`end`, `signal`, `exit`, `log`),
and what the render process left, which is untrusted: the length of its own head, that head, the picture.
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

import shut_in

_monotonic = time.monotonic
_log_bytes = 4096
_results_bytes = 64 * 1024 * 1024


def main():
    settings = json.loads(sys.argv[1])
    seccomp_filter = base64.b64decode(settings['filter'])
    own_processes = shut_in.enter_own_namespaces() if settings['walled'] else None
    os.environ['MATPLOTLIBRC'] = os.path.join(os.path.dirname(__file__), 'matplotlibrc')
    answers = os.dup(1)
    os.dup2(2, 1)
    import capture
    import fixed
    import libraries
    import pictures
    import run_code
    del run_code  # Loaded for the renders, which import it again.

    pictures.max_side, pictures.max_pixels = settings['maxSide'], settings['maxPixels']
    libraries.load()
    capture.install()
    libraries.warm_up()
    libraries.preload('molecule')
    capture.drawn.__init__()
    versions = libraries.versions()
    fixed.install()
    sys.path.pop(0)
    gc.collect()
    gc.freeze()
    zygote = Zygote(settings, seccomp_filter, own_processes, answers)
    zygote.send(json.dumps({'versions': versions, 'lasting': own_processes is not None or not settings['walled']}).encode())
    zygote.serve()


class Zygote:
    def __init__(self, settings, seccomp_filter, own_processes, answers):
        self._settings = settings
        self._filter = seccomp_filter
        self._own_processes = own_processes
        self._answers = answers
        self._files = {number: file for number, file in shut_in.open_files().items() if number > 2}
        self._memory = shut_in.address_space() + settings['memoryBytes']

    def serve(self):
        """Until the other end closes the pipe. The next render process stands ready before its job comes."""
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
            self.send(child.render(job, json.loads(job)))

    def send(self, payload):
        view = memoryview(struct.pack('>I', len(payload)) + payload)
        while view:
            view = view[os.write(self._answers, view) :]

    def receive(self):
        """The next frame; None at the end."""
        head = _read_exactly(0, 4)
        return None if head is None else _read_exactly(0, struct.unpack('>I', head)[0])


class Child:
    """A render process, shut in and waiting for its job."""

    def __init__(self, zygote):
        self._zygote = zygote
        jobs, self._jobs = os.pipe()
        self._result = os.memfd_create('result')
        self._errors = os.memfd_create('errors')
        settings = zygote._settings
        self._folder = '/tmp/code' if zygote._own_processes is not None else tempfile.mkdtemp(prefix='code')
        self._pid = shut_in.fork_into_namespace(zygote._own_processes)
        if self._pid == 0:
            os.close(self._jobs)
            _be_render_process(zygote, settings, self._folder, jobs, self._result, self._errors)
        os.close(jobs)
        self._process = os.pidfd_open(self._pid)

    def render(self, job, wanted):
        """The answer to a job, within its time."""
        deadline = _monotonic() + wanted['seconds']
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
        """Whether it was ended before its job came, as the kernel does where memory is short."""
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
        """Ends the process with its whole tree, and waits until it is gone."""
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
            shut_in.mount_fresh(settings['temporaryBytes'])
            os.mkdir(folder)
            os.mkdir(os.environ['MPLCONFIGDIR'])
        nothing = os.open('/dev/null', os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        os.dup2(errors, 2)
        shut_in.open_files_anew(zygote._files)
        shut_in.close_all_but({0, 1, 2, jobs, result, *zygote._files})
        os.chdir(folder)
        shut_in.limit(zygote._memory, settings['fileBytes'])
        shut_in.give_up_privileges(zygote._filter)
        job = json.loads(_read_to_end(jobs))
        os.close(jobs)
        shut_in.limit_processor(int(job['seconds']) + 2)
        head, content = _drawn(job, folder, folder if zygote._own_processes is None else '/tmp')
        head = json.dumps(head).encode()
        _write_all(result, struct.pack('>I', len(head)) + head)
        _write_all(result, content)
        sys.stderr.flush()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(70)


def _drawn(job, folder, root):
    import fixed

    fixed.restart()
    if job['kind'] == 'smiles':
        import molecule

        return molecule.draw(job)
    import run_code

    return run_code.draw(job, folder, root)


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
