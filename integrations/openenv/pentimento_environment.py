"""Pentimento as an environment of OpenEnv (meta-pytorch/OpenEnv:src/openenv/core/env_server/interfaces.py).

`uvicorn pentimento_environment:app` serves it. Each WebSocket connection is one session; OpenEnv's `POST /reset` and
`POST /step` make an environment for every request, so that an episode cannot go over them.
"""
import contextlib
import http.client
import json
import os
import time
from urllib.request import Request, urlopen

from openenv.core.env_server.http_server import create_app
from openenv.core.env_server.interfaces import Environment
from openenv.core.env_server.types import Action, Observation, State

URL = os.environ.get('PENTIMENTO_URL', 'http://127.0.0.1:7400').rstrip('/') + '/v1/environments'
ATTEMPTS, MAX_WAIT_SECONDS = 30, 30.0


class PentimentoAction(Action):
    reply: str
    tokens: 'dict | None' = None


class PentimentoObservation(Observation):
    turn: dict
    """The open prompt, and what became of the last reply: `EnvironmentTurn` of openapi.json."""


class PentimentoEnvironment(Environment):
    SUPPORTS_CONCURRENT_SESSIONS = True
    _path, _turn = None, {'session': None, 'turn': 0, 'job': None, 'best': None}

    def reset(self, seed: 'int | None' = None, episode_id: 'str | None' = None, **task: object) -> Observation:
        """Begins an episode. The task is the body of `POST /v1/environments/{id}/reset`; the id is episode_id."""
        self.close()
        self._path = f'/{episode_id or "openenv-" + os.urandom(16).hex()}'
        return self._observe(ask('POST', f'{self._path}/reset', task))

    def step(self, action: Action, timeout_s: 'float | None' = None, **options: object) -> Observation:
        body = {'turn': self._turn['turn'], 'reply': action.reply}
        tokens = {'tokens': action.tokens} if action.tokens else {}
        return self._observe(ask('POST', f'{self._path}/step', {**body, **tokens}))

    def _observe(self, turn: dict) -> Observation:
        self._turn = turn
        return PentimentoObservation(turn=turn, done=turn['done'], reward=turn['reward'])

    @property
    def state(self) -> State:
        session, turn, job, best = [self._turn[key] for key in ('session', 'turn', 'job', 'best')]
        return State(episode_id=session, step_count=turn, job=job, best=best)

    def close(self) -> None:
        with contextlib.suppress(RuntimeError):  # The service ends a session that is left alone.
            if self._path:
                ask('DELETE', self._path, attempts=1)


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


app = create_app(PentimentoEnvironment, PentimentoAction, PentimentoObservation, 'pentimento', max_concurrent_envs=4096)
