"""Asks a server for the SVG of an image by OpenAI's own Python client, as it comes; prints what it got as JSON.

Arguments: the base URL, the path of a PNG, a model.
"""

import base64
import json
import sys

from openai import APIStatusError, OpenAI


def main(base_url, image, model):
    client = OpenAI(base_url=base_url, api_key="any key")
    with open(image, "rb") as file:
        url = "data:image/png;base64," + base64.b64encode(file.read()).decode()
    parts = [{"type": "text", "text": "Draw this as SVG."}, {"type": "image_url", "image_url": {"url": url}}]
    request = {"model": model, "messages": [{"role": "user", "content": parts}]}

    whole = client.chat.completions.create(**request, extra_body={"pentimento": {"name": "from Python"}})
    chunks = list(client.chat.completions.create(**request, stream=True, stream_options={"include_usage": True}))
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    print(
        json.dumps(
            {
                "content": whole.choices[0].message.content,
                "usage": whole.usage.total_tokens,
                "job": whole.pentimento["job"],
                "streamed": "".join(delta.content or "" for delta in deltas),
                "reasoning": "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas),
                "streamed_usage": chunks[-1].usage.total_tokens,
                "models": [listed.id for listed in client.models.list()],
                "error": error_of(client, request),
            }
        )
    )


def error_of(client, request):
    """The kind and the code of the error that an unknown model is."""
    try:
        client.chat.completions.create(**{**request, "model": "nobody/knows"})
    except APIStatusError as error:
        return [type(error).__name__, error.code, error.param]
    return None


main(*sys.argv[1:])
