#!/usr/bin/env python3
"""Writes reward.json: what Pillow makes of the images that reward.test.ts cuts, as SHA-256 of each tile's RGB bytes.

    python3 test/golden/reward-oracle.py && npx prettier --write test/golden/reward.json

Needs Pillow; writes test/golden/reward-images/ where that folder is empty.

Only for making the golden values anew; the test compares with the stored ones and needs no Python.
"""
import hashlib, json, pathlib
import PIL
from PIL import Image

HERE = pathlib.Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
SIDE = 448
GRIDS = sorted({(c, r) for c in range(1, 13) for r in range(1, 13) if c * r <= 12}, key=lambda g: g[0] * g[1])

# Odd sizes, extreme aspects, both sides of every special case of the grid, up and down scaling.
SIZES = [(1, 1), (2, 1), (7, 3), (3, 7), (48, 48), (33, 57), (336, 336), (447, 449), (448, 448), (449, 447), (633, 633),
         (634, 634), (640, 480), (641, 479), (390, 844), (896, 448), (1201, 803), (2501, 699)]
STRETCHES = [((500, 400), (640, 480)), ((1300, 901), (333, 777)), ((48, 48), (336, 336)), ((640, 480), (640, 481)),
             ((641, 480), (640, 480)), ((1, 1), (50, 40))]


def value(x, y, channel):
    """Ramps that wrap, and a checker of steps: rich in overshoot and in rounding."""
    return (x * (3 + channel) + y * (5 + 2 * channel) + ((x * y) >> 3) + (x // 7 + y // 5) % 2 * 90) & 255


def pattern(width, height, channels=3):
    data = bytes(value(x, y, c) for y in range(height) for x in range(width) for c in range(channels))
    return Image.frombytes("RGB" if channels == 3 else "RGBA", (width, height), data)


def grid(width, height):
    best, smallest = (1, 1), float("inf")
    for columns, rows in GRIDS:
        difference = abs(width / height - columns / rows)
        if difference < smallest or (difference == smallest and width * height > 0.5 * SIDE * SIDE * columns * rows):
            best, smallest = (columns, rows), difference
    return best


def on_white(image):
    rgba = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(rgba.convert("RGB"), mask=rgba.getchannel("A"))
    return white


def cut(image):
    columns, rows = grid(*image.size)
    large = image.resize((SIDE * columns, SIDE * rows))
    tiles = [large.crop((x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE)) for y in range(rows) for x in range(columns)]
    if len(tiles) > 1:
        tiles.append(image.resize((SIDE, SIDE)))
    return {"grid": [columns, rows], "tiles": [hashlib.sha256(tile.tobytes()).hexdigest() for tile in tiles]}


def write_images(folder):
    colour, alpha = pattern(60, 41), pattern(60, 41, 4)
    colour.save(folder / "jpeg-420.jpg", quality=80)
    colour.save(folder / "jpeg-444.jpg", quality=90, subsampling=0)
    colour.convert("L").save(folder / "grey.png")
    colour.convert("L").save(folder / "grey.jpg")
    alpha.convert("LA").save(folder / "grey-alpha.png")
    alpha.save(folder / "alpha.png")
    colour.convert("P", palette=Image.Palette.ADAPTIVE, colors=40).save(folder / "palette.png")
    colour.convert("P", palette=Image.Palette.ADAPTIVE, colors=40).save(folder / "palette-transparent.png", transparency=3)
    colour.convert("1").save(folder / "one-bit.png")
    colour.save(folder / "lossless.webp", lossless=True)


def main():
    images = HERE / "reward-images"
    if not any(images.iterdir()):
        write_images(images)
    files = sorted(images.iterdir()) + sorted(EXAMPLES.glob("*.png"))
    golden = {
        "pillow": PIL.__version__,
        "patterns": [{"size": size, **cut(pattern(*size))} for size in SIZES],
        "stretches": [
            {"from": size, "to": to, **cut(pattern(*size).resize(to, Image.Resampling.BICUBIC))} for size, to in STRETCHES
        ],
        "files": [{"file": str(file.relative_to(HERE.parent.parent)), **cut(on_white(Image.open(file)))} for file in files],
    }
    (HERE / "reward.json").write_text(json.dumps(golden, indent=2) + "\n")


main()
