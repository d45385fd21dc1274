"""The adapter of TRL, called as `_calculate_rewards` does: by keyword, with every column of the data set."""
import asyncio
import inspect
import os
import pickle
import unittest
from unittest import mock

from contract import AdapterContract
from support import EXACT, IMAGE, ROUGH, TRUTH, UNKNOWN, drops, load, scored

adapter = load('trl')


def call(replies, truths, **columns):
    completions = [[{'role': 'assistant', 'content': reply}] for reply in replies]
    return asyncio.run(
        adapter.pentimento_reward(
            prompts=[[]] * len(replies), completions=completions, completion_ids=[[]] * len(replies), solution=truths,
            trainer_state=None, log_extra=None, log_metric=None, **columns,
        )
    )


class Trl(AdapterContract, unittest.TestCase):
    module = adapter

    def rewards(self, replies, truths=None):
        return call(replies, truths or [TRUTH] * len(replies))

    def assert_failed(self, reply, truth=TRUTH):
        self.assertEqual(call([reply], [truth]), [None])

    def test_is_awaited_by_trl_and_can_be_pickled(self):
        self.assertTrue(inspect.iscoroutinefunction(adapter.pentimento_reward))
        self.assertIs(pickle.loads(pickle.dumps(adapter.pentimento_reward)), adapter.pentimento_reward)

    def test_takes_completions_that_are_text(self):
        rewards = asyncio.run(adapter.pentimento_reward(completions=[EXACT], solution=[TRUTH]))
        self.assertEqual(rewards, [scored(EXACT)[0]['overall']])

    def test_scores_the_others_of_a_batch(self):
        self.assertEqual(call([ROUGH, ROUGH], [UNKNOWN, TRUTH]), [None, scored(ROUGH)[0]['overall']])

    def test_raises_where_that_is_asked_for(self):
        with mock.patch.dict(os.environ, PENTIMENTO_ON_FAILURE='raise'), self.behind(*[drops] * 20):
            self.assertRaises(RuntimeError, call, [ROUGH], [TRUTH])

    def test_sends_the_image_where_the_service_does_not_have_the_blob(self):
        expected = [scored(EXACT)[0]['overall']]
        self.assertEqual(call([EXACT], [UNKNOWN], images=[[str(IMAGE)]]), expected)
        self.assertEqual(call([EXACT], [UNKNOWN], image=[{'bytes': IMAGE.read_bytes(), 'path': None}]), expected)


if __name__ == '__main__':
    unittest.main()
