#!/usr/bin/env python3
"""Pillow's word on the reward's preprocessing: how the published reward decodes, resizes and tiles an image.

Reads a JSON list of {"name", "path", "stretch"} from stdin and writes a JSON object by name of {"flatten-white",
"reference"}: the grid, and the SHA-256 of the RGB bytes of all tiles in order. With "stretch", a size, the image is a
render: it becomes RGB first and is stretched to the target's size. "flatten-white" is RGB laid on white before anything.
"""
import hashlib, json, sys, warnings
from PIL import Image

SIDE = 448
GRIDS = sorted({(c, r) for c in range(1, 13) for r in range(1, 13) if c * r <= 12}, key=lambda g: g[0] * g[1])
warnings.simplefilter("ignore")


def grid(width, height):
    best, smallest = (1, 1), float("inf")
    for columns, rows in GRIDS:
        difference = abs(width / height - columns / rows)
        if difference < smallest or (difference == smallest and width * height > 0.5 * SIDE * SIDE * columns * rows):
            best, smallest = (columns, rows), difference
    return best


def opened(path):
    image = Image.open(path)
    image.load()
    return gray_of_16_bits(image) if image.mode == "I" or image.mode.startswith("I;16") else image


def gray_of_16_bits(image):
    """The upper 8 bits. Pillow's own conversion cuts values off at 255, which is nearly everything white."""
    if image.mode == "I":
        return Image.frombytes("L", image.size, image.tobytes()[1::4])
    return Image.frombytes("L", image.size, image.tobytes()[0 if image.mode.endswith("B") else 1 :: 2])


def on_white(image):
    if image.mode == "CMYK":
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(rgba.convert("RGB"), mask=rgba.getchannel("A"))
    return white


def resized(image, size):
    """As Pillow 12.2 and newer resize: an image that is more than 100 times as high as wide down before across."""
    width, height = image.size
    if height <= 100 * width or size[1] >= height or image.mode in ("1", "P"):
        return image.resize(size)
    premultiplied = {"RGBA": "RGBa", "LA": "La"}.get(image.mode, image.mode)
    return image.convert(premultiplied).resize((width, size[1])).resize(size).convert(image.mode)


def cut(image):
    columns, rows = grid(*image.size)
    large = resized(image, (SIDE * columns, SIDE * rows))
    tiles = [large.crop((x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE)) for y in range(rows) for x in range(columns)]
    if len(tiles) > 1:
        tiles.append(resized(image, (SIDE, SIDE)))
    digest = hashlib.sha256()
    for tile in tiles:
        digest.update(tile.convert("RGB").tobytes())
    return f"{columns} x {rows} {digest.hexdigest()}"


def judge(path, alpha, stretch=None):
    image = opened(path)
    if alpha == "flatten-white":
        image = on_white(image)
    if stretch:
        image = resized(image.convert("RGB"), tuple(stretch))
    return cut(image)


def judge_both(path, stretch=None):
    return {alpha: judge(path, alpha, stretch) for alpha in ("flatten-white", "reference")}


json.dump({job.pop("name"): judge_both(**job) for job in json.load(sys.stdin)}, sys.stdout)
