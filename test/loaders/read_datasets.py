#!/usr/bin/env python3
"""Loads an export folder with the `datasets` library of Hugging Face, as `load_dataset(FOLDER)`, and prints its rows as JSON.

An image, decoded or the path of a file, is printed as {"pixels": SHA-256 of its RGB bytes}.
"""
import hashlib, json, pathlib, sys
from datasets import load_dataset
from PIL import Image


def pixels(image):
    return {"pixels": hashlib.sha256(image.convert("RGB").tobytes()).hexdigest()}


def shown(value, folder):
    if isinstance(value, Image.Image):
        return pixels(value)
    if isinstance(value, str) and value.startswith("images/"):
        return pixels(Image.open(folder / value))
    if isinstance(value, dict):
        return {key: shown(part, folder) for key, part in value.items()}
    if isinstance(value, list):
        return [shown(part, folder) for part in value]
    return value


def main():
    folder = pathlib.Path(sys.argv[1])
    splits = load_dataset(str(folder))
    json.dump({split: [shown(row, folder) for row in rows] for split, rows in splits.items()}, sys.stdout)


main()
