"""Reads rows as ms-swift does, line by line.

modelscope/ms-swift:swift/dataset/loader.py, DatasetLoader; swift/dataset/preprocessor/core.py, AutoPreprocessor with MessagesPreprocessor,
which by default leaves out a row that raises an error; swift/template/template_inputs.py, TemplateInputs.from_dict; and
swift/template/base.py, `_load_image`, `_add_default_tags` and `_pre_tokenize_images`. Left out: roles and columns of other data sets.
"""
import re

from datasets import List, Value, load_dataset
from processor import PROCESSOR
from rows import open_image, row_of

KEPT = ('messages', 'images', 'rejected_response', 'label', 'margin', 'channel', 'objects', 'tools')
ROLES = ('system', 'user', 'assistant', 'tool_call', 'tool_response', 'tool')
IMAGES = List({'bytes': Value('binary'), 'path': Value('string')})
IMAGE = '<|vision_start|><|image_pad|><|vision_end|>'


def examples_of(path: str, keeps_others: bool = False) -> list:
    """The rows after AutoPreprocessor, without the columns that ms-swift removes unless it trains by GRPO."""
    dataset = load_dataset('parquet', data_files=path, split='train')
    features = dataset.features.copy()
    features['images'] = IMAGES
    dataset = dataset.map(preprocess, batched=True, remove_columns=dataset.column_names, features=features)
    return list(dataset if keeps_others else dataset.select_columns([name for name in KEPT if name in features]))


def preprocess(batch: dict) -> dict:
    kept = [row for row in (dict(zip(batch, values)) for values in zip(*batch.values())) if passes(row)]
    return {name: [row[name] for row in kept] for name in batch}


def passes(row: dict) -> bool:
    try:
        check(row)
        return True
    except Exception:
        return False


def check(row: dict) -> None:
    messages = row['messages']
    if 'rejected_response' in row and row['rejected_response'] in (None, messages[-1]['content']):
        raise ValueError('rejected_response')
    assert len(messages) > 0
    for message in messages:
        assert message['role'] in ROLES
        assert message['content'] is not None


def encode(messages: list, images: list, **texts: object) -> dict:
    """The tokens of a conversation: each tag becomes an image, in order, and images without a tag come first."""
    messages = [dict(message) for message in messages]
    loaded = [open_image(image['bytes']).convert('RGB') for image in images]
    untagged = max(0, len(loaded) - len(re.findall('<image>', '\n'.join(message['content'] for message in messages))))
    first = next(message for message in messages if message['role'] != 'system')
    first['content'] = '<image>' * untagged + first['content']
    parts = PROCESSOR.apply_chat_template(messages, tokenize=False).split('<image>', len(loaded))
    inputs = PROCESSOR(loaded or None, [IMAGE.join(parts)], return_tensors='pt')
    return row_of(loaded, inputs['input_ids'][0], inputs.get('image_grid_thw'), untaggedImages=untagged, **texts)


def reply_of(example: dict) -> str:
    assert example['messages'][-1]['role'] == 'assistant'
    return example['messages'][-1]['content']


def read_sft(path: str) -> list:
    return [encode(row['messages'], row['images'], completion=reply_of(row)) for row in examples_of(path)]


def read_kto(path: str) -> list:
    return [
        encode(row['messages'], row['images'], completion=reply_of(row), label=row['label'])
        for row in examples_of(path)
    ]


def read_dpo(path: str) -> list:
    return [preference_row(row) for row in examples_of(path)]


def preference_row(row: dict) -> dict:
    """The rejected conversation is the chosen one up to the reply, with the other reply and the same images."""
    rejected = [*row['messages'][:-1], {'role': 'assistant', 'content': row['rejected_response']}]
    encode(rejected, row['images'])
    return encode(row['messages'], row['images'], chosen=reply_of(row), rejected=row['rejected_response'])


def read_grpo(path: str) -> list:
    return [prompt_row(row) for row in examples_of(path, keeps_others=True)]


def prompt_row(row: dict) -> dict:
    """A last message of the assistant would be removed before generation; other columns reach the reward."""
    assert row['messages'][-1]['role'] == 'user'
    return encode(row['messages'], row['images'], answer=row['solution'])
