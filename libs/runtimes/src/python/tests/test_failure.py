import errno
import os
import socket
import unittest

from support import in_fork

import failure
import images

PATH = '/tmp/code/code.py'


def failure_of(code):
    """Kind and message of what the code raises."""
    try:
        exec(compile(code, PATH, 'exec'), {})
    except BaseException as error:
        return failure.of(error, PATH, code)
    raise AssertionError('The code raised nothing.')


class FailureTest(unittest.TestCase):
    def test_a_syntax_error_names_the_line_and_quotes_it(self):
        kind, message = failure_of('x = 1\nplot(1, 2\n')
        self.assertEqual(kind, 'syntax')
        self.assertEqual(message, "SyntaxError: '(' was never closed\n  line 2: plot(1, 2")

    def test_a_syntax_error_of_other_code_is_an_error_at_run_time(self):
        kind, message = failure_of("compile('1 +', 'other.py', 'exec')")
        self.assertEqual(kind, 'runtime')
        self.assertIn("line 1: compile('1 +', 'other.py', 'exec')", message)

    def test_an_error_at_run_time_shows_the_lines_that_led_to_it_outermost_first(self):
        kind, message = failure_of('def half(x):\n    return x / 0\n\nhalf(3)\n')
        self.assertEqual(kind, 'runtime')
        self.assertEqual(message, 'ZeroDivisionError: division by zero\n  line 4: half(3)\n  line 2 in half: return x / 0')

    def test_of_a_deep_recursion_the_first_and_the_last_lines_are_shown(self):
        _, message = failure_of('def down(n):\n    return 1 / n if n == 0 else down(n - 1)\n\ndown(40)\n')
        shown = message.split('\n')[1:]
        self.assertEqual(shown[0], '  line 4: down(40)')
        self.assertEqual(shown[3], '  ...')
        self.assertEqual(len(shown), 7)

    def test_a_long_message_keeps_its_beginning_and_its_end(self):
        _, message = failure_of("raise ValueError('a' * 3000 + 'the end')")
        text = message.split('\n  line')[0]
        self.assertTrue(text.startswith('ValueError: aaa'))
        self.assertTrue(text.endswith('the end'))
        self.assertLess(len(text), 1000)

    def test_no_memory_is_a_kind_with_its_remedy(self):
        kind, _ = failure_of('raise OSError(12, "Cannot allocate memory")')
        self.assertEqual(kind, 'memory')
        kind, message = failure_of('raise MemoryError()')
        self.assertEqual(kind, 'memory')
        self.assertIn('draw less', message)

    def test_an_image_that_is_too_large_is_a_kind(self):
        self.assertEqual(failure.of(images.TooLarge('9000x9000'), PATH, ''), ('too-large', '9000x9000'))

    def test_a_missing_file_says_which_files_there_are(self):
        kind, message = failure_of("open('/no/such/data.csv')")
        self.assertEqual(kind, 'runtime')
        self.assertIn('The only files here are those that the code writes.', message)

    def test_a_refused_file_is_blocked(self):
        kind, message = failure.of(PermissionError(errno.EACCES, 'Permission denied', '/etc/x'), PATH, '')
        self.assertEqual(kind, 'blocked')
        self.assertTrue(message.startswith('Files can be written in the working folder only'))

    def test_a_name_that_does_not_resolve_is_blocked_as_network_also_as_the_reason_of_another_error(self):
        error = RuntimeError('no data')
        error.reason = socket.gaierror(-3, 'Temporary failure in name resolution')
        kind, message = failure.of(error, PATH, '')
        self.assertEqual(kind, 'blocked')
        self.assertTrue(message.startswith('There is no network here'))

    def test_errors_that_cause_each_other_are_read_once(self):
        first, second = OSError('first'), ValueError('second')
        first.__cause__, second.__cause__ = second, first
        self.assertEqual(failure.of(first, PATH, '')[0], 'runtime')

    def test_a_refusal_is_explained_by_what_the_code_last_attempted(self):
        def refused_program():
            failure.watch()
            try:
                os.posix_spawn('/no/such/program', ['x'], {})
            except OSError:
                pass
            return failure.of(PermissionError(errno.EPERM, 'Operation not permitted'), PATH, '')

        kind, message = in_fork(refused_program)
        self.assertEqual(kind, 'blocked')
        self.assertTrue(message.startswith('No other program can be started here'))
