"""Reads prompts as EasyR1 does, line by line: hiyouga/EasyR1:verl/utils/dataset.py, class RLHFDataset.

VinciCoder's fork (DocTron-hub/VinciCoder:verl/utils/dataset.py) loads in the same way and hands the images, as they were loaded,
to its reward, which takes the first as the target and asks it for its size (examples/reward_function/vincicoder.py).
Left out: positions, padding and templates of the prompt, which depend on the model and not on the file.
"""
import math

from datasets import load_dataset
from PIL import Image
from processor import PROCESSOR
from rows import open_image, row_of

MIN_PIXELS, MAX_PIXELS, MAX_PROMPT_LENGTH = 262144, 4194304, 10**6


def read_prompts(path: str) -> list:
    dataset = load_dataset('parquet', data_files=path, split='train')
    dataset = dataset.filter(lambda example: inputs_of(example)['input_ids'].size(-1) <= MAX_PROMPT_LENGTH)
    return [item_of(dataset[index]) for index in range(len(dataset))]


def build_messages(example: dict) -> list:
    content = []
    for position, text in enumerate(example['problem'].split('<image>')):
        if position != 0:
            content.append({'type': 'image'})
        if text:
            content.append({'type': 'text', 'text': text})
    return [{'role': 'user', 'content': content}]


def process_image(image) -> Image.Image:
    if isinstance(image, str):
        image = Image.open(image)
    elif isinstance(image, dict):
        image = open_image(image['bytes'])
    elif isinstance(image, bytes):
        image = open_image(image)
    image.load()
    return within(within(image, MAX_PIXELS, is_upper=True), MIN_PIXELS, is_upper=False).convert('RGB')


def within(image: Image.Image, limit: int, is_upper: bool) -> Image.Image:
    pixels = image.width * image.height
    if pixels <= limit if is_upper else pixels >= limit:
        return image
    factor = math.sqrt(limit / pixels)
    return image.resize((int(image.width * factor), int(image.height * factor)))


def inputs_of(example: dict) -> dict:
    prompt = PROCESSOR.apply_chat_template(build_messages(example), add_generation_prompt=True, tokenize=False)
    images = [process_image(image) for image in example['images']] or None
    return PROCESSOR(images, [prompt], add_special_tokens=False, return_tensors='pt')


def item_of(example: dict) -> dict:
    inputs = inputs_of(example)
    images = example['images']
    width, height = images[0].size  # What VinciCoder's reward asks for.
    assert width > 0 and height > 0
    return row_of(images, inputs['input_ids'][0], inputs.get('image_grid_thw'), answer=example['answer'])
