"""Follows modelscope/ms-swift at 3602360 for a Python without that package: `swift/rollout/multi_turn.py`
(`MultiTurnScheduler.run`, `check_finished`), `swift/rollout/agent_loop.py` (`invoke_async_hook`, `run_multi_turn`) and
`swift/infer_engine/protocol.py`, as far as a scheduler meets them.
"""
import asyncio
import types

from support import stub


class RolloutInferRequest:
    def __init__(self, messages, images=(), data_dict=None, uuid=None):
        self.messages, self.images, self.data_dict, self.uuid = messages, list(images), data_dict or {}, uuid


class RolloutOutput(types.SimpleNamespace):
    pass


class MultiTurnScheduler:
    def __init__(self, infer_engine=None, max_turns=None, *args, **kwargs):
        self.infer_engine, self.max_turns = infer_engine, max_turns

    async def on_trajectory_start(self, requests):
        pass

    async def on_turn_end(self, infer_request, response_choice, current_turn):
        return {}

    def check_finished(self, infer_request, response_choice, current_turn):
        if response_choice.finish_reason == 'length':
            return True
        return bool(self.max_turns and current_turn >= self.max_turns)

    async def run(self, infer_request, request_config, **kwargs):
        request, current_turn, rollout_infos = infer_request, 1, {}
        await self.on_trajectory_start([request])
        while True:
            messages = request.messages
            if current_turn == 1 and messages[-1]['role'] == 'assistant':
                messages.pop()
            response = await self.infer_engine.infer_async(request, request_config, **kwargs)
            choice = response.choices[0]
            messages.append({'role': 'assistant', 'content': choice.message.content})
            result = await self.on_turn_end(request, choice, current_turn)
            rollout_infos.update(result.get('rollout_infos') or {})
            should_stop = result.get('done', self.check_finished(request, choice, current_turn))
            if should_stop or (self.max_turns and current_turn >= self.max_turns):
                infos = {**rollout_infos, 'num_turns': current_turn}
                return RolloutOutput(response=response, messages=messages, rollout_infos=infos)
            stepped = self.step(request, choice, current_turn)
            request = stepped['infer_request']
            rollout_infos.update(stepped.get('rollout_infos') or {})
            current_turn += 1


def invoke_async_hook(coroutine):
    return asyncio.new_event_loop().run_until_complete(coroutine)


def run_multi_turn(requests, first_turn_outputs, scheduler, rollout_fn, request_config, max_turns=None):
    waiting, current_turn, outputs = list(range(len(requests))), 1, first_turn_outputs
    done, infos = [None] * len(requests), [{} for _ in requests]
    while waiting:
        for index, output in zip(waiting, outputs):
            content = output.response.choices[0].message.content
            requests[index].messages.append({'role': 'assistant', 'content': content})
        going = []
        for index, output in zip(waiting, outputs):
            choice = output.response.choices[0]
            result = invoke_async_hook(scheduler.on_turn_end(requests[index], choice, current_turn))
            infos[index].update(result.get('rollout_infos') or {})
            stop = result.get('done', scheduler.check_finished(requests[index], choice, current_turn))
            if stop or (max_turns and current_turn >= max_turns):
                ended = {**infos[index], 'num_turns': current_turn}
                messages = requests[index].messages
                done[index] = RolloutOutput(response=output.response, messages=messages, rollout_infos=ended)
            else:
                requests[index] = scheduler.step(requests[index], choice, current_turn)['infer_request']
                going.append(index)
        waiting, current_turn = going, current_turn + 1
        outputs = rollout_fn([requests[index] for index in waiting], request_config) if waiting else []
    return done


types_of_replies = dict.fromkeys(
    ('ChatCompletionResponse', 'ChatCompletionResponseChoice', 'ChatMessage', 'UsageInfo'), types.SimpleNamespace
)
stub('swift')
stub('swift.infer_engine')
stub(
    'swift.infer_engine.protocol', RolloutInferRequest=RolloutInferRequest, RolloutOutput=RolloutOutput,
    **types_of_replies,
)
stub('swift.rollout', MultiTurnScheduler=MultiTurnScheduler, multi_turns={})
stub('swift.rollout.multi_turn', multi_turns={})
stub('swift.rollout.agent_loop', run_multi_turn=run_multi_turn, invoke_async_hook=invoke_async_hook)
