"""The resources server of NeMo Gym and its agent, over the sessions, the schemas and the routes that Gym gives them."""
import asyncio
import json
import types
import unittest
from unittest import mock

import trainer_code
from environment_contract import REPLIES, TASK, EnvironmentContract, Played, recorded, sessions_of
from support import EXACT, ROUGH, load, pass_on, refuses, stub

OTHERS = ('gprof2dot', 'hydra', 'mlflow', 'pydot', 'wandb', 'yappi')
IS_OWN = trainer_code.provide('nemo_gym', 'Gym', 'follow_nemo_gym', absent=OTHERS)
if IS_OWN and not trainer_code.is_installed('omegaconf'):
    settings = types.SimpleNamespace(register_new_resolver=lambda *_, **__: None)
    stub('omegaconf', OmegaConf=settings, DictConfig=dict, ListConfig=list, MISSING='???', open_dict=None)
    stub('omegaconf.errors', InterpolationResolutionError=Exception)
adapter = load('nemo_gym/resources_servers/pentimento', 'app')
agent_app = load('nemo_gym/responses_api_agents/pentimento_agent', 'app')
from fastapi.testclient import TestClient
from nemo_gym.base_resources_server import BaseResourcesServerConfig
from nemo_gym.server_utils import ServerClient

SERVER, MODEL = 'pentimento', 'policy_model'
PLACE = {'host': '127.0.0.1', 'port': 0, 'entrypoint': 'app.py'}


class Answer:
    """An answer as aiohttp gives it."""

    cookies = {}

    def __init__(self, status, value):
        self.ok, self.body, self.content = status < 400, json.dumps(value).encode(), self

    async def read(self):
        return self.body

    def raise_for_status(self):
        raise RuntimeError(self.body.decode())


class Servers:
    """The resources server in this process, and a model with fixed replies."""

    def __init__(self, replies):
        self.replies, self.inputs, self.rewards = list(replies), [], []
        self.mock = mock.MagicMock(spec=ServerClient, global_config_dict={}, post=self.post)
        config = BaseResourcesServerConfig(name=SERVER, **PLACE)
        server = adapter.PentimentoServer(config=config, server_client=self.mock)
        app = server.setup_webserver()
        if IS_OWN:
            server.setup_exception_middleware(app)
        self.client = TestClient(app)

    async def post(self, server_name, url_path, json, cookies=None):
        if server_name == MODEL:
            return Answer(200, self.reply(json))
        answer = await asyncio.to_thread(self.client.post, url_path, json=json)
        if url_path == '/step' and answer.status_code == 200:
            self.rewards.append(answer.json()['reward'])
        return Answer(answer.status_code, answer.json())

    def reply(self, params):
        """As Gym's server of vLLM answers, with an item of reasoning before the message."""
        self.inputs.append(params['input'])
        text = {'type': 'output_text', 'text': self.replies.pop(0), 'annotations': []}
        message = {'type': 'message', 'id': 'message', 'role': 'assistant', 'status': 'completed', 'content': [text]}
        reasoning = {'type': 'reasoning', 'id': 'reasoning', 'summary': []}
        shape = {'object': 'response', 'parallel_tool_calls': False, 'tool_choice': 'auto', 'tools': []}
        return {'id': 'response', 'created_at': 0, 'model': 'policy', **shape, 'output': [reasoning, message]}

    def run(self, truth):
        """As Gym collects a rollout."""
        references = {'resources_server': SERVER, 'model_server': MODEL}
        kinds = {'resources_server': agent_app.ResourcesServerRef, 'model_server': agent_app.ModelServerRef}
        types_of = {'resources_server': 'resources_servers', 'model_server': 'responses_api_models'}
        servers = {key: kinds[key](type=types_of[key], name=name) for key, name in references.items()}
        config = agent_app.PentimentoAgentConfig(name='pentimento_agent', **PLACE, **servers)
        agent = agent_app.PentimentoAgent(config=config, server_client=self.mock)
        row = {'responses_create_params': {'input': []}, 'verifier_metadata': json.loads(truth)}
        body = agent_app.RunRequest.model_validate(row)
        return asyncio.run(agent.run(types.SimpleNamespace(cookies={}), body)).model_dump()


def images_in(items):
    contents = [item['content'] for item in items if isinstance(item.get('content'), list)]
    return sum(part['type'] == 'input_image' for content in contents for part in content)


class NemoGym(EnvironmentContract, unittest.TestCase):
    module = adapter

    def play(self, replies, truth=TASK):
        servers = Servers(replies)
        result = servers.run(truth)
        shown = [images_in(items) for items in servers.inputs]
        images = [now - before for before, now in zip([0, *shown], shown)]
        self.assertEqual(result['turn_rewards'], servers.rewards)
        return Played(servers.rewards, result['reward'], images, len(servers.inputs) == len(servers.rewards))

    def test_returns_the_prompt_and_the_whole_conversation(self):
        servers = Servers([ROUGH, EXACT])
        result = servers.run(TASK)
        items = json.loads(json.dumps([*servers.inputs[0], *result['response']['output']], default=vars))
        self.assertEqual(
            [item.get('role', item['type']) for item in items],
            ['system', 'user', 'reasoning', 'assistant', 'user', 'reasoning', 'assistant'],
        )
        self.assertEqual(len(result['responses_create_params']['input']), 2)
        self.assertEqual(result['verifier_metadata'], json.loads(TASK))

    def test_has_no_reward_where_the_service_fails(self):
        servers = Servers(REPLIES)
        with self.behind(pass_on, pass_on, refuses(409, 'Turn 1 is not open.')):
            self.assertRaisesRegex(Exception, 'Turn 1 is not open', servers.run, TASK)
        self.assertEqual(servers.rewards, [0])

    def test_keeps_an_episode_for_each_session(self):
        with self.behind() as gateway:
            for _ in range(2):
                Servers(REPLIES).run(TASK)
        self.assertEqual([len(recorded(session)[0]) for session in sessions_of(gateway)], [3, 3])


if __name__ == '__main__':
    unittest.main()
