"""Pentimento as an environment of TRL (huggingface/trl:trl/trainer/grpo_trainer.py, `environment_factory`).

The column `solution` is the ground truth of ../README.md, and PENTIMENTO_ON_FAILURE as in pentimento_reward.py."""
import contextlib
import http.client
import json
import os
import time
from urllib.request import Request, urlopen

from PIL import Image

URL = os.environ.get('PENTIMENTO_URL', 'http://127.0.0.1:7400').rstrip('/') + '/v1/environments'
ATTEMPTS, MAX_WAIT_SECONDS = 30, 30.0


class PentimentoEnvironment:
    def reset(self, solution: str, **columns: object) -> list:
        """The first prompt of an episode, which TRL adds to the last message of the row's own prompt."""
        truth, self._path, self._scores, self._failure = json.loads(solution), f'/trl-{os.urandom(16).hex()}', [], None
        task = {key: truth[key] for key in ('language', 'deviceScale', 'policy') if key in truth}
        task['target'] = {'blob': truth['target']} if 'target' in truth else {'data': truth['data']}
        self._turn = ask('POST', f'{self._path}/reset', task)
        rules = self._turn['messages'][0]['content'] + '\nAnswer by calling submit.\n\n'
        return [{'type': 'text', 'text': rules}, *parts_of(self._turn)]

    def submit(self, reply: str) -> list:
        """Gives the answer to the newest prompt. Returns the next prompt, which shows what the code draws.

        Args:
            reply: The whole answer in the form that the prompt asks for: code in a fenced block, or edits.
        """
        if not self._turn['done']:
            try:  # The model may write an argument of another type.
                self._turn = ask('POST', f'{self._path}/step', {'turn': self._turn['turn'], 'reply': str(reply)})
                self._scores.append(self._turn['reward'])
            except RuntimeError as failure:  # TRL would show it to the model and go on.
                self._failure, self._turn = failure, {'done': True, 'messages': [], 'stop': {'detail': 'No answer.'}}
        return parts_of(self._turn)

    def _finish(self, completion: list) -> 'float | None':
        """The best score of the episode. A completion that has submitted nothing is itself the first reply."""
        if self._turn.get('turn') == 0:
            self.submit([turn['content'] for turn in completion if turn['role'] == 'assistant'][-1])
        with contextlib.suppress(RuntimeError):  # The service ends a session that is left alone.
            ask('DELETE', self._path, attempts=1)
        if self._failure and os.environ.get('PENTIMENTO_ON_FAILURE', 'none') != 'none':
            raise self._failure
        return None if self._failure else max((score for score in self._scores if score is not None), default=None)


def pentimento_reward(completions: list, environments: list, **columns: object) -> list:
    """The best score of each episode, 0..1, in order, or None where the service failed."""
    return [environment._finish(completion) for environment, completion in zip(environments, completions)]


def parts_of(turn: dict) -> list:
    """The texts and the images of the open prompt without its instructions, or why there is none."""
    for part in (parts := [part for message in turn['messages'][1:] for part in message['content']]):
        if part['type'] == 'image_url':
            part.update(type='image', image=Image.open(urlopen(part.pop('image_url')['url'])).convert('RGB'))
    return parts or [{'type': 'text', 'text': f'The task has ended: {turn["stop"]["detail"]}'}]


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
