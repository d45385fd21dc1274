import errno
import os
import resource
import tempfile
import unittest

from support import in_fork

import isolate


def is_open(descriptor):
    try:
        os.fstat(descriptor)
        return True
    except OSError:
        return False


class DescriptorsTest(unittest.TestCase):
    def test_only_the_kept_descriptors_stay_open(self):
        def remaining():
            before = {int(name) for name in os.listdir('/proc/self/fd') if is_open(int(name))}
            opened = [os.open('/dev/null', os.O_RDONLY) for _ in range(6)]
            isolate.close_all_except({*before, opened[2]})
            return [is_open(descriptor) for descriptor in opened]

        self.assertEqual(in_fork(remaining), [False, False, True, False, False, False])

    def test_a_reopened_file_keeps_its_offset_and_no_longer_shares_it(self):
        def offsets():
            with tempfile.NamedTemporaryFile() as file:
                file.write(b'0123456789')
                file.flush()
                descriptor = os.open(file.name, os.O_RDONLY)
                shared = os.dup(descriptor)
                os.lseek(descriptor, 4, os.SEEK_SET)
                files = {number: entry for number, entry in isolate.open_files().items() if number == descriptor}
                isolate.reopen_files(files)
                first = os.read(descriptor, 2)
                return first, os.lseek(shared, 0, os.SEEK_CUR)

        self.assertEqual(in_fork(offsets), (b'45', 4))


class LimitsTest(unittest.TestCase):
    def test_memory_over_the_limit_is_refused(self):
        def allocate():
            isolate.limit(isolate.address_space() + 64 * isolate.MEBIBYTE, isolate.MEBIBYTE)
            bytearray(16 * isolate.MEBIBYTE)
            try:
                bytearray(128 * isolate.MEBIBYTE)
            except MemoryError:
                return 'refused'
            return 'allowed'

        self.assertEqual(in_fork(allocate), 'refused')

    def test_a_file_over_the_limit_is_cut_with_an_error(self):
        def write():
            isolate.limit(resource.RLIM_INFINITY, isolate.MEBIBYTE)
            with tempfile.TemporaryFile(buffering=0) as file:
                written = file.write(bytes(2 * isolate.MEBIBYTE))
                try:
                    file.write(b'more')
                except OSError as error:
                    return written, error.errno
            return written, None

        self.assertEqual(in_fork(write), (isolate.MEBIBYTE, errno.EFBIG))

    def test_processor_time_has_a_soft_and_a_hard_limit(self):
        def limits():
            isolate.limit_processor_time(5)
            return resource.getrlimit(resource.RLIMIT_CPU)

        self.assertEqual(in_fork(limits), (5, 6))


class PrivilegesTest(unittest.TestCase):
    def test_capabilities_and_the_way_to_new_ones_are_gone(self):
        def status():
            isolate.drop_privileges(b'')
            with open('/proc/self/status') as file:
                return dict(line.rstrip('\n').split(':\t', 1) for line in file if ':\t' in line)

        found = in_fork(status)
        self.assertEqual({found[name] for name in ('CapInh', 'CapPrm', 'CapEff', 'CapAmb')}, {'0' * 16})
        self.assertEqual(found['NoNewPrivs'], '1')

    def test_its_memory_is_hidden_from_processes_of_the_same_user(self):
        def dumpable():
            isolate.drop_privileges(b'')
            return isolate.libc.prctl(3, 0, 0, 0, 0)

        self.assertEqual(in_fork(dumpable), 0)

    def test_a_filter_is_loaded(self):
        def mode():
            allow = (0x06).to_bytes(2, 'little') + bytes(2) + (0x7FFF0000).to_bytes(4, 'little')
            isolate.drop_privileges(allow)
            with open('/proc/self/status') as file:
                return next(line.split()[1] for line in file if line.startswith('Seccomp:'))

        self.assertEqual(in_fork(mode), '2')
