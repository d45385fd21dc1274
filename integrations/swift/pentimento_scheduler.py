"""Pentimento as a multi-turn scheduler of ms-swift (modelscope/ms-swift:swift/rollout/multi_turn.py).

`solution` is the ground truth of ../README.md. The prompts of an episode follow one another in one conversation. Its
reward is its best score, which `use_gym_env` takes from `rollout_infos`. A failure of the service raises."""
import asyncio
import http.client
import json
import os
import time
from urllib.request import Request, urlopen

from swift.rollout import MultiTurnScheduler, multi_turns

URL = os.environ.get('PENTIMENTO_URL', 'http://127.0.0.1:7400').rstrip('/') + '/v1/environments'
ATTEMPTS, MAX_WAIT_SECONDS = 30, 30.0


class PentimentoScheduler(MultiTurnScheduler):
    episodes: dict = {}

    async def on_trajectory_start(self, requests: list) -> None:
        await asyncio.gather(*[asyncio.to_thread(self.begin, request) for request in requests])

    def begin(self, request: object) -> None:
        truth, path = json.loads(request.data_dict['solution']), f'/swift-{os.urandom(16).hex()}'
        task = {key: truth[key] for key in ('language', 'deviceScale', 'policy') if key in truth}
        task['target'] = {'blob': truth['target']} if 'target' in truth else {'data': truth['data']}
        turn = ask('POST', f'{path}/reset', task)
        self.episodes[request.uuid] = {'path': path, 'turn': turn, 'scores': []}
        request.messages, images = messages_of(turn)
        if len(images) != len(request.images):  # In colocate mode the first turn shows those of the row.
            request.images = images

    async def on_turn_end(self, infer_request: object, response_choice: object, current_turn: int) -> dict:
        episode = self.episodes[infer_request.uuid]
        body = {'turn': episode['turn']['turn'], 'reply': response_choice.message.content}
        turn = episode['turn'] = await asyncio.to_thread(ask, 'POST', f'{episode["path"]}/step', body)
        episode['scores'] += [] if turn['reward'] is None else [turn['reward']]
        infos = {'total_reward': max(episode['scores']), 'step_rewards': [*episode['scores']]}
        if is_done := turn['done'] or current_turn == self.max_turns:
            del self.episodes[infer_request.uuid]
            deletion = asyncio.to_thread(ask, 'DELETE', episode['path'], attempts=1)
            await asyncio.gather(deletion, return_exceptions=True)  # The service ends a session that is left alone.
        return {'done': is_done, 'rollout_infos': {**infos, 'images': [*infer_request.images]}}

    def step(self, infer_request: object, response_choice: object, current_turn: int) -> dict:
        messages, images = messages_of(self.episodes[infer_request.uuid]['turn'])
        infer_request.messages += messages[1:]
        infer_request.images = [*infer_request.images, *images]
        return {'infer_request': infer_request}


def messages_of(turn: dict) -> tuple:
    """The messages of the open prompt, with <image> for each image, and the images in order."""
    parts = [part for message in turn['messages'][1:] for part in message['content']]
    user = {'role': 'user', 'content': ''.join(part.get('text', '<image>') for part in parts)}
    return [turn['messages'][0], user], [part['image_url']['url'] for part in parts if 'image_url' in part]


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


multi_turns['pentimento'] = PentimentoScheduler
