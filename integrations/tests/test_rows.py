"""Rows for each trainer: they name a target that the server has, and the images lie beside them."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from support import EXACT, IMAGE, INTEGRATIONS, TARGET, load

TRAINERS = ('easyr1', 'nemo_gym', 'swift', 'trl', 'verifiers', 'verl')


def ground_truth_of(row):
    if 'verifier_metadata' in row:
        return row['verifier_metadata']
    text = row.get('answer') or row.get('solution') or row['reward_model']['ground_truth']
    return json.loads(text)


def image_of(row, folder):
    image = row['images'][0] if 'images' in row else folder / row.get('file_name', IMAGE.name)
    return pathlib.Path(image['image'] if isinstance(image, dict) else image)


class Rows(unittest.TestCase):
    def written(self, trainer, *options):
        """The rows of the example, and the folder with them and their images."""
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        program = [sys.executable, '-B', str(INTEGRATIONS / 'rows.py')]
        named = ['--trainer', trainer, '--language', 'svg', '--out', str(folder), *options, str(IMAGE)]
        subprocess.run(program + named, check=True)
        lines = next(folder.glob('*.jsonl')).read_text().splitlines()
        return [json.loads(line) for line in lines], folder

    def test_name_the_target_and_the_image_for_every_trainer(self):
        for trainer in TRAINERS:
            with self.subTest(trainer):
                [row], folder = self.written(trainer)
                self.assertEqual(ground_truth_of(row), {'task': IMAGE.stem, 'target': TARGET, 'language': 'svg'})
                self.assertEqual(image_of(row, folder).read_bytes(), IMAGE.read_bytes())

    def test_carry_the_policy_of_an_environment(self):
        [row], _folder = self.written('trl', '--policy', '{"maxIterations": 3}')
        self.assertEqual(ground_truth_of(row)['policy'], {'maxIterations': 3})

    def test_name_the_target_for_the_tool_of_verl(self):
        [row], _folder = self.written('verl')
        [(name, kwargs)] = row['extra_info']['tools_kwargs'].items()
        self.assertIn(f'name: {name}\n', (INTEGRATIONS / 'verl/pentimento_tool.yaml').read_text())
        self.assertEqual(json.loads(kwargs['create_kwargs']['ground_truth']), ground_truth_of(row))

    def test_can_carry_the_target_themselves(self):
        [row], _folder = self.written('easyr1', '--inline')
        truth = ground_truth_of(row)
        self.assertNotIn('target', truth)
        scores = load('easyr1').compute_score([{'response': EXACT, 'response_length': 1, 'ground_truth': row['answer']}])
        self.assertGreater(scores[0]['overall'], 0.99)


if __name__ == '__main__':
    unittest.main()
