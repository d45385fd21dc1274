"""Follows the classic environments of PrimeIntellect-ai/verifiers at a60a606 for a Python without that package:
`verifiers/legacy/envs/multiturn_env.py` (`rollout`), `envs/environment.py` (`init_state`, `is_completed`, `cleanup`,
`_run_rollout_state`, `run_rollout`) and `rubrics/rubric.py` (`score_rollout`), as far as an adapter meets them.
"""
import copy
import json
import types
import uuid

from support import stub


class Error(Exception):
    pass


class InfraError(Error):
    pass


class State(dict):
    INPUT_FIELDS = ('prompt', 'answer', 'info', 'example_id')

    def __getitem__(self, key):
        if key in self.INPUT_FIELDS and key in (given := self.get('input', {})):
            return given[key]
        return super().__getitem__(key)

    def __setitem__(self, key, value):
        if key in self.INPUT_FIELDS and key in (given := self.get('input', {})):
            given[key] = value
        else:
            super().__setitem__(key, value)


def stop(func):
    func.stop = True
    return func


def cleanup(func):
    func.cleanup = True
    return func


class Rubric:
    def __init__(self, funcs):
        self.funcs = funcs

    async def score_rollout(self, state):
        scores = []
        for func in self.funcs:
            try:
                scores.append(float(func(state=state)))
            except Exception:
                scores.append(0.0)
        state['reward'] = sum(scores)


class MultiTurnEnv:
    def __init__(self, dataset, rubric, max_turns=-1):
        self.dataset, self.rubric, self.max_turns = dataset, rubric, max_turns

    def handlers(self, mark):
        found = [getattr(type(self), name) for name in dir(type(self))]
        return [func.__get__(self) for func in found if getattr(func, mark, False)]

    def get_dataset(self):
        return self.dataset

    @stop
    async def max_turns_reached(self, state):
        return len(state['trajectory']) >= self.max_turns and self.max_turns > 0

    async def is_completed(self, state):
        if state['error'] is not None:
            state['stop_condition'] = 'has_error'
            return True
        for condition in self.handlers('stop'):
            if await condition(state):
                state['stop_condition'] = condition.__name__
                return True
        return False

    async def add_trajectory_step(self, state, trajectory_step):
        state['trajectory'].append(trajectory_step)

    async def add_model_response(self, state, prompt_messages, response):
        completion = [types.SimpleNamespace(role='assistant', content=response.message.content)]
        step = {'prompt': prompt_messages, 'completion': completion, 'response': response, 'tokens': None}
        step.update(reward=None, advantage=None, trajectory_id=state['trajectory_id'], extras={})
        await self.add_trajectory_step(state, step)

    async def rollout(self, given, client, model, sampling_args=None):
        state = State(input=copy.deepcopy(given))
        if isinstance(state['input'].get('info'), str):
            state['input']['info'] = json.loads(state['input']['info'])
        state.update(trajectory=[], trajectory_id=uuid.uuid4().hex, error=None, reward=None)
        try:
            try:
                await self.setup_state(state)
            except Error as error:
                state['error'] = error
            while not await self.is_completed(state):
                try:
                    prompt_messages = await self.get_prompt_messages(state)
                    response = await client.get_response(prompt_messages, model, sampling_args)
                    await self.add_model_response(state, prompt_messages, response)
                except Error as error:
                    state['error'] = error
        finally:
            for handler in self.handlers('cleanup'):
                await handler(state)
        return state

    async def run_rollout(self, given, client, model, sampling_args, state_columns=()):
        state = await self.rollout(given, client, model, sampling_args)
        await self.rubric.score_rollout(state)
        return {key: state[key] for key in ('reward', 'error', 'stop_condition', *state_columns)}


class Client:
    pass


class Response(types.SimpleNamespace):
    pass


class Dataset:
    @staticmethod
    def from_json(path):
        with open(path) as file:
            return [json.loads(line) for line in file]


stub('datasets', Dataset=Dataset)
stub(
    'verifiers', State=State, Environment=MultiTurnEnv, MultiTurnEnv=MultiTurnEnv, Rubric=Rubric, InfraError=InfraError,
    stop=stop, cleanup=cleanup,
)
stub('verifiers.types', Response=Response, ResponseMessage=Response)
stub('verifiers.clients', Client=Client)


class Fields:
    """Stands for a model of pydantic."""

    def __init__(self, **fields):
        vars(self).update(fields)

    def __class_getitem__(cls, _types):
        return cls


class Task(Fields):
    def __init__(self, data, config=None):
        self.data, self.config = data, config


class Taskset(Fields):
    def __init__(self, config):
        self.config = config


class Env(Fields):
    """`run_episode` of `verifiers/v1/env.py`: what `run` raises is an error of the episode."""

    async def run_episode(self, task, ctx):
        traces, errors = [], []
        agents = self._episode_agents(ctx, traces, None, None)
        try:
            await self.run(task, agents)
        except Exception as error:
            errors.append(types.SimpleNamespace(type=type(error).__name__, message=str(error)))
        return types.SimpleNamespace(traces=traces, errors=errors, ok=not errors)


class TasksetConfig(Fields):
    task = None


stub(
    'verifiers.v1', TaskData=Fields, Task=Task, TasksetConfig=TasksetConfig, Taskset=Taskset, EnvConfig=Fields,
    AgentConfig=Fields, Env=Env, Agents=Fields, Interaction=Fields,
)
