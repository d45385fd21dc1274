"""Pentimento as a tool of verl's `tool_agent` (verl-project/verl:verl/tools/base_tool.py), and its reward function.

verl creates and releases a tool for each call, so an episode is kept with its trajectory. What a tool raises becomes an
answer to the model with a reward of 0, so a failure of the service is kept there too, and `compute_score` raises it."""
import asyncio
import contextlib
import http.client
import json
import os
import time
from urllib.request import Request, urlopen

from PIL import Image
from verl.tools.base_tool import BaseTool
from verl.tools.schemas import ToolResponse

URL = os.environ.get('PENTIMENTO_URL', 'http://127.0.0.1:7400').rstrip('/') + '/v1/environments'
ATTEMPTS, MAX_WAIT_SECONDS = 30, 30.0
NO_SCORE = {'turn': None, 'reward': None, 'done': True, 'messages': []}


class PentimentoTool(BaseTool):
    async def execute(self, instance_id: str, parameters: dict, agent_data: object, **kwargs: object) -> tuple:
        """The next prompt with its images, the score of the reply, and no metrics. Without a score: None."""
        truth = json.loads(agent_data.tools_kwargs[self.name]['create_kwargs']['ground_truth'])
        task = {key: truth[key] for key in ('language', 'deviceScale', 'policy') if key in truth}
        task['target'] = {'blob': truth['target']} if 'target' in truth else {'data': truth['data']}
        begun = {'path': f'/verl-{os.urandom(16).hex()}', 'task': task, 'turn': None, 'done': False, 'scores': []}
        episode = agent_data.extra_fields.setdefault('pentimento', begun)
        return await asyncio.to_thread(respond, episode, str(parameters.get('reply', '')))


def respond(episode: dict, reply: str) -> tuple:
    """As `execute`. The first reply begins the episode; those after its end are not scored."""
    turn = NO_SCORE
    try:
        if episode['turn'] is None and not episode['done']:
            episode['turn'] = ask('POST', f'{episode["path"]}/reset', episode['task'])['turn']
        if not episode['done']:
            turn = ask('POST', f'{episode["path"]}/step', {'turn': episode['turn'], 'reply': reply})
    except RuntimeError as failure:
        episode['failure'] = str(failure)
    episode.update(turn=turn['turn'], done=turn['done'])
    episode['scores'] += [] if turn['reward'] is None else [turn['reward']]
    parts = [part for message in turn['messages'][1:] for part in message['content']]
    images = [Image.open(urlopen(part['image_url']['url'])).convert('RGB') for part in parts if 'image_url' in part]
    text = '\n'.join(part['text'] for part in parts if 'text' in part) or 'The task has ended.'
    return ToolResponse(text=text, image=images), turn['reward'], {}


def compute_score(data_source: str, solution_str: str, ground_truth: str, extra_info: dict, **kwargs: object) -> dict:
    """The best score of the calls of a trajectory, 0..1; 0 where it has made none."""
    episode = extra_info.get('pentimento')
    if not episode:
        return {'score': 0.0, 'turns': 0}
    with contextlib.suppress(RuntimeError):  # The service ends a session that is left alone.
        ask('DELETE', episode['path'], attempts=1)
    if 'failure' in episode or not episode['scores']:
        raise RuntimeError(episode.get('failure', 'No reply was scored.'))
    return {'score': max(episode['scores']), 'turns': len(episode['scores'])}


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
