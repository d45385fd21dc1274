"""The tool of verl, called by `ToolAgentLoop._call_tool`, and its reward function, called as by NaiveRewardManager."""
import asyncio
import importlib.util
import json
import re
import types
import unittest

import verl_code
from environment_contract import REPLIES, TASK, EnvironmentContract, Played, recorded, sessions_of
from support import INTEGRATIONS, ROUGH, pass_on, refuses

if importlib.util.find_spec('PIL') is None:
    raise unittest.SkipTest('Pillow is not installed')
adapter = verl_code.load_adapter('pentimento_tool')
from verl.experimental.agent_loop.tool_agent_loop import AgentData, ToolAgentLoop
from verl.experimental.agent_loop.tool_parser import FunctionCall
from verl.tools.schemas import OpenAIFunctionToolSchema

NAME = re.search(r'^ {8}name: (\w+)$', (INTEGRATIONS / 'verl/pentimento_tool.yaml').read_text(), re.MULTILINE)[1]
PARAMETERS = {'type': 'object', 'properties': {'reply': {'type': 'string'}}, 'required': ['reply']}
FUNCTION = {'name': NAME, 'description': 'Renders code.', 'parameters': PARAMETERS}
SCHEMA = OpenAIFunctionToolSchema.model_validate({'type': 'function', 'function': FUNCTION})


def new_trajectory(truth=TASK):
    tools_kwargs = {NAME: {'create_kwargs': {'ground_truth': truth}}}
    nothing = dict.fromkeys(('image_data', 'video_data', 'audio_data', 'mm_processor_kwargs'))
    return AgentData(messages=[], metrics={}, request_id='request', tools_kwargs=tools_kwargs, **nothing)


def call(trajectory, arguments):
    """What a call of the tool gives: its answer and its reward."""
    tool = adapter.PentimentoTool({'type': 'native'}, SCHEMA)
    settings = {'max_tool_response_length': 100_000, 'tool_response_truncate_side': 'left'}
    loop = types.SimpleNamespace(tools={NAME: tool}, **settings)
    function = FunctionCall(name=NAME, arguments=json.dumps(arguments))
    called = ToolAgentLoop._call_tool(loop, function, trajectory.tools_kwargs, trajectory)
    response, reward, _metrics = asyncio.run(called)
    return response, reward


def reward_of(trajectory, truth=TASK):
    extra_info = {'index': 0, **trajectory.extra_fields, 'num_turns': 2}
    return adapter.compute_score(
        data_source='pentimento', solution_str='', ground_truth=truth, extra_info=extra_info, reward_router_address='x'
    )


class VerlTool(EnvironmentContract, unittest.TestCase):
    module = adapter

    def play(self, replies, truth=TASK):
        trajectory, images, rewards = new_trajectory(truth), [1], []  # The row shows the target.
        for reply in replies:
            response, reward = call(trajectory, {'reply': reply})
            rewards.append(reward)
            images.append(len(response.image or []))
        numbers = reward_of(trajectory, truth)
        rewards = [reward for reward in rewards if reward is not None]
        self.assertEqual(numbers['turns'], len(rewards))
        return Played(rewards, numbers['score'], images[: len(replies)], response.text == 'The task has ended.')

    def test_scores_a_call_without_a_reply_as_one_without_code(self):
        trajectory = new_trajectory()
        self.assertEqual(call(trajectory, {})[1], 0)
        self.assertEqual(reward_of(trajectory), {'score': 0, 'turns': 1})

    def test_gives_nothing_to_a_trajectory_that_calls_no_tool(self):
        self.assertEqual(reward_of(new_trajectory()), {'score': 0, 'turns': 0})

    def test_takes_no_reply_after_the_end(self):
        with self.behind() as gateway:
            self.play([*REPLIES, ROUGH, ROUGH])
        self.assertEqual(len(recorded(sessions_of(gateway)[0])[0]), len(REPLIES))

    def test_gives_no_reward_of_a_call_that_fails_and_raises_for_the_trajectory(self):
        trajectory = new_trajectory()
        with self.behind(pass_on, pass_on, refuses(409, 'Turn 1 is not open.')) as gateway:
            rewards = [call(trajectory, {'reply': reply})[1] for reply in REPLIES]
            self.assertRaisesRegex(RuntimeError, 'Turn 1 is not open', reward_of, trajectory)
        self.assertEqual(rewards, [0, None, None])
        self.assertEqual(gateway.requests[-1][0], 'DELETE')

    def test_keeps_an_episode_for_each_trajectory(self):
        first, second = new_trajectory(), new_trajectory()
        with self.behind() as gateway:
            for trajectory in (first, second, first):
                call(trajectory, {'reply': ROUGH})
            self.assertEqual([reward_of(trajectory)['turns'] for trajectory in (first, second)], [2, 1])
        self.assertEqual(len(sessions_of(gateway)), 2)

    def test_keeps_nothing_with_a_trajectory_that_is_no_data(self):
        trajectory = new_trajectory()
        call(trajectory, {'reply': ROUGH})
        self.assertLess(len(json.dumps(trajectory.extra_fields)), 1000)


if __name__ == '__main__':
    unittest.main()
