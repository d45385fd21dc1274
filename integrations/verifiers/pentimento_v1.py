"""Pentimento as an environment of verifiers v1, for prime-rl (PrimeIntellect-ai/verifiers:verifiers/v1/env.py).

The prompts of an episode follow one another in one conversation. Its reward is its best score; `turn_rewards` has all.
A failure of the service is an error of the episode, which is then not trained on."""
import asyncio
import http.client
import json
import os
import time
from urllib.request import Request, urlopen

import verifiers.v1 as vf

__all__ = ['PentimentoEnv', 'PentimentoTaskset']
URL = os.environ.get('PENTIMENTO_URL', 'http://127.0.0.1:7400').rstrip('/') + '/v1/environments'
ATTEMPTS, MAX_WAIT_SECONDS = 30, 30.0


class PentimentoData(vf.TaskData):
    ground_truth: dict


class PentimentoTask(vf.Task[PentimentoData]):
    """An image to draw."""


class PentimentoConfig(vf.TasksetConfig):
    rows: str = 'rows/rows.jsonl'


class PentimentoTaskset(vf.Taskset[PentimentoTask, PentimentoConfig]):
    def load(self) -> list:
        with open(self.config.rows) as file:
            truths = [json.loads(json.loads(line)['answer']) for line in file]
        return [PentimentoTask(PentimentoData(ground_truth=truth), self.config.task) for truth in truths]


class PentimentoEnvConfig(vf.EnvConfig):
    policy: vf.AgentConfig = vf.AgentConfig(harness={'id': 'null'}, runtime={'type': 'subprocess'})


class PentimentoEnv(vf.Env[PentimentoEnvConfig]):
    async def run(self, task: PentimentoTask, agents: vf.Agents) -> None:
        truth, path = task.data.ground_truth, f'/verifiers-{os.urandom(16).hex()}'
        begun = {key: truth[key] for key in ('language', 'deviceScale', 'policy') if key in truth}
        begun['target'] = {'blob': truth['target']} if 'target' in truth else {'data': truth['data']}
        try:
            turn = await asyncio.to_thread(ask, 'POST', f'{path}/reset', begun)
            data = vf.TaskData(system_prompt=turn['messages'][0]['content'])
            async with agents.policy.interaction(vf.Task(data)) as policy:
                await self.play(policy, path, turn)
        finally:
            await asyncio.gather(asyncio.to_thread(ask, 'DELETE', path, attempts=1), return_exceptions=True)

    async def play(self, policy: vf.Interaction, path: str, turn: dict) -> None:
        policy.trace.info['turn_rewards'] = scores = []
        while not turn['done'] and not (segment := await policy.turn(turn['messages'][1:])).terminated:
            body = {'turn': turn['turn'], 'reply': segment.last_reply}
            turn = await asyncio.to_thread(ask, 'POST', f'{path}/step', body)
            scores += [] if turn['reward'] is None else [turn['reward']]
        if scores:
            policy.trace.record_reward('pentimento', max(scores))


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
