"""The scheduler of ms-swift, driven by `run_multi_turn` (colocate mode) and `MultiTurnScheduler.run` (server mode)."""
import asyncio
import importlib
import logging
import unittest

import trainer_code
from environment_contract import REPLIES, TASK, EnvironmentContract, Played, recorded, sessions_of
from support import IMAGE, ROUGH, load, stub

EMPTY, OTHERS = ('swift', 'swift.infer_engine', 'swift.rollout'), ('swift.rewards',)


def remove_response(messages):
    """As `swift/utils/utils.py`."""
    if messages and messages[-1]['role'] == 'assistant':
        return messages.pop()['content']
    return None


if trainer_code.provide('swift', 'ms-swift', 'follow_swift', EMPTY, OTHERS):
    stub('swift.template', Messages=list, Tool=dict)
    stub('swift.utils', remove_response=remove_response, get_logger=logging.getLogger)
    own = importlib.import_module('swift.rollout.multi_turn')
    rollout = importlib.import_module('swift.rollout')
    rollout.MultiTurnScheduler, rollout.multi_turns = own.MultiTurnScheduler, own.multi_turns
adapter = load('swift', 'pentimento_scheduler')
from swift.infer_engine.protocol import (
    ChatCompletionResponse,
    ChatCompletionResponseChoice,
    ChatMessage,
    RolloutInferRequest,
    RolloutOutput,
    UsageInfo,
)
from swift.rollout.agent_loop import invoke_async_hook, run_multi_turn


def response_of(reply, finish_reason='stop'):
    message = ChatMessage(role='assistant', content=reply)
    choice = ChatCompletionResponseChoice(
        index=0, message=message, finish_reason=finish_reason, token_ids=[1, 2], logprobs=None
    )
    usage = UsageInfo(prompt_tokens=0, completion_tokens=0, total_tokens=0)
    return ChatCompletionResponse(model='policy', choices=[choice], usage=usage)


class Engine:
    """A model with fixed replies. It keeps the images and the messages of each call."""

    def __init__(self, replies, finish_reason='stop'):
        self.replies, self.finish_reason, self.calls = list(replies), finish_reason, []

    def reply(self, request):
        self.calls.append((list(request.images), [dict(message) for message in request.messages]))
        return response_of(self.replies.pop(0), self.finish_reason)

    async def infer_async(self, request, request_config, **kwargs):
        return self.reply(request)


def request_of(truth, uuid='request'):
    """As `OnPolicySample.to_infer_request` with a row of ../rows.py."""
    question = [{'role': 'user', 'content': '<image>Write svg code that draws this image.'}]
    return RolloutInferRequest(messages=question, images=[str(IMAGE)], data_dict={'solution': truth}, uuid=uuid)


def colocated(engine, truth, max_turns=None):
    """As `_infer_single_or_multi_turn`."""
    scheduler = adapter.multi_turns['pentimento'](max_turns=max_turns, tokenizer=None)
    requests = [request_of(truth)]
    invoke_async_hook(scheduler.on_trajectory_start(requests))
    infer = lambda some, _config: [RolloutOutput(response=engine.reply(request)) for request in some]
    [output] = run_multi_turn(requests, infer(requests, None), scheduler, infer, None, max_turns)
    return output


def served(engine, truth, max_turns=None):
    """As `swift rollout`."""
    return asyncio.run(adapter.multi_turns['pentimento'](engine, max_turns).run(request_of(truth), None))


class Colocated(EnvironmentContract, unittest.TestCase):
    module = adapter

    def play(self, replies, truth=TASK):
        engine = Engine(replies)
        infos = colocated(engine, truth).rollout_infos
        shown = [len(images) for images, _messages in engine.calls]
        images = [now - before for before, now in zip([0, *shown], shown)]
        return Played(infos['step_rewards'], infos['total_reward'], images, len(engine.calls) == infos['num_turns'])

    def test_shows_each_image_at_its_place(self):
        engine = Engine([ROUGH, ROUGH, ROUGH])
        output = colocated(engine, TASK)
        for images, messages in engine.calls:
            self.assertEqual(sum(message['content'].count('<image>') for message in messages), len(images))
        images, messages = engine.calls[-1]
        self.assertEqual([message['role'] for message in messages], ['system', *['user', 'assistant'] * 2, 'user'])
        self.assertEqual([image[:22] for image in images[1:]], ['data:image/png;base64,'] * (len(images) - 1))
        self.assertEqual(len(output.rollout_infos['images']), len(images))
        self.assertEqual([message['content'] for message in output.messages[2::2]], [ROUGH] * 3)

    def test_ends_with_the_turns_that_the_trainer_allows(self):
        with self.behind() as gateway:
            output = colocated(Engine([ROUGH] * 3), TASK, 2)
        [session] = sessions_of(gateway)
        self.assertEqual((output.rollout_infos['num_turns'], len(recorded(session)[0])), (2, 2))
        self.assert_over(session)

    def test_scores_a_reply_that_was_cut(self):
        output = colocated(Engine(REPLIES, finish_reason='length'), TASK)
        self.assertEqual(output.rollout_infos['num_turns'], len(REPLIES))


class ServerMode(unittest.TestCase):
    def test_gives_what_colocate_mode_gives(self):
        outputs = [roll_out(Engine(REPLIES), TASK) for roll_out in (served, colocated)]
        [infos, expected] = [output.rollout_infos for output in outputs]
        self.assertEqual(infos['step_rewards'], expected['step_rewards'])
        self.assertEqual(infos['images'][1:], expected['images'][1:])
        self.assertEqual(outputs[0].messages, outputs[1].messages)

    def test_ends_with_the_turns_that_the_trainer_allows(self):
        self.assertEqual(served(Engine([ROUGH] * 3), TASK, 2).rollout_infos['num_turns'], 2)


if __name__ == '__main__':
    unittest.main()
