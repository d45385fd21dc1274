"""What the reward adapter of a trainer gives for replies, called as the trainer does: adapter_rewards.py TRAINER REPLIES TRUTHS.

REPLIES and TRUTHS are JSON lists of texts, a ground truth for each reply. Prints the overall scores as a JSON list.
`vincicoder` is the fork of EasyR1, which passes more of a row.
"""
import asyncio
import importlib.util
import json
import pathlib
import sys
import types

INTEGRATIONS = pathlib.Path(__file__).resolve().parent.parent.parent / 'integrations'


def load(folder):
    spec = importlib.util.spec_from_file_location('pentimento_reward', INTEGRATIONS / folder / 'pentimento_reward.py')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def easyr1(replies, truths, **columns):
    rows = [
        {'response': reply, 'response_length': len(reply), 'ground_truth': truth, **columns}
        for reply, truth in zip(replies, truths)
    ]
    return [numbers['overall'] for numbers in load('easyr1').compute_score(rows)]


def vincicoder(replies, truths):
    return easyr1(replies, truths, multi_modal_data={'images': [b'no image']}, problem='Write Python code.')


def verl(replies, truths):
    compute_score = load('verl').compute_score
    rows = zip(replies, truths)
    return [asyncio.run(compute_score('pentimento', reply, truth, {}))['score'] for reply, truth in rows]


def trl(replies, truths):
    completions = [[{'role': 'assistant', 'content': reply}] for reply in replies]
    return asyncio.run(load('trl').pentimento_reward(completions=completions, solution=truths))


def swift(replies, truths):
    base = type('AsyncORM', (), {'__init__': lambda self, args=None: None})
    rewards = types.ModuleType('swift.rewards')
    rewards.AsyncORM, rewards.orms = base, {}
    sys.modules.update({'swift': types.ModuleType('swift'), 'swift.rewards': rewards})
    load('swift')
    return asyncio.run(rewards.orms['pentimento'](args=None)(replies, solution=truths))


trainer, replies, truths = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
adapters = {'easyr1': easyr1, 'vincicoder': vincicoder, 'verl': verl, 'trl': trl, 'swift': swift}
print(json.dumps(adapters[trainer](replies, truths)))
