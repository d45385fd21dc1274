"""The adapter of ms-swift. The base class and the registry of swift/rewards/orm.py are stubbed."""
import asyncio
import os
import unittest
from unittest import mock

from contract import AdapterContract
from support import EXACT, IMAGE, ROUGH, TRUTH, UNKNOWN, load, scored, stub


class AsyncORM:
    def __init__(self, args=None, **kwargs):
        self.args = args


stub('swift')
stub('swift.rewards', AsyncORM=AsyncORM, orms={})
adapter = load('swift')


def call(replies, truths, **columns):
    """As `compute_rewards_per_func`: positional completions, every column by keyword."""
    reward = adapter.orms['pentimento'](args=None)
    return asyncio.run(reward(replies, solution=truths, messages=[[]] * len(replies), trainer_state=None, **columns))


class Swift(AdapterContract, unittest.TestCase):
    module = adapter

    def rewards(self, replies, truths=None):
        return call(replies, truths or [TRUTH] * len(replies))

    def assert_failed(self, reply, truth=TRUTH):
        self.assertRaises(RuntimeError, call, [reply], [truth])

    def test_is_an_asynchronous_reward(self):
        self.assertTrue(issubclass(adapter.orms['pentimento'], AsyncORM))
        self.assertTrue(asyncio.iscoroutinefunction(adapter.orms['pentimento'].__call__))

    def test_gives_none_where_that_is_allowed_and_scores_the_others(self):
        with mock.patch.dict(os.environ, PENTIMENTO_ON_FAILURE='none'):
            self.assertEqual(call([ROUGH, ROUGH], [UNKNOWN, TRUTH]), [None, scored(ROUGH)[0]['overall']])

    def test_sends_the_first_image_where_the_service_does_not_have_the_blob(self):
        images = [[{'bytes': None, 'path': str(IMAGE)}], None]
        self.assertEqual(call([EXACT, EXACT], [UNKNOWN, TRUTH], images=images), [scored(EXACT)[0]['overall']] * 2)


if __name__ == '__main__':
    unittest.main()
