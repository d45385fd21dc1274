"""Pentimento's reward for verl, called for each sample (verl-project/verl:verl/experimental/reward_loop).

`reward_model.ground_truth` is the ground truth of ../README.md, with the blob of the target or its bytes: verl passes
no images to a reward function.
"""
import asyncio
import http.client
import json
import os
import time
import urllib.request

TERMS = {'score': 'overall', 'visual': 'visual', 'alignment': 'alignment', 'execution': 'execution'}
URL = os.environ.get('PENTIMENTO_URL', 'http://127.0.0.1:7400').rstrip('/') + '/v1/rewards/score'
MAX_ITEMS, MAX_BYTES, ATTEMPTS, MAX_WAIT_SECONDS = 256, 60 * 2**20, 8, 30.0


async def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: str,
    extra_info: 'dict | None' = None,
    failure_score: 'float | None' = None,
    **_kwargs: object,
) -> dict:
    """Numbers 0..1 under the same keys for each sample. Without a score: raises, or failure_score and `valid` 0."""
    truth = json.loads(ground_truth)
    reference = {'blob': truth['target']} if truth.get('target') else {'data': truth['data']}
    options = {key: truth[key] for key in ('language', 'viewport', 'deviceScale') if key in truth}
    options.update({'base': {'blob': truth['code']}} if 'code' in truth else {})
    item = {'id': '0', 'response': solution_str[: 2**19], 'reference': reference, **options}
    [result] = await asyncio.to_thread(score, [item])
    if result['status'] in ('ok', 'no_code', 'edit_failed', 'not_rendered'):
        return {**{key: float(result['components'][term]) for key, term in TERMS.items()}, 'valid': 1.0}
    if failure_score is None:
        raise RuntimeError(f'{result["status"]}: {result["error"]["message"]}')
    return {**dict.fromkeys(TERMS, float(failure_score)), 'valid': 0.0}


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
