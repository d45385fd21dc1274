"""Writes training rows for images: a folder that one of the trainers loads, with a copy of each image.

    python3 integrations/rows.py --trainer trl --language svg --out rows examples/isometric.png examples/tiny-icon.png

PENTIMENTO_URL names the server that keeps the targets. `--inline` writes them into the rows instead, for a reward
service that keeps no blobs and for trainers that pass no images.
"""
import argparse
import base64
import json
import mimetypes
import os
import pathlib
import shutil
import urllib.request

URL = os.environ.get('PENTIMENTO_URL', 'http://127.0.0.1:7400').rstrip('/') + '/v1/blobs'


def ground_truth(path: pathlib.Path, options: argparse.Namespace) -> str:
    """What the row carries for its reward, as compact JSON."""
    if options.inline:
        target = {'data': base64.b64encode(path.read_bytes()).decode()}
    else:
        headers = {'content-type': mimetypes.guess_type(path)[0] or 'application/octet-stream'}
        with urllib.request.urlopen(urllib.request.Request(URL, path.read_bytes(), headers)) as reply:
            target = {'target': json.load(reply)['id']}
    policy = {'policy': options.policy} if options.policy else {}
    truth = {'task': path.stem, **target, 'language': options.language, **policy}
    return json.dumps(truth, separators=(',', ':'))


def easyr1_row(image: str, question: str, truth: str, _index: int) -> dict:
    return {'problem': f'<image>{question}', 'answer': truth, 'images': [image]}


def verl_row(image: str, question: str, truth: str, index: int) -> dict:
    return {
        'data_source': 'pentimento',
        'prompt': [{'role': 'user', 'content': f'<image>{question}'}],
        'images': [{'image': image}],
        'ability': 'image-to-code',
        'reward_model': {'style': 'rule', 'ground_truth': truth},
        'extra_info': {
            'split': 'train',
            'index': index,
            'tools_kwargs': {'submit': {'create_kwargs': {'ground_truth': truth}}},
        },
    }


def swift_row(image: str, question: str, truth: str, _index: int) -> dict:
    return {'messages': [{'role': 'user', 'content': f'<image>{question}'}], 'images': [image], 'solution': truth}


def trl_row(image: str, question: str, truth: str, _index: int) -> dict:
    """A line of the metadata of an image folder, which `datasets` loads with a column `image`."""
    return {'file_name': pathlib.Path(image).name, 'prompt': [{'role': 'user', 'content': question}], 'solution': truth}


def verifiers_row(_image: str, question: str, truth: str, _index: int) -> dict:
    """The environment shows the image, and its prompt takes the place of the row's."""
    return {'prompt': [{'role': 'user', 'content': question}], 'answer': truth}


def nemo_gym_row(_image: str, question: str, truth: str, _index: int) -> dict:
    """As for verifiers. The agent is that of nemo_gym/resources_servers/pentimento/configs/pentimento.yaml."""
    return {
        'responses_create_params': {'input': [{'role': 'user', 'content': question}]},
        'verifier_metadata': json.loads(truth),
        'agent_ref': {'type': 'responses_api_agents', 'name': 'pentimento_agent'},
    }


ROWS = {
    'easyr1': easyr1_row,
    'nemo_gym': nemo_gym_row,
    'swift': swift_row,
    'trl': trl_row,
    'verifiers': verifiers_row,
    'verl': verl_row,
}


def main() -> None:
    parser = argparse.ArgumentParser(description='Writes training rows for images.')
    parser.add_argument('images', nargs='+', type=pathlib.Path)
    parser.add_argument('--trainer', required=True, choices=ROWS)
    parser.add_argument('--language', required=True, help='of the code that draws the images, e.g. svg')
    parser.add_argument('--question', default='Write {} code that draws this image, in one fenced block.')
    parser.add_argument('--out', required=True, type=pathlib.Path, help='the folder to write')
    parser.add_argument('--inline', action='store_true', help='write the bytes of the targets into the rows')
    parser.add_argument('--policy', type=json.loads, help='of an environment, e.g. {"maxIterations": 3}')
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with open(options.out / ('metadata.jsonl' if options.trainer == 'trl' else 'rows.jsonl'), 'w') as file:
        for index, image in enumerate(options.images):
            copy = pathlib.Path(shutil.copy(image, options.out)).resolve()
            truth = ground_truth(copy, options)
            row = ROWS[options.trainer](str(copy), options.question.format(options.language), truth, index)
            file.write(json.dumps(row) + '\n')


if __name__ == '__main__':
    main()
