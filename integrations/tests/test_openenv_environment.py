"""The environment of OpenEnv: over a WebSocket with OpenEnv's own server and client where they are installed, else by
its protocol, which `Session` follows line by line."""
import contextlib
import json
import socket
import threading
import types
import unittest

from environment_contract import REPLIES, TASK, EnvironmentContract, Played, get, recorded, sessions_of
from support import ROUGH, drops, load, pass_on, stub

try:
    import uvicorn
    from openenv.core.generic_client import GenericEnvClient
except ImportError:
    uvicorn = None


class Model:
    """Stands for a model of pydantic: its fields, with their defaults."""

    def __init__(self, **fields):
        vars(self).update(fields)

    def model_dump(self, exclude=()):
        return {name: value for name, value in vars(self).items() if name not in exclude}


class Environment:
    def close(self):
        pass


if uvicorn is None:
    for name in ('openenv', 'openenv.core', 'openenv.core.env_server'):
        stub(name)
    stub('openenv.core.env_server.interfaces', Environment=Environment)
    stub('openenv.core.env_server.types', Action=Model, Observation=Model, State=Model)
    stub('openenv.core.env_server.http_server', create_app=lambda *named, **options: (*named, options))
adapter = load('openenv', 'pentimento_environment')


class Session:
    """A WebSocket session (src/openenv/core/env_server/http_server.py, `websocket_endpoint`) with the client of
    src/openenv/core/env_client.py, `_send_and_receive`, and `_parse_result` of generic_client.py."""

    def __enter__(self):
        self.environment = adapter.PentimentoEnvironment()
        return self

    def __exit__(self, *_):
        self.environment.close()

    def ask(self, kind, data):
        try:
            match kind:
                case 'reset':
                    sent = serialized(self.environment.reset(**data))
                case 'step':
                    sent = serialized(self.environment.step(adapter.PentimentoAction(**data)))
                case 'state':
                    sent = self.environment.state.model_dump()
        except Exception as error:
            raise RuntimeError(f'Server error: {error} (code: EXECUTION_ERROR)')
        return json.loads(json.dumps(sent))

    def reset(self, **data):
        return types.SimpleNamespace(**self.ask('reset', data))

    def step(self, action):
        return types.SimpleNamespace(**self.ask('step', action))

    def state(self):
        return self.ask('state', {})


def serialized(observation):
    """src/openenv/core/env_server/serialization.py, `serialize_observation`."""
    shown = observation.model_dump(exclude={'reward', 'done', 'metadata'})
    return {'observation': shown, 'reward': observation.reward, 'done': observation.done}


@contextlib.contextmanager
def served():
    """The address of the application in OpenEnv's own server."""
    listener = socket.create_server(('127.0.0.1', 0))
    server = uvicorn.Server(uvicorn.Config(adapter.app, log_level='critical', lifespan='off'))
    thread = threading.Thread(target=server.run, kwargs={'sockets': [listener]})
    thread.start()
    try:
        yield f'http://127.0.0.1:{listener.getsockname()[1]}'
    finally:
        server.should_exit = True
        thread.join()


def task_of(truth):
    truth = json.loads(truth)
    return {'target': {'blob': truth['target']}, **{key: truth[key] for key in ('language', 'policy') if key in truth}}


class OpenEnvEnvironment(EnvironmentContract, unittest.TestCase):
    module = adapter

    @contextlib.contextmanager
    def connected(self):
        """A client of OpenEnv, whose session has ended when this ends."""
        if uvicorn is None:
            with Session() as session:
                yield session
            return
        with served() as url, GenericEnvClient(url, message_timeout_s=240).sync() as client:
            yield client

    def play(self, replies, truth=TASK):
        with self.connected() as client:
            results = [client.reset(**task_of(truth))]
            for reply in replies:
                if not results[-1].done:
                    results.append(client.step({'reply': reply}))
        turns = [result.observation['turn'] for result in results]
        images = [len(turn['images']) for turn in turns if turn['messages']]
        rewards = [result.reward for result in results[1:]]
        self.assertIsNone(results[0].reward)
        return Played(rewards, max(rewards), images, results[-1].done)

    def test_names_the_session_and_the_turn_in_its_state(self):
        with self.connected() as client:
            self.assertEqual(client.state()['step_count'], 0)
            job = client.reset(episode_id='openenv-named', **task_of(TASK)).observation['turn']['job']
            client.step({'reply': ROUGH})
            state = client.state()
        self.assertEqual((state['episode_id'], state['step_count'], state['job']), ('openenv-named', 1, job))
        self.assertEqual(state['best'], recorded('openenv-named')[0][0])
        self.assertEqual(get('/v1/environments/openenv-named')['status'], 'canceled')

    def test_ends_an_episode_at_the_next_reset(self):
        with self.behind() as gateway, self.connected() as client:
            client.reset(**task_of(TASK))
            client.reset(**task_of(TASK))
            first, second = sessions_of(gateway)
            self.assertEqual(get(f'/v1/environments/{first}')['status'], 'canceled')
            self.assertEqual(get(f'/v1/environments/{second}')['status'], 'waiting')

    def test_goes_on_after_a_failure_as_if_it_had_not_been(self):
        with self.behind(pass_on, *[drops] * self.module.ATTEMPTS) as gateway, self.connected() as client:
            client.reset(**task_of(TASK))
            self.assertRaisesRegex(RuntimeError, 'EXECUTION_ERROR', client.step, {'reply': REPLIES[0]})
            self.assertEqual(client.step({'reply': REPLIES[0]}).reward, 0)
        self.assertEqual(len(recorded(sessions_of(gateway)[0])[0]), 1)

    def test_records_the_tokens_of_a_reply(self):
        tokens = {
            'promptTokenIds': [1], 'completionTokenIds': [2, 3], 'logprobs': [-0.5, -1], 'logprobsMode': None,
            'imagePlaceholders': None,
        }
        with self.connected() as client:
            turn = client.reset(**task_of(TASK)).observation['turn']
            client.step({'reply': ROUGH, 'tokens': tokens})
        [call] = [candidate['call'] for candidate in get(f'/v1/jobs/{turn["job"]}/candidates')['data']]
        self.assertEqual(call['capture']['level'], 'token_exact')


if __name__ == '__main__':
    unittest.main()
