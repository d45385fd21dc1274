"""The environment of verifiers v1, run by `Env.run_episode`, with a policy that is scripted."""
import asyncio
import contextlib
import json
import pathlib
import sys
import tempfile
import types
import unittest

import verifiers_code
from environment_contract import REPLIES, TASK, EnvironmentContract, Played
from support import INTEGRATIONS, ROUGH, pass_on, refuses

if verifiers_code.IS_OWN:
    sys.path.append(str(INTEGRATIONS / 'verifiers'))
    import pentimento_v1 as adapter
    import verifiers.v1 as vf
else:
    adapter = verifiers_code.load_adapter('pentimento_v1')


class Policy:
    """An interaction whose replies are fixed. It keeps the messages of each turn."""

    def __init__(self, task, replies):
        self.task, self.replies, self.turns, self.trace = task, list(replies), [], new_trace()

    async def turn(self, messages):
        self.turns.append(messages)
        if not self.replies:
            return types.SimpleNamespace(terminated=True, last_reply='')
        return types.SimpleNamespace(terminated=False, last_reply=self.replies.pop(0))


def new_trace():
    """What of a trace the environment writes, verifiers' own where it is there."""
    if verifiers_code.IS_OWN:
        return vf.Trace.model_construct(rewards={}, info={}, ok=True)
    trace = types.SimpleNamespace(rewards={}, info={})
    trace.record_reward = lambda name, value: trace.rewards.update({name: types.SimpleNamespace(score=value)})
    return trace


def environment_of(truth):
    """The environment and its one task, by their id as prime-rl loads them."""
    with tempfile.TemporaryDirectory() as folder:
        rows = pathlib.Path(folder, 'rows.jsonl')
        rows.write_text(json.dumps({'prompt': [], 'answer': truth}) + '\n')
        if verifiers_code.IS_OWN:
            taskset = {'id': 'pentimento-v1', 'rows': str(rows)}
            environment = vf.load_environment(vf.resolve_env_config({'taskset': taskset}))
            return environment, *environment.taskset
        return adapter.PentimentoEnv(), *adapter.PentimentoTaskset(adapter.PentimentoConfig(rows=rows)).load()


def run(replies, truth=TASK):
    """The finished episode, and its policy."""
    environment, task = environment_of(truth)
    policies = []

    @contextlib.asynccontextmanager
    async def interaction(task):
        policies.append(Policy(task, replies))
        traces.append(policies[0].trace)
        yield policies[0]

    def agents_of(_ctx, completed, _on_trace, _on_discard):
        nonlocal traces
        traces = completed
        return types.SimpleNamespace(policy=types.SimpleNamespace(interaction=interaction))

    traces = []
    environment._episode_agents = agents_of
    episode = asyncio.run(environment.run_episode(task, None))
    return episode, policies[0] if policies else None


def images_in(messages):
    contents = [message['content'] for message in messages if not isinstance(message['content'], str)]
    return sum(part['type'] == 'image_url' for content in contents for part in content)


class VerifiersV1(EnvironmentContract, unittest.TestCase):
    module = adapter

    def play(self, replies, truth=TASK):
        episode, policy = run(replies, truth)
        if episode.errors:
            raise RuntimeError(episode.errors[0].message)
        [reward] = policy.trace.rewards.values()
        rewards = policy.trace.info['turn_rewards']
        images = [images_in(messages) for messages in policy.turns]
        return Played(rewards, reward.score, images, len(policy.turns) == len(rewards))

    def test_opens_the_conversation_itself_after_the_instructions(self):
        _episode, policy = run([ROUGH, ROUGH, ROUGH])
        self.assertIn('reproduces a target image', policy.task.data.system_prompt)
        self.assertEqual([[message['role'] for message in messages] for messages in policy.turns], [['user']] * 3)

    def test_has_the_scores_of_the_turns_before_the_policy_was_stopped(self):
        episode, policy = run([ROUGH])
        self.assertEqual(len(policy.trace.info['turn_rewards']), 1)
        self.assertEqual(list(policy.trace.rewards), ['pentimento'])
        self.assertTrue(episode.ok)

    def test_has_an_error_and_no_reward_where_the_service_fails(self):
        with self.behind(pass_on, pass_on, refuses(409, 'Turn 1 is not open.')) as gateway:
            episode, policy = run(REPLIES)
        self.assertIn('Turn 1 is not open', episode.errors[0].message)
        self.assertEqual((episode.ok, policy.trace.rewards), (False, {}))
        self.assertEqual(gateway.requests[-1][0], 'DELETE')


if __name__ == '__main__':
    unittest.main()
