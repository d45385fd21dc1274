"""Reads TRL's formats by TRL's own code: the collators of its trainers, and what GRPOTrainer does with a prompt."""
import types

import torch
from datasets import load_dataset
from processor import PROCESSOR
from rows import row_of
from trl import GRPOTrainer
from trl.data_utils import prepare_multimodal_messages
from trl.trainer.dpo_trainer import DataCollatorForVisionPreference
from trl.trainer.kto_trainer import DataCollatorForVisionUnpairedPreference
from trl.trainer.sft_trainer import DataCollatorForVisionLanguageModeling

IGNORED = -100
SFT = DataCollatorForVisionLanguageModeling(PROCESSOR, completion_only_loss=True)
DPO = DataCollatorForVisionPreference(PROCESSOR)
KTO = DataCollatorForVisionUnpairedPreference(PROCESSOR, calculate_kl=False)


def read_sft(path: str) -> list:
    return [sft_row(example) for example in load_dataset('parquet', data_files=path, split='train')]


def sft_row(example: dict) -> dict:
    batch = SFT([dict(example)])
    ids = batch['input_ids'][0]
    learned = ids[batch['labels'][0] != IGNORED]
    return row_of(example['images'], ids, batch['image_grid_thw'], completion=decode(learned))


def read_dpo(path: str) -> list:
    return [dpo_row(example) for example in load_dataset('parquet', data_files=path, split='train')]


def dpo_row(example: dict) -> dict:
    """The batch has the chosen and the rejected sequence, each with the images of the prompt."""
    batch = DPO([dict(example)])
    chosen, rejected = (decode(ids[mask == 1]) for ids, mask in zip(batch['input_ids'], batch['completion_mask']))
    grid = batch['image_grid_thw'].chunk(2)[0]
    return row_of(example['images'], batch['input_ids'][0], grid, chosen=chosen, rejected=rejected)


def read_kto(path: str) -> list:
    return [kto_row(example) for example in load_dataset('parquet', data_files=path, split='train')]


def kto_row(example: dict) -> dict:
    batch = KTO([dict(example)])
    ids = batch['input_ids'][0]
    completion = decode(ids[batch['completion_mask'][0] == 1])
    return row_of(
        example['images'], ids, batch['image_grid_thw'], completion=completion, label=bool(batch['label'][0])
    )


def read_grpo(path: str) -> list:
    return [grpo_row(example) for example in load_dataset('parquet', data_files=path, split='train')]


def grpo_row(example: dict) -> dict:
    """GRPOTrainer._generate_and_score_completions fills in the images; its `_tokenize_prompts` is run as it is."""
    trainer = types.SimpleNamespace(
        _is_vlm=True,
        environment_factories=None,
        processing_class=PROCESSOR,
        tools=None,
        chat_template=None,
        chat_template_kwargs={},
    )
    prompt = prepare_multimodal_messages(example['prompt'], images=example['images'])
    [ids], [images], fields = GRPOTrainer._tokenize_prompts(trainer, [prompt])
    return row_of(images, torch.tensor(ids), torch.tensor(fields['image_grid_thw']), answer=example['solution'])


def decode(ids) -> str:
    return PROCESSOR.tokenizer.decode(ids).removesuffix('<|im_end|>\n')
