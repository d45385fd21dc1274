"""Pentimento as an environment of verifiers (PrimeIntellect-ai/verifiers:verifiers/legacy/envs/multiturn_env.py).

Each turn is a step of the trajectory with its own whole prompt, as that of a job, and its own reward. The reward of the
rollout is that of its best turn; where the service fails it has an `error`, and the reward is no number.
"""
import asyncio
import http.client
import json
import os
import time
from urllib.request import Request, urlopen

import datasets
import verifiers as vf

URL = os.environ.get('PENTIMENTO_URL', 'http://127.0.0.1:7400').rstrip('/') + '/v1/environments'
ATTEMPTS, MAX_WAIT_SECONDS = 30, 30.0


def load_environment(rows: str = 'rows/rows.jsonl', **more: object) -> vf.Environment:
    """The environment over the rows that ../rows.py has written for verifiers."""
    return PentimentoEnv(dataset=datasets.Dataset.from_json(rows), rubric=vf.Rubric(funcs=[pentimento_reward]), **more)


def pentimento_reward(state: vf.State) -> float:
    """The best score of the rollout's turns, 0..1."""
    scores = [step['reward'] for step in state['trajectory'] if step['reward'] is not None]
    return float('nan') if state['error'] or not scores else max(scores)


class PentimentoEnv(vf.MultiTurnEnv):
    async def setup_state(self, state: vf.State) -> None:
        truth, state['path'] = json.loads(state['answer']), f'/verifiers-{state["trajectory_id"]}'
        task = {key: truth[key] for key in ('language', 'deviceScale', 'policy') if key in truth}
        target = {'blob': truth['target']} if 'target' in truth else {'data': truth['data']}
        await self.send(state, 'reset', **task, target=target)
        state['prompt'] = state['turn']['messages']

    async def send(self, state: vf.State, action: str, **body: object) -> None:
        try:
            state['turn'] = await asyncio.to_thread(ask, 'POST', f'{state["path"]}/{action}', body)
        except RuntimeError as failure:
            raise vf.InfraError(str(failure)) from failure

    async def get_prompt_messages(self, state: vf.State) -> list:
        return state['turn']['messages']

    async def env_response(self, messages: list, state: vf.State, **kwargs: object) -> list:
        return []

    async def add_trajectory_step(self, state: vf.State, step: dict) -> None:
        await self.send(state, 'step', turn=state['turn']['turn'], reply=step['completion'][-1].content or '')
        await super().add_trajectory_step(state, {**step, 'reward': state['turn']['reward']})

    @vf.stop
    async def episode_ended(self, state: vf.State) -> bool:
        return state['turn']['done']

    @vf.cleanup
    async def end_session(self, state: vf.State) -> None:
        deletion = asyncio.to_thread(ask, 'DELETE', state['path'], attempts=1)
        await asyncio.gather(deletion, return_exceptions=True)  # The service ends a session that is left alone.


def ask(method: str, path: str, body: 'dict | None' = None, attempts: int = ATTEMPTS) -> 'dict | None':
    """The service's answer. What is busy, failing or lost is asked again: a turn is scored once, however often sent."""
    data, wait = json.dumps(body).encode() if body else None, 0.0
    for attempt in range(attempts):
        time.sleep(wait)
        try:
            request = Request(URL + path, data, {'content-type': 'application/json'}, method=method)
            with urlopen(request, timeout=270) as reply:
                return json.loads(reply.read() or 'null')
        except (OSError, http.client.HTTPException, ValueError) as error:
            if getattr(error, 'code', 503) not in (429, 500, 502, 503, 504):
                raise RuntimeError(f'{path}: {error.read(2000).decode(errors="replace")}') from error
            failure, asked = error, (getattr(error, 'headers', None) or {}).get('retry-after', '')
        wait = min(MAX_WAIT_SECONDS, float(asked) if asked.isdigit() else 0.5 * 2**attempt)
    raise RuntimeError(f'{URL}{path}: {failure}')
