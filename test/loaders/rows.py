"""What the readers of this folder say of a row: its images as pixels, and whether the model would see as many of them."""
import hashlib
import io

from PIL import Image
from processor import image_token_count, tokens_of_grid


def row_of(images: list, input_ids, grid=None, **texts: object) -> dict:
    """`grid`: of patches, a row an image, as the processor gives it; None where it was given no image."""
    return {
        'images': [pixels_of(image) for image in images],
        'seenImages': 0 if grid is None else len(grid),
        'imageTokens': image_token_count(input_ids),
        'neededTokens': 0 if grid is None else tokens_of_grid(grid),
        **texts,
    }


def pixels_of(image: Image.Image) -> dict:
    return {'size': list(image.size), 'sha256': hashlib.sha256(image.convert('RGB').tobytes()).hexdigest()}


def open_image(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
