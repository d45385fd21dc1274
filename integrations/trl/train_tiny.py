"""Three steps of GRPO in TRL with rewards of a running Pentimento, on a CPU with the model of tiny_model.py: the run of
grpo.yaml, or on several turns that of environment.yaml.

    python3 integrations/rows.py --trainer trl --policy '{"maxIterations": 3, "patches": 1}' --language svg --out rows \\
        examples/isometric.png examples/tiny-icon.png
    python3 integrations/trl/train_tiny.py rows
    python3 integrations/trl/train_tiny.py rows --environment

The last line that it prints is JSON: the versions, each step's loss and reward, how many images entered the model, and
each completion with its reward. Ends with an error where a loss is not finite or no image reached the model.
"""
import argparse
import importlib.metadata
import json
import math
import pathlib
import tempfile

import torch
from pentimento_reward import pentimento_reward
from tiny_model import make_model, make_processor, only
from train_environment import SEVERAL_TURNS, load_tasks
from trl import GRPOTrainer, get_dataset
from trl.scripts.grpo import make_parser

COLORS = ('#c0392b', '#2980b9', '#27ae60', '#f1c40f', '#ffffff', '#2c3e50')
SHAPES = ('<circle cx="256" cy="256" r="200" fill="{}"/>', '<rect x="64" y="64" width="384" height="384" fill="{}"/>')
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512">{}</svg>'
REPLIES = [f'\n```svg\n{SVG.format(shape.format(color))}\n```\n' for shape in SHAPES for color in COLORS]
CALL = '<tool_call>\n{}\n</tool_call>'
CALLS = [CALL.format(json.dumps({'name': 'submit', 'arguments': {'reply': reply}})) for reply in REPLIES]
# What of the configuration a CPU and a model that has learned nothing need otherwise.
TINY = {
    'dtype': 'float32', 'bf16': 'false', 'use_cpu': 'true', 'max_steps': '3', 'learning_rate': '1e-3',
    'num_generations': '4', 'per_device_train_batch_size': '8', 'gradient_accumulation_steps': '1',
    'gradient_checkpointing': 'false', 'save_strategy': 'no', 'log_completions': 'false', 'disable_tqdm': 'true',
}


def read_config(name: str, output: str) -> tuple:
    """The trainer's arguments and the data set of a configuration."""
    path = pathlib.Path(__file__).with_name(name)
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


def several_turns(record: list) -> dict:
    """What the trainer takes for the environment."""

    def pentimento(prompts: list, completions: list, environments: list, **columns: object) -> list:
        rewards = SEVERAL_TURNS['reward_funcs'](completions=completions, environments=environments, **columns)
        for prompt, completion, environment, reward in zip(prompts, completions, environments, rewards):
            shown = [count_parts(turn['content']) for turn in [*prompt, *completion] if turn['role'] != 'assistant']
            record.append({'session': environment._path.strip('/'), 'images': shown, 'reward': reward})
        return rewards

    return {**SEVERAL_TURNS, 'reward_funcs': pentimento}


def count_parts(content: list) -> int:
    """How many images a message shows."""
    return sum(part['type'] == 'image' for part in content)


def count_images(model: torch.nn.Module) -> dict:
    """Counts the images that enter the vision tower, while sampling and while training."""
    counts = {'sampling': 0, 'training': 0}

    def count(_tower: torch.nn.Module, _pixels: tuple, options: dict) -> None:
        counts['training' if torch.is_grad_enabled() else 'sampling'] += len(options['grid_thw'])

    model.model.visual.register_forward_pre_hook(count, with_kwargs=True)
    return counts


def train(rows: str, output: str, is_environment: bool) -> dict:
    torch.manual_seed(0)
    training, mixture = read_config('environment.yaml' if is_environment else 'grpo.yaml', output)
    mixture.datasets[0].data_dir = rows
    replies, record = CALLS if is_environment else REPLIES, []
    processor = make_processor(replies)
    training.generation_kwargs = only(processor, replies)
    model = make_model(processor)
    counts = count_images(model)
    data = load_tasks(mixture) if is_environment else get_dataset(mixture)['train']
    turns = several_turns(record) if is_environment else single_turn(record)
    trainer = GRPOTrainer(model=model, args=training, train_dataset=data, processing_class=processor, **turns)
    trainer.train()
    keys = ('loss', 'grad_norm', 'reward', 'reward_std')
    steps = [{key: entry[key] for key in keys} for entry in trainer.state.log_history if 'loss' in entry]
    versions = {name: importlib.metadata.version(name) for name in ('torch', 'transformers', 'trl', 'datasets')}
    return {'versions': versions, 'steps': steps, 'images': counts, 'samples': record}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument('rows', help='the folder that rows.py has written')
    parser.add_argument('--environment', action='store_true', help='on several turns')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as output:
        result = train(options.rows, output, options.environment)
    if not all(math.isfinite(step['loss']) for step in result['steps']):
        raise SystemExit('A loss is not finite.')
    if not all(result['images'].values()):
        raise SystemExit(f'No image reached the model: {result["images"]}.')
    print(json.dumps(result))


if __name__ == '__main__':
    main()
