"""Fixes what differs between runs: the clock, the seeds, and the system's randomness. The same code renders the same image."""
import ctypes
import datetime
import gc
import os
import random
import time

START = 1_767_268_800.0  # 2026-01-01 12:00 UTC
TICK = 0.001

_ticks = 0
_bytes = random.Random(0)
_calendar = {name: getattr(time, name) for name in ('localtime', 'gmtime', 'ctime')}
_sleep = time.sleep
_format_time, _text_of_time, _seed_random = time.strftime, time.asctime, random.Random.seed


def _now():
    """Each reading is a millisecond later than the last, so that loops that wait for the clock end."""
    global _ticks
    _ticks += 1
    return START + _ticks * TICK


def _sleep_by_the_clock(seconds):
    global _ticks
    _sleep(seconds)
    _ticks += seconds / TICK


def _elapsed():
    return _now() - START


def _nanoseconds(clock):
    return lambda: round(clock() * 1e9)


def _random_bytes(count):
    return _bytes.randbytes(count)


def _seed(self, a=None, version=2):
    _seed_random(self, _bytes.getrandbits(64) if a is None else a, version)


def install():
    """Called once, before the render processes are forked."""
    time.time = _now
    time.time_ns = _nanoseconds(_now)
    time.sleep = _sleep_by_the_clock
    # The monotonic clock stays real, because threads and event loops wait by it.
    for name in ('perf_counter', 'process_time', 'thread_time'):
        setattr(time, name, _elapsed)
        setattr(time, f'{name}_ns', _nanoseconds(_elapsed))
    for name, original in _calendar.items():
        setattr(time, name, lambda seconds=None, original=original: original(_now() if seconds is None else seconds))
    time.strftime = lambda form, moment=None: _format_time(form, time.localtime() if moment is None else moment)
    time.asctime = lambda moment=None: _text_of_time(time.localtime() if moment is None else moment)
    _set_on_type(datetime.datetime, 'now', classmethod(lambda cls, tz=None: cls.fromtimestamp(_now(), tz)))
    _set_on_type(datetime.datetime, 'utcnow', classmethod(lambda cls: cls.utcfromtimestamp(_now())))
    os.urandom = random._urandom = _random_bytes
    random.Random.seed = _seed
    random.seed = random._inst.seed
    try:
        import numpy.random.bit_generator as bit_generator
    except ImportError:
        return
    bit_generator.randbits = _bytes.getrandbits


def _set_on_type(cls, name, value):
    """Sets an attribute of a class written in C. A subclass in its place would not be the class that libraries compare with."""
    gc.get_referents(cls.__dict__)[0][name] = value
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(cls))


def restart():
    """Called at the start of each render."""
    global _ticks
    _ticks = 0
    _seed_random(_bytes, 0)
    random.seed(0)
    try:
        import numpy
    except ImportError:
        return
    numpy.random.seed(0)
