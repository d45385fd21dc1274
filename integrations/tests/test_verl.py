"""The adapter of verl, called as NaiveRewardManager does: each sample alone, by keyword, many at a time."""
import asyncio
import inspect
import unittest

from contract import AdapterContract
from support import EXACT, ROUGH, SILENT, TRUTH, UNKNOWN, load, scored

adapter = load('verl')
KEYS = {'score', 'visual', 'alignment', 'execution', 'valid'}


def compute_score(reply, truth=TRUTH, **more):
    return adapter.compute_score(
        data_source='pentimento', solution_str=reply, ground_truth=truth, extra_info={'num_turns': 2}, **more
    )


async def compute_all(replies):
    return await asyncio.gather(*[compute_score(reply) for reply in replies])


class Verl(AdapterContract, unittest.TestCase):
    module = adapter
    batches = False

    def rewards(self, replies, truths=None):
        return [numbers['score'] for numbers in asyncio.run(compute_all(replies))]

    def assert_failed(self, reply, truth=TRUTH):
        with self.assertRaises(RuntimeError):
            asyncio.run(compute_score(reply, truth))

    def test_is_awaited_by_verl(self):
        self.assertTrue(inspect.iscoroutinefunction(adapter.compute_score))

    def test_gives_the_published_terms_under_the_same_keys_for_every_sample(self):
        replies = [EXACT, SILENT, ROUGH]
        for numbers, terms in zip(asyncio.run(compute_all(replies)), scored(*replies)):
            published = {key: terms[key] for key in ('visual', 'alignment', 'execution')}
            self.assertEqual(numbers, {'score': terms['overall'], **published, 'valid': 1})

    def test_marks_what_has_no_score_where_the_configuration_names_a_number(self):
        numbers = asyncio.run(compute_score(ROUGH, UNKNOWN, failure_score=0.5, reward_router_address='x'))
        self.assertEqual(numbers, dict.fromkeys(KEYS - {'valid'}, 0.5) | {'valid': 0})


if __name__ == '__main__':
    unittest.main()
