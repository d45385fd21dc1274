"""Three steps of GRPO in TRL with rewards of a running Pentimento: grpo.yaml on a CPU, with the model of tiny_model.py.

    python3 integrations/rows.py --trainer trl --language svg --out rows examples/isometric.png examples/tiny-icon.png
    python3 integrations/trl/train_tiny.py rows

The last line that it prints is JSON: the versions, each step's loss and reward, how often images entered the model, and
each reply with its reward. Ends with an error where a loss is not finite or no image reached the model.
"""
import argparse
import importlib.metadata
import json
import math
import pathlib
import tempfile

import torch
from pentimento_reward import pentimento_reward
from tiny_model import SPECIAL, make_model, make_processor
from trl import GRPOTrainer, get_dataset
from trl.scripts.grpo import make_parser

COLORS = ('#c0392b', '#2980b9', '#27ae60', '#f1c40f', '#ffffff', '#2c3e50')
SHAPES = ('<circle cx="256" cy="256" r="200" fill="{}"/>', '<rect x="64" y="64" width="384" height="384" fill="{}"/>')
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512">{}</svg>'
REPLIES = [f'\n```svg\n{SVG.format(shape.format(color))}\n```\n' for shape in SHAPES for color in COLORS]
# What of the configuration a CPU and a model that has learned nothing need otherwise.
TINY = {
    'dtype': 'float32', 'bf16': 'false', 'use_cpu': 'true', 'max_steps': '3', 'learning_rate': '1e-3',
    'num_generations': '4', 'gradient_accumulation_steps': '1', 'max_completion_length': '24',
    'gradient_checkpointing': 'false', 'save_strategy': 'no', 'log_completions': 'false', 'disable_tqdm': 'true',
}


def read_config(output: str) -> tuple:
    """The trainer's arguments and the data set of grpo.yaml."""
    path = pathlib.Path(__file__).with_name('grpo.yaml')
    changes = [word for name, value in TINY.items() for word in (f'--{name}', value)]
    args = ['--config', str(path), '--output_dir', output, *changes]
    _script, training, _model, mixture = make_parser().parse_args_and_config(args)
    return training, mixture


def single_turn(record: list) -> dict:
    """What the trainer takes for one reply to each prompt."""

    async def pentimento(completions: list, solution: list, **columns: object) -> list:
        rewards = await pentimento_reward(completions=completions, solution=solution, **columns)
        for completion, truth, reward in zip(completions, solution, rewards):
            record.append({'reply': completion[-1]['content'], 'solution': truth, 'reward': reward})
        return rewards

    return {'reward_funcs': pentimento}


def count_images(model: torch.nn.Module) -> dict:
    """Counts how often pixels enter the vision tower, while sampling and while training."""
    counts = {'sampling': 0, 'training': 0}

    def count(_tower: torch.nn.Module, pixels: tuple) -> None:
        counts['training' if torch.is_grad_enabled() else 'sampling'] += int(pixels[0].numel() > 0)

    model.model.visual.register_forward_pre_hook(count)
    return counts


def train(rows: str, output: str) -> dict:
    torch.manual_seed(0)
    training, mixture = read_config(output)
    mixture.datasets[0].data_dir = rows
    processor = make_processor(REPLIES)
    # A random model also writes tokens of images, for which there is no image.
    unwanted = [name for name in SPECIAL if name != processor.tokenizer.eos_token]
    training.generation_kwargs = {'suppress_tokens': processor.tokenizer.convert_tokens_to_ids(unwanted)}
    model, record = make_model(processor), []
    counts = count_images(model)
    data = {'train_dataset': get_dataset(mixture)['train'], 'processing_class': processor}
    trainer = GRPOTrainer(model=model, args=training, **data, **single_turn(record))
    trainer.train()
    keys = ('loss', 'grad_norm', 'reward', 'reward_std')
    steps = [{key: entry[key] for key in keys} for entry in trainer.state.log_history if 'loss' in entry]
    versions = {name: importlib.metadata.version(name) for name in ('torch', 'transformers', 'trl', 'datasets')}
    return {'versions': versions, 'steps': steps, 'images': counts, 'samples': record}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument('rows', help='the folder that rows.py has written')
    with tempfile.TemporaryDirectory() as output:
        result = train(parser.parse_args().rows, output)
    if not all(math.isfinite(step['loss']) for step in result['steps']):
        raise SystemExit('A loss is not finite.')
    if not all(result['images'].values()):
        raise SystemExit(f'No image reached the model: {result["images"]}.')
    print(json.dumps(result))


if __name__ == '__main__':
    main()
