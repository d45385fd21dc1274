"""Reads rows as verl does, line by line.

Prompts: verl-project/verl:verl/utils/dataset/rl_dataset.py, class RLHFDataset. Its filter of long prompts, on by default, takes every
error of a row for a prompt that is too long, and leaves the row out without a word.
Supervised rows: verl/utils/dataset/multiturn_sft_dataset.py, class MultiTurnSFTDataset, and vision_utils.py, `process_image`.
Left out: positions, padding, and the resizing of qwen_vl_utils: images are compared before it.
"""
import re

import pandas
import torch
from datasets import load_dataset
from PIL import Image
from processor import PROCESSOR
from rows import open_image, row_of

MAX_PROMPT_LENGTH = 10**6
OPENING = '<|im_start|>assistant\n'


def read_prompts(path: str) -> list:
    dataset = load_dataset('parquet', data_files=path)['train']
    dataset = dataset.filter(lambda example: length_of(example) <= MAX_PROMPT_LENGTH)
    return [item_of(dataset[index]) for index in range(len(dataset))]


def length_of(example: dict) -> int:
    try:
        return len(inputs_of(build_prompt(example))['input_ids'][0])
    except Exception:
        return MAX_PROMPT_LENGTH + 1


def build_prompt(example: dict) -> list:
    messages, images = example['prompt'], example.get('images') or []
    offset = 0
    for message in messages:
        if not images or not isinstance(message['content'], str):
            continue
        content = []
        for segment in filter(None, re.split('(<image>|<video>|<audio>)', message['content'])):
            if segment == '<image>':
                assert offset < len(images)
                content.append({'type': 'image', **image_part(images[offset])})
                offset += 1
            else:
                assert segment not in ('<video>', '<audio>')
                content.append({'type': 'text', 'text': segment})
        message['content'] = content
    assert offset == len(images)
    return messages


def image_part(image) -> dict:
    if isinstance(image, Image.Image):
        return {'image': image.convert('RGB')}
    if isinstance(image, dict):
        if 'bytes' in image:
            image['image'] = open_image(image['bytes'])
        return image
    if isinstance(image, str):
        return {'image': image}
    raise TypeError(f'image must be dict, PIL.Image, or path-like, unsupported image type: {type(image)}')


def images_in(messages: list) -> list:
    parts = [part for message in messages if isinstance(message['content'], list) for part in message['content']]
    return [part['image'] for part in parts if part['type'] == 'image']


def inputs_of(messages: list) -> dict:
    prompt = PROCESSOR.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    return PROCESSOR(text=[prompt], images=images_in(messages) or None, return_tensors='pt')


def item_of(example: dict) -> dict:
    messages = build_prompt(example)
    inputs = inputs_of(messages)
    assert isinstance(example['extra_info'].get('index', 0), int)
    answer = example['reward_model']['ground_truth']
    return row_of(images_in(messages), inputs['input_ids'][0], inputs.get('image_grid_thw'), answer=answer)


def read_supervised(path: str) -> list:
    frame = pandas.read_parquet(path, dtype_backend='pyarrow')
    return [supervised_item(frame.iloc[index].to_dict()) for index in range(len(frame))]


def supervised_item(example: dict) -> dict:
    messages = build_conversation(example)
    encoded = [encode_message(message) for message in messages]
    ids = torch.cat([message_ids for message_ids, _, _ in encoded])
    whole = PROCESSOR.apply_chat_template(messages, tokenize=True, return_dict=True, return_tensors='pt')
    assert torch.equal(ids, whole['input_ids'].squeeze(0))
    learned = ids[torch.cat([mask for _, mask, _ in encoded]) == 1]
    grid = torch.cat([inputs['image_grid_thw'] for _, _, inputs in encoded if 'image_grid_thw' in inputs])
    completion = PROCESSOR.tokenizer.decode(learned).removesuffix('<|im_end|>\n')
    return row_of(images_in(messages), ids, grid, completion=completion)


def build_conversation(example: dict) -> list:
    messages, images = to_lists(example['messages']), example['images']
    offset = 0
    for message in messages:
        content = []
        for segment in filter(None, re.split('(<image>|<video>)', message['content'])):
            if segment == '<image>':
                content.append({'type': 'image', 'image': process_image(images[offset])})
                offset += 1
            else:
                assert segment != '<video>'
                content.append({'type': 'text', 'text': segment})
        message['content'] = content
    assert offset == len(images)
    return messages


def process_image(image: dict) -> Image.Image:
    if isinstance(image, Image.Image):
        return image.convert('RGB')
    assert 'image' not in image
    return open_image(image['bytes']).convert('RGB')


def to_lists(value):
    """verl/utils/py_functional.py, `convert_nested_value_to_list_recursive`."""
    if isinstance(value, dict):
        return {key: to_lists(part) for key, part in value.items()}
    return value if isinstance(value, str) or not hasattr(value, '__iter__') else [to_lists(part) for part in value]


def encode_message(message: dict) -> tuple:
    """The ids of one message, a mask of those that are learned, and what the processor gave."""
    inputs = PROCESSOR.apply_chat_template([message], tokenize=True, return_dict=True, return_tensors='pt')
    ids, mask = inputs['input_ids'][0], inputs['attention_mask'][0]
    if message['role'] != 'assistant':
        return ids, torch.zeros_like(mask), inputs
    learned = torch.ones_like(mask)
    learned[: len(PROCESSOR.tokenizer(OPENING)['input_ids'])] = 0
    return ids, learned, inputs
