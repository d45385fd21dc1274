"""Images in the form in which they leave the sandbox."""
import io
import json

# The libraries' own functions, kept before `capture` wraps them.
try:
    from PIL import Image

    save_image = Image.Image.save
except ImportError:
    Image = None

max_side = 8192
max_pixels = 40_000_000


class TooLarge(BaseException):
    """Not an Exception, so that code that catches every Exception does not continue with the image."""


def check_size(width, height):
    if width > max_side or height > max_side or width * height > max_pixels:
        raise TooLarge(
            f'An image of {width}x{height} pixels is too large: at most {max_side} a side and {max_pixels // 1_000_000} megapixels.'
        )


def png(data, width, height):
    return {'form': 'png', 'width': width, 'height': height}, data


def from_image(image):
    """A Pillow image of any mode, on white. Of several frames it is the current one, mostly the first."""
    check_size(*image.size)
    rgb = _on_white(image)
    buffer = io.BytesIO()
    save_image(rgb, buffer, 'PNG', compress_level=3)
    return png(buffer.getvalue(), *rgb.size)


def _on_white(image):
    if image.mode.startswith('I') or image.mode == 'F':
        image = _in_eight_bits(image)
    if image.mode == 'RGB':
        return image
    rgba = image.convert('RGBA')
    if rgba.getextrema()[3][0] < 255:
        background = Image.new('RGBA', rgba.size, 'white')
        background.alpha_composite(rgba)
        rgba = background
    return rgba.convert('RGB')


def _in_eight_bits(image):
    low, high = image.getextrema()
    scale = 1 if high <= 255 else 255 / high
    return image.point(lambda level: level * scale).convert('L')


def from_rgba(buffer, width, height):
    return from_image(Image.frombuffer('RGBA', (width, height), buffer, 'raw', 'RGBA', 0, 1))


def from_plotly(figure, width=None, height=None, scale=None):
    """The figure itself, which plotly.js renders outside of this process. The defaults are Kaleido's."""
    data = json.loads(figure.to_json())
    layout = data.get('layout', {})
    width = int(width or layout.get('width') or 700)
    height = int(height or layout.get('height') or 500)
    scale = float(scale or 1)
    check_size(round(width * scale), round(height * scale))
    layout.update(width=width, height=height)
    content = json.dumps({'data': data.get('data', []), 'layout': layout}).encode()
    return {'form': 'plotly', 'width': width, 'height': height, 'scale': scale}, content


def from_bytes(content):
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return from_image(image)


def from_file(path):
    if path.endswith('.svg'):
        with open(path, 'rb') as file:
            return {'form': 'svg'}, file.read()
    with Image.open(path) as image:
        image.load()
        return from_image(image)
