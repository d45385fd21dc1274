"""The agent loop of verl, made and run as `AgentLoopWorker._run_agent_loop` does."""
import asyncio
import importlib
import importlib.util
import itertools
import types
import unittest

import verl_code
from environment_contract import REPLIES, TASK, EnvironmentContract, Played
from support import ROUGH, load

if importlib.util.find_spec('PIL') is None:
    raise unittest.SkipTest('Pillow is not installed')
adapter = verl_code.load_adapter('pentimento_agent_loop')
from verl.experimental.agent_loop.agent_loop import DictConfigWrap

END = '<|im_end|>'


def make_processor():
    """The tokenizer and the processor: those of a tiny Qwen2.5-VL where the loop is verl's own."""
    if not verl_code.IS_OWN:
        return importlib.import_module('follow_verl').Tokenizer(), None
    processor = load('trl', 'tiny_model').make_processor([])
    return processor.tokenizer, processor


tokenizer, processor = make_processor()


class Server:
    """Stands for `LLMServerClient`: fixed replies, each with a log-probability per token."""

    def __init__(self, replies, has_logprobs=True):
        self.replies, self.calls, self.has_logprobs = list(replies), [], has_logprobs

    async def generate(self, request_id, *, prompt_ids, sampling_params, image_data=None, mm_processor_kwargs=None):
        self.calls.append((request_id, list(prompt_ids), list(image_data)))
        token_ids = tokenizer.encode(self.replies.pop(0)) + (tokenizer.encode(END) if verl_code.IS_OWN else [])
        step = len(self.calls)
        return types.SimpleNamespace(
            token_ids=token_ids, log_probs=[-0.5] * len(token_ids) if self.has_logprobs else None,
            extra_fields={'min_global_steps': step, 'max_global_steps': step},
        )


def run(replies, truth=TASK, response_length=50_000, has_logprobs=True):
    rollout = types.SimpleNamespace(response_length=response_length, prompt_length=20_000)
    config = types.SimpleNamespace(actor_rollout_ref=types.SimpleNamespace(rollout=rollout))
    server = Server(replies, has_logprobs)

    async def run_once():
        loop = adapter.PentimentoAgentLoop(
            trainer_config=DictConfigWrap(config=config), server_manager=server, tokenizer=tokenizer,
            processor=processor, dataset_cls=object, data_config=DictConfigWrap(config={}), hf_model_type='qwen2_5_vl',
        )
        row = {'raw_prompt': [], 'data_source': 'pentimento', 'reward_model': {'style': 'rule', 'ground_truth': truth}}
        return await loop.run({'temperature': 1.0}, **row)

    return asyncio.run(run_once()), server


def sampled_texts(output):
    """What the mask marks as sampled, in runs."""
    pairs = zip(output.response_ids, output.response_mask, strict=True)
    runs = [(mask, [token for token, _ in run]) for mask, run in itertools.groupby(pairs, lambda pair: pair[1])]
    return [tokenizer.decode(tokens, skip_special_tokens=True) for mask, tokens in runs if mask]


class VerlAgentLoop(EnvironmentContract, unittest.TestCase):
    module = adapter

    def play(self, replies, truth=TASK):
        output, server = run(replies, truth)
        shown = [len(images) for _request, _prompt, images in server.calls]
        images = [now - before for before, now in zip([0, *shown], shown)]
        rewards = output.extra_fields['turn_scores']
        return Played(rewards, output.reward_score, images, len(server.calls) == len(rewards))

    def test_trains_on_the_replies_alone(self):
        output, _server = run(REPLIES)
        self.assertEqual(sampled_texts(output), list(REPLIES))
        self.assertEqual(len(output.response_logprobs), len(output.response_ids))
        marked = zip(output.response_mask, output.response_logprobs, strict=True)
        self.assertEqual({mask * logprob for mask, logprob in marked}, {0, -0.5})
        self.assertEqual(output.num_turns, 2 * len(REPLIES))

    def test_continues_the_tokens_of_the_turns_before(self):
        output, server = run([ROUGH, ROUGH, ROUGH])
        prompts = [prompt for _request, prompt, _images in server.calls]
        for before, after in zip(prompts, prompts[1:]):
            self.assertEqual(after[: len(before)], before)
        self.assertEqual(output.prompt_ids, prompts[0])
        self.assertEqual((output.prompt_ids + output.response_ids)[: len(prompts[-1])], prompts[-1])
        self.assertEqual(len({request for request, _prompt, _images in server.calls}), 1)

    def test_hands_on_the_images_of_every_turn(self):
        output, server = run([ROUGH, ROUGH, ROUGH])
        images = output.multi_modal_data['images']
        self.assertEqual(images, server.calls[-1][2])
        self.assertEqual({image.mode for image in images}, {'RGB'})
        token_ids = output.prompt_ids + output.response_ids
        if verl_code.IS_OWN:
            placeholder = processor.tokenizer.convert_tokens_to_ids('<|image_pad|>')
            grids = processor.image_processor(images=images)['image_grid_thw']
            self.assertEqual(token_ids.count(placeholder), sum(int(grid.prod()) // 4 for grid in grids))
        else:
            self.assertEqual(tokenizer.decode(token_ids).count('\ufffc'), len(images))

    def test_knows_the_weights_of_the_first_and_the_last_reply(self):
        extra = run(REPLIES)[0].extra_fields
        self.assertEqual((extra['min_global_steps'], extra['max_global_steps']), (1, 3))

    def test_takes_replies_without_log_probabilities(self):
        output, _server = run(REPLIES, has_logprobs=False)
        self.assertIsNone(output.response_logprobs)

    def test_ends_where_the_next_prompt_does_not_fit(self):
        whole, _server = run([ROUGH, ROUGH, ROUGH])
        length = sampled_lengths(whole)[0] + 10
        output, server = run([ROUGH, ROUGH, ROUGH], response_length=length)
        self.assertEqual(len(server.calls), 1)
        self.assertEqual(sampled_texts(output), [ROUGH])
        self.assertEqual(len(output.multi_modal_data['images']), 1)
        self.assertGreater(output.reward_score, 0.1)


def sampled_lengths(output):
    return [len(list(run)) for mask, run in itertools.groupby(output.response_mask) if mask]


if __name__ == '__main__':
    unittest.main()
