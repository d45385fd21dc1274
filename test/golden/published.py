#!/usr/bin/env python3
"""The published reward's visual score of pairs of images: load_image, dynamic_preprocess and cal_sim_batched of VinciCoder's
examples/reward_function/vincicoder.py on one processor. Needs torch, transformers and Pillow 12.2 or newer.

Reads {"encoder": folder, "pairs": [{"name", "target", "render"}]} with paths from stdin, and writes a JSON object by name of the scores; null
where the published reward takes the render for none.
"""
import json, sys, warnings
import torch
import torch.nn.functional as F
from PIL import Image
from transformers import AutoModel

SIDE = 448
MEAN = torch.tensor((0.485, 0.456, 0.406)).view(3, 1, 1)
STD = torch.tensor((0.229, 0.224, 0.225)).view(3, 1, 1)
torch.set_num_threads(1)
Image.MAX_IMAGE_PIXELS = None
warnings.simplefilter("ignore")


def closest_grid(width, height):
    ratios = {(i, j) for n in range(1, 13) for i in range(1, n + 1) for j in range(1, n + 1) if i * j <= 12}
    best_difference, best = float("inf"), (1, 1)
    for ratio in sorted(ratios, key=lambda x: x[0] * x[1]):
        difference = abs(width / height - ratio[0] / ratio[1])
        if difference < best_difference:
            best_difference, best = difference, ratio
        elif difference == best_difference and width * height > 0.5 * SIDE * SIDE * ratio[0] * ratio[1]:
            best = ratio
    return best


def tiles_of(image):
    columns, rows = closest_grid(*image.size)
    large = image.resize((SIDE * columns, SIDE * rows))
    boxes = [(x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE) for y in range(rows) for x in range(columns)]
    tiles = [large.crop(box) for box in boxes]
    if len(tiles) != 1:
        tiles.append(image.resize((SIDE, SIDE)))
    return tiles


def tensor_of(tile):
    tile = tile.convert("RGB") if tile.mode != "RGB" else tile
    pixels = torch.frombuffer(bytearray(tile.tobytes()), dtype=torch.uint8).view(SIDE, SIDE, 3)
    return (pixels.permute(2, 0, 1).contiguous().to(torch.float32).div(255) - MEAN) / STD


def vectors_of(model, image):
    """The CLS token of the last block, before the final LayerNorm. As published, the pixels pass through bfloat16."""
    vectors = []
    hook = model.encoder.layer[-1].register_forward_hook(lambda _, __, output: vectors.append(output))
    for tile in tiles_of(image):
        model(pixel_values=tensor_of(tile).to(torch.bfloat16).to(torch.float32)[None])
    hook.remove()
    states = [vector[0] if isinstance(vector, tuple) else vector for vector in vectors]
    return torch.stack([state.reshape(-1, state.shape[-1])[0] for state in states])


def score(model, target, render):
    target = Image.open(target)
    with Image.open(render) as image:
        if image.width * image.height > 83000000:
            return None
    render = Image.open(render).convert("RGB").resize(target.size, Image.Resampling.BICUBIC)
    similarity = F.cosine_similarity(vectors_of(model, target), vectors_of(model, render), dim=1)
    return ((similarity + 1) / 2).mean().item()


def main():
    task = json.load(sys.stdin)
    model = AutoModel.from_pretrained(task["encoder"], attn_implementation="eager").eval()
    with torch.inference_mode():
        scores = {pair["name"]: score(model, pair["target"], pair["render"]) for pair in task["pairs"]}
    json.dump(scores, sys.stdout)


main()
