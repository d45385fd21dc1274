import os
import unittest

import zygote


class PipesTest(unittest.TestCase):
    def pipe_with(self, content):
        reader, writer = os.pipe()
        os.write(writer, content)
        os.close(writer)
        self.addCleanup(os.close, reader)
        return reader

    def test_exactly_the_asked_bytes_are_read(self):
        reader = self.pipe_with(b'abcdef')
        self.assertEqual(zygote._read_exactly(reader, 4), b'abcd')
        self.assertEqual(zygote._read_to_end(reader), b'ef')

    def test_a_pipe_that_ends_too_early_is_no_frame(self):
        self.assertIsNone(zygote._read_exactly(self.pipe_with(b'ab'), 4))


class ResultsTest(unittest.TestCase):
    def memory_file(self, content):
        descriptor = os.memfd_create('test')
        self.addCleanup(os.close, descriptor)
        os.write(descriptor, content)
        return descriptor

    def test_of_a_long_log_the_end_is_kept(self):
        log = self.memory_file(b'x' * 10_000 + b'the error')
        self.assertEqual(len(zygote._tail(log)), zygote._log_bytes)
        self.assertTrue(zygote._tail(log).endswith(b'the error'))
        self.assertEqual(zygote._tail(self.memory_file(b'short')), b'short')

    def test_a_result_is_read_from_its_beginning_wherever_the_writer_left_off(self):
        self.assertEqual(zygote._contents(self.memory_file(b'result')), b'result')

    def test_a_result_is_bounded(self):
        descriptor = self.memory_file(b'')
        os.ftruncate(descriptor, zygote._results_bytes + 1)
        self.assertEqual(len(zygote._contents(descriptor)), zygote._results_bytes)
