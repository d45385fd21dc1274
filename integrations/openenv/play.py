"""Plays an episode over OpenEnv's WebSocket, with a policy that always draws the same square.

    PENTIMENTO_URL=http://HOST:7400 uvicorn --app-dir integrations/openenv pentimento_environment:app --port 8000
    python3 integrations/openenv/play.py http://127.0.0.1:8000 examples/badge.png
"""
import argparse
import base64
import pathlib

from openenv.core.generic_client import GenericEnvClient

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="420" height="420"><rect width="200" height="200"/></svg>'


def policy(messages: list) -> str:
    """Your model: it gets messages in OpenAI's form, the images as data URLs."""
    return f'```svg\n{SQUARE}\n```'


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument('url')
    parser.add_argument('image', type=pathlib.Path)
    options = parser.parse_args()
    target = {'data': base64.b64encode(options.image.read_bytes()).decode()}
    # A busy service is asked again for about a quarter of an hour.
    with GenericEnvClient(options.url, message_timeout_s=1200).sync() as environment:
        result = environment.reset(target=target, language='svg', policy={'maxIterations': 3})
        while not result.done:
            result = environment.step({'reply': policy(result.observation['turn']['messages'])})
            print(f'turn {result.observation["turn"]["turn"]}: reward {result.reward}')
        print(f'{result.observation["turn"]["stop"]["detail"]} {environment.state()}')


if __name__ == '__main__':
    main()
