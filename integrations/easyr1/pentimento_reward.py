"""Pentimento's reward for EasyR1 (hiyouga/EasyR1:verl/workers/reward/function.py) and VinciCoder's fork of it. The
column `answer` is the ground truth of ../README.md. The fork also passes `multi_modal_data` and `problem`, in which
WORDS name the language (DocTron-hub/VinciCoder:verl/workers/reward/function.py, examples/reward_function/).
"""
import base64
import http.client
import io
import json
import os
import pathlib
import time
import urllib.request

REWARD_NAME, REWARD_TYPE = 'pentimento', 'batch'
WORDS = {'svg': 'svg', 'html': 'html', 'python': 'python', 'latex': 'latex', 'mermaid': 'mermaid', 'tikz': 'latex'}
TERMS = {'overall': 'overall', 'format': 'alignment', 'accuracy': 'visual', 'execution': 'execution'}
URL = os.environ.get('PENTIMENTO_URL', 'http://127.0.0.1:7400').rstrip('/') + '/v1/rewards/score'
MAX_ITEMS, MAX_BYTES, ATTEMPTS, MAX_WAIT_SECONDS = 256, 60 * 2**20, 8, 30.0


def compute_score(reward_inputs: list, failure_score: 'float | None' = None) -> list:
    """Numbers for each input, in order, under the same keys. Without a score: raises, or failure_score, `valid` 0."""
    images = [next(iter((row.get('multi_modal_data') or {}).get('images') or []), b'') for row in reward_inputs]
    results = score([item_of(row, image) for row, image in zip(reward_inputs, images)])
    again = [i for i, result in enumerate(results) if result['status'] == 'invalid' and images[i]]
    for i, result in zip(again, score([item_of(reward_inputs[i], images[i], inline=True) for i in again])):
        results[i] = result
    return [numbers_of(result, failure_score) for result in results]


def numbers_of(result: dict, failure_score: 'float | None') -> dict:
    if result['status'] in ('ok', 'no_code', 'edit_failed', 'not_rendered'):
        return {**{key: float(result['components'][term]) for key, term in TERMS.items()}, 'valid': 1.0}
    if failure_score is None:
        raise RuntimeError(f'{result["status"]}: {result["error"]["message"]}')
    return {**dict.fromkeys(TERMS, float(failure_score)), 'valid': 0.0}


def item_of(row: dict, image: object, inline: bool = False) -> dict:
    """The target is named by its blob, or sent. A reply that is cut short has no closed fence, so it has no code."""
    truth = json.loads(row['ground_truth']) if row['ground_truth'].startswith('{') else {}
    named = next((language for word, language in WORDS.items() if word in row.get('problem', '').lower()), 'python')
    is_named = truth.get('target') and not inline
    reference = {'blob': truth['target']} if is_named else {'data': truth.get('data') or encode(image)}
    options = {key: truth[key] for key in ('language', 'viewport', 'deviceScale') if key in truth}
    options.update({'base': {'blob': truth['code']}} if 'code' in truth else {})
    return {'id': '0', 'language': named, 'response': row['response'][: 2**19], 'reference': reference, **options}


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
