"""Reads exports as trainers do: called with FORMAT=FILE for each, prints a JSON list with {"rows"} or {"error"} for each."""
import contextlib
import json
import sys

import read_easyr1
import read_swift
import read_trl
import read_verl
import read_vincicoder

READERS = {
    'easyr1': read_easyr1.read_prompts,
    'verl-rl': read_verl.read_prompts,
    'trl-grpo': read_trl.read_grpo,
    'swift-grpo': read_swift.read_grpo,
    'verl-sft': read_verl.read_supervised,
    'trl-sft': read_trl.read_sft,
    'swift-sft': read_swift.read_sft,
    'vincicoder-sft': read_vincicoder.read_refinements,
    'trl-dpo': read_trl.read_dpo,
    'swift-dpo': read_swift.read_dpo,
    'trl-kto': read_trl.read_kto,
    'swift-kto': read_swift.read_kto,
}


def read(name: str, path: str) -> dict:
    try:
        return {'rows': READERS[name](path)}
    except Exception as error:  # Whatever a loader raises is what the test asks for.
        return {'error': f'{type(error).__name__}: {error}'}


if __name__ == '__main__':
    with contextlib.redirect_stdout(sys.stderr):
        results = [read(*argument.split('=', 1)) for argument in sys.argv[1:]]
    print(json.dumps(results))
