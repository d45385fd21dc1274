"""The environment of verifiers, rolled out and scored as `Environment.run_rollout` does."""
import asyncio
import json
import math
import pathlib
import tempfile
import unittest

import verifiers_code
from environment_contract import REPLIES, TASK, EnvironmentContract, Played
from support import ROUGH, pass_on, refuses

adapter = verifiers_code.load_adapter('pentimento_environment')
from verifiers.clients import Client
from verifiers.types import Response, ResponseMessage


class Scripted(Client):
    """A model with fixed replies. It keeps the prompts."""

    def __init__(self, replies):
        self.replies, self.prompts, self._config = list(replies), [], None

    async def get_response(self, prompt, model, sampling_args, tools=None, **kwargs):
        self.prompts.append(prompt)
        message = ResponseMessage(content=self.replies.pop(0), finish_reason='stop', is_truncated=False)
        return Response(id='reply', created=0, model=model, message=message)


Scripted.__abstractmethods__ = frozenset()


def images_in(prompt):
    messages = [message if isinstance(message, dict) else message.model_dump() for message in prompt]
    contents = [message['content'] for message in messages if not isinstance(message['content'], str)]
    return sum(part['type'] == 'image_url' for content in contents for part in content)


def environment_of(truth):
    with tempfile.TemporaryDirectory() as folder:
        rows = pathlib.Path(folder, 'rows.jsonl')
        question = [{'role': 'user', 'content': 'Write svg code that draws this image.'}]
        rows.write_text(json.dumps({'prompt': question, 'answer': truth}) + '\n')
        return adapter.load_environment(rows=str(rows))


def roll_out(replies, truth=TASK):
    """What a trainer gets, and the prompts that its model saw."""
    environment, model = environment_of(truth), Scripted(replies)
    rollout = environment.run_rollout(environment.get_dataset()[0], model, 'policy', {}, state_columns=['trajectory'])
    return asyncio.run(rollout), model.prompts


class VerifiersEnvironment(EnvironmentContract, unittest.TestCase):
    module = adapter

    def play(self, replies, truth=TASK):
        output, prompts = roll_out(replies, truth)
        if output['error']:
            raise RuntimeError(str(output['error']))
        rewards = [step['reward'] for step in output['trajectory']]
        is_done = output['stop_condition'] == 'episode_ended'
        return Played(rewards, output['reward'], [images_in(prompt) for prompt in prompts], is_done)

    def test_has_an_error_and_no_number_where_the_service_fails(self):
        with self.behind(pass_on, pass_on, refuses(409, 'Turn 1 is not open.')) as gateway:
            output, _prompts = roll_out(REPLIES)
        self.assertIn('Turn 1 is not open', str(output['error']))
        self.assertTrue(math.isnan(output['reward']))
        self.assertEqual(gateway.requests[-1][0], 'DELETE')

    def test_gives_each_turn_a_whole_prompt_as_that_of_a_job(self):
        _output, prompts = roll_out([ROUGH, ROUGH, ROUGH])
        self.assertEqual([len(prompt) for prompt in prompts], [2, 2, 2])


if __name__ == '__main__':
    unittest.main()
