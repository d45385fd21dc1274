import datetime
import os
import random
import time
import unittest

from support import in_fork

import determinism


def after_install(work):
    def installed():
        determinism.install()
        determinism.restart()
        return work()

    return in_fork(installed)


class DeterminismTest(unittest.TestCase):
    def test_the_clock_starts_at_the_same_moment_and_goes_on_with_each_reading(self):
        readings = after_install(lambda: [time.time() for _ in range(3)])
        expected = [determinism.START + tick * determinism.TICK for tick in (1, 2, 3)]
        self.assertEqual(readings, expected)

    def test_dates_and_formatted_times_follow_the_clock(self):
        now, text = after_install(lambda: (datetime.datetime.now(datetime.timezone.utc), time.strftime('%Y', time.gmtime())))
        self.assertEqual((now.year, now.month, now.day, now.hour), (2026, 1, 1, 12))
        self.assertEqual(text, '2026')

    def test_a_sleep_moves_the_clock(self):
        def elapsed():
            began = time.perf_counter()
            time.sleep(0.05)
            return time.perf_counter() - began

        self.assertAlmostEqual(after_install(elapsed), 0.05 + determinism.TICK, delta=1e-5)

    def test_random_numbers_are_the_same_in_each_process(self):
        def numbers():
            return random.random(), random.Random().random(), os.urandom(4), random.SystemRandom().random()

        self.assertEqual(after_install(numbers), after_install(numbers))

    def test_a_restart_begins_the_same_numbers_and_times_again(self):
        def twice():
            found = []
            for _ in range(2):
                determinism.restart()
                found.append((random.random(), os.urandom(4), time.time()))
            return found

        first, second = after_install(twice)
        self.assertEqual(first, second)

    def test_a_seed_of_the_code_counts(self):
        def seeded():
            random.seed(7)
            return random.random(), random.Random(7).random()

        own, other = after_install(seeded)
        self.assertEqual(own, other)
        self.assertEqual(own, random.Random(7).random())

    def test_numpy_is_seeded_too(self):
        try:
            import numpy
        except ImportError:
            self.skipTest('numpy is not installed')
        numbers = after_install(lambda: (numpy.random.rand(), numpy.random.default_rng().random()))
        self.assertEqual(numbers, after_install(lambda: (numpy.random.rand(), numpy.random.default_rng().random())))
