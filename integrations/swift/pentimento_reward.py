"""Pentimento's reward for ms-swift (modelscope/ms-swift:swift/rewards/orm.py); `solution` is the ground truth of
../README.md. None is 0 there (swift/rl_core/advantage.py): no score raises, or is None with PENTIMENTO_ON_FAILURE=none.
"""
import asyncio
import base64
import http.client
import io
import json
import os
import pathlib
import time
import urllib.request

from swift.rewards import AsyncORM, orms

URL = os.environ.get('PENTIMENTO_URL', 'http://127.0.0.1:7400').rstrip('/') + '/v1/rewards/score'
MAX_ITEMS, MAX_BYTES, ATTEMPTS, MAX_WAIT_SECONDS = 256, 60 * 2**20, 8, 30.0


class PentimentoReward(AsyncORM):
    async def __call__(self, completions: list, solution: list, images: 'list | None' = None, **_: object) -> list:
        """The overall score of each completion, 0..1, in order."""
        return await asyncio.to_thread(rewards_of, completions, solution, images or [None] * len(completions))


def rewards_of(replies: list, truths: list, images: list) -> list:
    rows = [(reply, json.loads(truth), (shown or [b''])[0]) for reply, truth, shown in zip(replies, truths, images)]
    results = score([item_of(*row) for row in rows])
    again = [i for i, result in enumerate(results) if result['status'] == 'invalid' and rows[i][2]]
    for i, result in zip(again, score([item_of(*rows[i], inline=True) for i in again])):
        results[i] = result
    failed = [result for result in results if result['status'] not in ('ok', 'no_code', 'edit_failed', 'not_rendered')]
    if failed and os.environ.get('PENTIMENTO_ON_FAILURE', 'raise') != 'none':
        raise RuntimeError(f'{failed[0]["status"]}: {failed[0]["error"]["message"]}')
    return [result.get('components', {}).get('overall') for result in results]


def item_of(reply: str, truth: dict, image: object, inline: bool = False) -> dict:
    """The target is named by its blob, or sent. A reply that is cut short has no closed fence, so it has no code."""
    is_named = truth.get('target') and not inline
    reference = {'blob': truth['target']} if is_named else {'data': truth.get('data') or encode(image)}
    options = {key: truth[key] for key in ('language', 'viewport', 'deviceScale') if key in truth}
    options.update({'base': {'blob': truth['code']}} if 'code' in truth else {})
    return {'id': '0', 'response': reply[: 2**19], 'reference': reference, **options}


def encode(image: object) -> str:
    """Base64 of an image as rows hold it: PIL, {bytes, path}, bytes or a path."""
    if isinstance(image, dict):
        image = image.get('bytes') or image['path']
    if not isinstance(image, (bytes, str)):
        image.save(file := io.BytesIO(), 'PNG')
        image = file.getvalue()
    return base64.b64encode(image if isinstance(image, bytes) else pathlib.Path(image).read_bytes()).decode()


def score(items: list) -> list:
    """The result of each item, in order. What is busy, failing or lost is asked for again, about a minute of waits."""
    body, results, wait = json.dumps({'deadlineMs': 240_000, 'items': items}).encode(), [], 0.0
    if len(items) > MAX_ITEMS or (len(items) > 1 and len(body) > MAX_BYTES):
        return score(items[: len(items) // 2]) + score(items[len(items) // 2 :])
    for attempt in range(ATTEMPTS if items else 0):
        time.sleep(wait)
        try:
            request = urllib.request.Request(URL, body, {'content-type': 'application/json'})
            with urllib.request.urlopen(request, timeout=270) as reply:
                results, asked = json.load(reply)['results'], ''
            if all(result['status'] not in ('deadline', 'unavailable') for result in results):
                break
        except (OSError, http.client.HTTPException, ValueError) as error:
            if getattr(error, 'code', 503) not in (429, 500, 502, 503, 504):
                raise RuntimeError(f'{URL}: {error.read(2000).decode(errors="replace")}') from error
            results = results or [{'status': 'unavailable', 'error': {'message': str(error)}}] * len(items)
            asked = (getattr(error, 'headers', None) or {}).get('retry-after', '')
        wait = min(MAX_WAIT_SECONDS, float(asked) if asked.isdigit() else 0.5 * 2**attempt)
    return results


orms['pentimento'] = PentimentoReward
