"""Pentimento as an agent loop of verl (verl-project/verl:verl/experimental/agent_loop/agent_loop.py).

`reward_model.ground_truth` is the ground truth of ../README.md. An episode is one sequence of prompts and replies, of
which the replies are trained on, with the best of their scores as the reward. A failure of the service raises."""
import asyncio
import http.client
import json
import os
import time
from urllib.request import Request, urlopen

from PIL import Image
from verl.experimental.agent_loop.agent_loop import AgentLoopBase, AgentLoopOutput, register

URL = os.environ.get('PENTIMENTO_URL', 'http://127.0.0.1:7400').rstrip('/') + '/v1/environments'
ATTEMPTS, MAX_WAIT_SECONDS = 30, 30.0


@register('pentimento')
class PentimentoAgentLoop(AgentLoopBase):
    async def run(self, sampling_params: dict, **kwargs: object) -> AgentLoopOutput:
        truth, path = json.loads(kwargs['reward_model']['ground_truth']), f'/verl-{os.urandom(16).hex()}'
        task = {key: truth[key] for key in ('language', 'deviceScale', 'policy') if key in truth}
        task['target'] = {'blob': truth['target']} if 'target' in truth else {'data': truth['data']}
        try:
            return await self.play(path, await asyncio.to_thread(ask, 'POST', f'{path}/reset', task), sampling_params)
        finally:  # The service ends a session that is left alone.
            await asyncio.gather(asyncio.to_thread(ask, 'DELETE', path, attempts=1), return_exceptions=True)

    async def play(self, path: str, turn: dict, sampling_params: dict) -> AgentLoopOutput:
        (messages, images), scores, extra, limit = prompt_of(turn), [], {}, self.rollout_config.response_length
        ids, mask, logprobs = await self.ct_build_initial_tokens(messages, images=images), [], None
        options = {'sampling_params': sampling_params, 'mm_processor_kwargs': self._get_mm_processor_kwargs()}
        while True:
            sampled = await self.server_manager.generate(path[1:], prompt_ids=ids, image_data=images, **options)
            extra = {**sampled.extra_fields, **extra, 'max_global_steps': sampled.extra_fields.get('max_global_steps')}
            known = (mask, logprobs or ([] if sampled.log_probs else None), sampled.log_probs or None)
            merged, mask, logprobs = await self.ct_merge_assistant_token(ids, sampled.token_ids, *known)
            ids, reply = merged.token_ids, self.tokenizer.decode(sampled.token_ids, skip_special_tokens=True)
            turn = await asyncio.to_thread(ask, 'POST', f'{path}/step', {'turn': turn['turn'], 'reply': reply})
            scores += [] if turn['reward'] is None else [turn['reward']]
            before, (added, more) = [*messages, {'role': 'assistant', 'content': reply}], prompt_of(turn)
            messages = [*before, *added[1:]]
            if turn['done']:
                break
            merged, *aligned = await self.ct_merge_non_assistant_msg(before, messages, ids, mask, logprobs)
            if len(aligned[0]) >= limit:
                break
            ids, images, (mask, logprobs) = merged.token_ids, [*images, *more], aligned
        extra.update(turn_scores=scores, tool_rewards=[], reward_extra_info={'first': scores[0], 'last': scores[-1]})
        start, logprobs = len(ids) - len(mask), logprobs and logprobs[:limit]
        tokens = {'prompt_ids': ids[:start], 'response_ids': ids[start:][:limit], 'response_mask': mask[:limit]}
        outcome = {'multi_modal_data': {'images': images}, 'reward_score': max(scores), 'num_turns': 2 * len(scores)}
        return AgentLoopOutput(**tokens, **outcome, response_logprobs=logprobs, metrics={}, extra_fields=extra)


def prompt_of(turn: dict) -> tuple:
    """The messages of the open prompt, with their images in place, and these images in order."""
    for part in (parts := [part for message in turn['messages'][1:] for part in message['content']]):
        if part['type'] == 'image_url':
            part.update(type='image', image=Image.open(urlopen(part.pop('image_url')['url'])).convert('RGB'))
    return turn['messages'], [part['image'] for part in parts if part['type'] == 'image']


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
