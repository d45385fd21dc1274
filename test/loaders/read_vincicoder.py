"""Reads refinements as users of VinciCoder's supervised data do.

The data set (DocTron-Hub/VinciCoder-1.6M-SFT) has the bytes of a PNG as `image`, and code in a fenced block of its language in
`user_content` and `assistant_content`. Published converters take rows by pyarrow and code by a pattern of this kind. `datasets`
makes images of the bytes by `cast_column`.
"""
import re

import pyarrow.parquet
from datasets import Image, load_dataset
from processor import PROCESSOR
from rows import open_image, pixels_of, row_of

FENCED = re.compile(r'^(`{3,})(\w+)\n([\s\S]*?)\n\1$', re.MULTILINE)
IMAGE = '<|vision_start|><|image_pad|><|vision_end|>'


def read_refinements(path: str) -> list:
    table = pyarrow.parquet.read_table(path).to_pylist()
    dataset = load_dataset('parquet', data_files=path, split='train').cast_column('image', Image())
    assert len(dataset) == len(table)
    return [refinement_row(row, example['image']) for row, example in zip(table, dataset)]


def refinement_row(row: dict, image) -> dict:
    assert isinstance(row['image'], bytes)
    assert pixels_of(open_image(row['image'])) == pixels_of(image)
    prompt = PROCESSOR.apply_chat_template([{'role': 'user', 'content': row['user_content']}], tokenize=False)
    inputs = PROCESSOR([image], [prompt.replace('<image>', IMAGE)], return_tensors='pt')
    flawed, better = FENCED.search(row['user_content']), FENCED.search(row['assistant_content'])
    texts = {'flawed': flawed[3], 'better': better[3], 'fence': better[2]}
    return row_of([image], inputs['input_ids'][0], inputs['image_grid_thw'], **texts)
