"""The adapter of EasyR1 and VinciCoder, loaded and called as FunctionRewardManager does."""
import functools
import io
import unittest

from contract import AdapterContract
from support import EXACT, IMAGE, ROUGH, SILENT, TRUTH, UNKNOWN, drops, load, scored

adapter = load('easyr1')
KEYS = {'overall', 'format', 'accuracy', 'execution', 'valid'}


def row(reply, truth=TRUTH, **more):
    return {'response': reply, 'response_length': len(reply), 'ground_truth': truth, **more}


class EasyR1(AdapterContract, unittest.TestCase):
    module = adapter

    def rewards(self, replies, truths=None):
        return [numbers['overall'] for numbers in adapter.compute_score([row(reply) for reply in replies])]

    def assert_failed(self, reply, truth=TRUTH):
        self.assertRaises(RuntimeError, adapter.compute_score, [row(reply, truth)])

    def test_is_a_batch_function_by_its_globals(self):
        self.assertEqual((adapter.REWARD_NAME, adapter.REWARD_TYPE), ('pentimento', 'batch'))

    def test_gives_the_published_terms_under_the_same_keys_for_every_input(self):
        replies = [EXACT, SILENT, ROUGH]
        for numbers, terms in zip(adapter.compute_score([row(reply) for reply in replies]), scored(*replies)):
            self.assertEqual(set(numbers), KEYS)
            self.assertEqual((numbers['format'], numbers['accuracy']), (terms['alignment'], terms['visual']))
            self.assertEqual((numbers['execution'], numbers['valid']), (terms['execution'], 1))

    def test_marks_what_has_no_score_where_the_configuration_names_a_number(self):
        compute_score = functools.partial(adapter.compute_score, failure_score=0.5)
        first, second = compute_score([row(ROUGH, UNKNOWN), row(ROUGH)])
        self.assertEqual(first, dict.fromkeys(KEYS - {'valid'}, 0.5) | {'valid': 0})
        self.assertEqual((set(second), second['valid']), (KEYS, 1))
        with self.behind(*[drops] * 20):
            self.assertEqual(compute_score([row(ROUGH)])[0]['valid'], 0)


class VinciCoder(unittest.TestCase):
    """The fork's rows: raw images, and a prompt that names the language."""

    def overall(self, reply, truth, image, problem='Convert this image to SVG code.'):
        more = {'multi_modal_data': {'images': [image]}, 'problem': problem}
        return adapter.compute_score([row(reply, truth, **more)])[0]['overall']

    def test_sends_the_first_image_where_the_service_does_not_have_the_blob(self):
        for image in (IMAGE.read_bytes(), str(IMAGE), {'bytes': IMAGE.read_bytes(), 'path': None}):
            self.assertEqual(self.overall(EXACT, UNKNOWN, image), scored(EXACT)[0]['overall'])

    def test_sends_images_of_pillow(self):
        try:
            from PIL import Image
        except ImportError:
            self.skipTest('Pillow is not installed')
        image = Image.open(io.BytesIO(IMAGE.read_bytes()))
        self.assertEqual(self.overall(EXACT, UNKNOWN, image), scored(EXACT)[0]['overall'])

    def test_takes_rows_without_a_ground_truth(self):
        self.assertEqual(self.overall(EXACT, '<svg/>', str(IMAGE)), scored(EXACT)[0]['overall'])
        self.assertEqual(self.overall(EXACT, '', str(IMAGE), 'Write TikZ code.'), 0)


if __name__ == '__main__':
    unittest.main()
