"""Pentimento as a resources server of NeMo Gym (NVIDIA-NeMo/Gym:nemo_gym/base_resources_server.py).

`verifier_metadata` of a row is the ground truth of integrations/README.md. Where the service fails, the answer is a
status of 500, for which Gym lists the rollout as failed."""
import asyncio
import http.client
import json
import os
import time
from urllib.request import Request, urlopen

import fastapi
from nemo_gym.base_resources_server import BaseResourcesServerConfig, BaseVerifyRequest, SimpleResourcesServer
from nemo_gym.server_utils import SESSION_ID_KEY
from pydantic import ConfigDict, Field

URL = os.environ.get('PENTIMENTO_URL', 'http://127.0.0.1:7400').rstrip('/') + '/v1/environments'
ATTEMPTS, MAX_WAIT_SECONDS = 30, 30.0


class VerifyRequest(BaseVerifyRequest):
    model_config = ConfigDict(extra='allow')


class PentimentoServer(SimpleResourcesServer):
    config: BaseResourcesServerConfig
    scores: dict = Field(default_factory=dict)

    def setup_webserver(self) -> fastapi.FastAPI:
        app = super().setup_webserver()
        app.post('/step')(self.step)
        return app

    async def seed_session(self, request: fastapi.Request, body: dict) -> dict:
        """Begins the session's episode. The answer is that of the service, with the first prompt."""
        truth, session = body['verifier_metadata'], request.session[SESSION_ID_KEY]
        task = {key: truth[key] for key in ('language', 'deviceScale', 'policy') if key in truth}
        task['target'] = {'blob': truth['target']} if 'target' in truth else {'data': truth['data']}
        self.scores[session] = []
        return await asyncio.to_thread(ask, 'POST', f'/nemo-{session}/reset', task)

    async def step(self, request: fastapi.Request, body: dict) -> dict:
        session = request.session[SESSION_ID_KEY]
        turn = await asyncio.to_thread(ask, 'POST', f'/nemo-{session}/step', body)
        self.scores[session] += [] if turn['reward'] is None else [turn['reward']]
        return turn

    async def verify(self, request: fastapi.Request, body: VerifyRequest) -> dict:
        """What was sent, and the best score of the episode as its reward."""
        session = request.session[SESSION_ID_KEY]
        deletion = asyncio.to_thread(ask, 'DELETE', f'/nemo-{session}', attempts=1)
        await asyncio.gather(deletion, return_exceptions=True)  # The service ends a session that is left alone.
        scores = self.scores.pop(session)
        return {**body.model_dump(), 'reward': max(scores), 'turn_rewards': scores}


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


if __name__ == '__main__':
    PentimentoServer.run_webserver()
