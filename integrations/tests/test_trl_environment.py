"""The environment of TRL, driven as GRPOTrainer drives it: `_generate_and_score_completions` and `_tool_call_loop`."""
import inspect
import os
import unittest
from unittest import mock

from environment_contract import REPLIES, TASK, EnvironmentContract, Played, recorded, sessions_of
from support import EXACT, ROUGH, SILENT, load, pass_on, refuses

try:
    adapter = load('trl', 'pentimento_environment')
except ImportError:
    raise unittest.SkipTest('Pillow is not installed')


def images_in(content):
    return sum(part['type'] == 'image' for part in content)


def roll_out(replies, truth=TASK):
    """The environment, its completion and the images of each prompt, where each turn calls the tool once."""
    environment = adapter.PentimentoEnvironment()
    contents = [environment.reset(prompt=[], solution=truth)]
    completion = []
    for reply in replies:
        call = {'type': 'function', 'function': {'name': 'submit', 'arguments': {'reply': reply}}}
        completion.append({'role': 'assistant', 'content': '', 'tool_calls': [call]})
        try:
            contents.append(environment.submit(reply=reply))
        except Exception as error:
            contents.append([{'type': 'text', 'text': str({'error': str(error)})}])
        completion.append({'role': 'tool', 'name': 'submit', 'content': contents[-1]})
    completion.append({'role': 'assistant', 'content': 'That is all.'})
    return environment, completion, contents


def reward_of(environment, completion):
    [reward] = adapter.pentimento_reward(
        prompts=[[]], completions=[completion], completion_ids=[[]], solution=[TASK], trainer_state=None,
        environments=[environment],
    )
    return reward


class TrlEnvironment(EnvironmentContract, unittest.TestCase):
    module = adapter

    def play(self, replies, truth=TASK):
        with mock.patch.dict(os.environ, PENTIMENTO_ON_FAILURE='raise'):
            environment, completion, contents = roll_out(replies, truth)
            final = reward_of(environment, completion)
        images = [images_in(content) for content in contents[:-1]]
        return Played(None, final, images, contents[-1][0]['text'].startswith('The task has ended'))

    def test_has_one_tool_with_a_schema(self):
        members = inspect.getmembers(adapter.PentimentoEnvironment(), inspect.ismethod)
        self.assertEqual([name for name, _method in members if not name.startswith('_')], ['reset', 'submit'])
        documented = inspect.getdoc(adapter.PentimentoEnvironment.submit)
        self.assertRegex(documented, r'Args:\n    reply: The whole answer')

    def test_begins_with_the_instructions_and_the_target(self):
        [rules, *parts] = adapter.PentimentoEnvironment().reset(solution=TASK)
        self.assertIn('Answer by calling submit', rules['text'])
        self.assertEqual(images_in(parts), 1)
        self.assertEqual({tuple(sorted(part)) for part in parts}, {('text', 'type'), ('image', 'type')})

    def test_scores_a_completion_that_calls_no_tool_as_the_first_reply(self):
        for reply, expected in ((SILENT, 0), (EXACT, None)):
            with self.behind() as gateway:
                environment, _completion, _contents = roll_out([])
                reward = reward_of(environment, [{'role': 'assistant', 'content': reply}])
            scores, _job = recorded(sessions_of(gateway)[0])
            self.assertEqual([reward], scores)
            self.assertIn(expected, (None, reward))

    def test_scores_an_argument_of_another_type_as_text(self):
        environment, completion, _contents = roll_out([{'code': 'none'}])
        self.assertEqual(reward_of(environment, completion), 0)

    def test_takes_no_reply_after_the_end(self):
        with self.behind() as gateway:
            self.play([*REPLIES, ROUGH, ROUGH])
        self.assertEqual(len(recorded(sessions_of(gateway)[0])[0]), len(REPLIES))

    def test_gives_none_for_an_episode_that_failed_and_scores_the_others(self):
        with self.behind(pass_on, pass_on, refuses(409, 'Turn 1 is not open.')) as gateway:
            environment, completion, contents = roll_out(REPLIES)
            self.assertIsNone(reward_of(environment, completion))
        self.assertNotIn('Turn 1', str(contents))
        self.assertEqual(gateway.requests[-1][0], 'DELETE')
        self.module.URL = self.url
        environment, completion, _contents = roll_out([ROUGH])
        self.assertGreater(reward_of(environment, completion), 0.1)


if __name__ == '__main__':
    unittest.main()
