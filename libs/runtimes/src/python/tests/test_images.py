import io
import os
import tempfile
import unittest

import images

try:
    from PIL import Image
except ImportError:
    Image = None


class SizeTest(unittest.TestCase):
    def test_an_image_within_the_limits_passes(self):
        images.check_size(images.max_side, 100)

    def test_a_side_or_an_area_over_the_limit_is_too_large(self):
        for width, height in [(images.max_side + 1, 1), (1, images.max_side + 1), (8000, 8000)]:
            with self.assertRaisesRegex(images.TooLarge, f'{width}x{height} pixels is too large'):
                images.check_size(width, height)

    def test_code_that_catches_every_exception_does_not_catch_it(self):
        self.assertFalse(issubclass(images.TooLarge, Exception))


@unittest.skipIf(Image is None, 'Pillow is not installed')
class ImageTest(unittest.TestCase):
    def pixel_of(self, image, at=(0, 0)):
        head, content = images.from_image(image)
        decoded = Image.open(io.BytesIO(content))
        self.assertEqual((head['form'], decoded.mode), ('png', 'RGB'))
        self.assertEqual((head['width'], head['height']), decoded.size)
        return decoded.getpixel(at)

    def test_transparent_pixels_are_put_on_white(self):
        self.assertEqual(self.pixel_of(Image.new('RGBA', (2, 2), (255, 0, 0, 0))), (255, 255, 255))
        self.assertEqual(self.pixel_of(Image.new('RGBA', (2, 2), (255, 0, 0, 255))), (255, 0, 0))

    def test_levels_of_sixteen_bits_are_scaled_to_eight(self):
        image = Image.new('I', (2, 1), 65535)
        image.putpixel((1, 0), 0)
        self.assertEqual([self.pixel_of(image, (x, 0)) for x in (0, 1)], [(255,) * 3, (0,) * 3])

    def test_a_palette_and_one_bit_become_colors(self):
        image = Image.new('P', (1, 1), 1)
        image.putpalette([0, 0, 0, 0, 128, 255])
        self.assertEqual(self.pixel_of(image), (0, 128, 255))
        self.assertEqual(self.pixel_of(Image.new('1', (1, 1), 1)), (255, 255, 255))

    def test_an_svg_file_is_passed_on_and_any_other_is_decoded(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'x.svg')
            with open(path, 'w') as file:
                file.write('<svg/>')
            self.assertEqual(images.from_file(path), ({'form': 'svg'}, b'<svg/>'))
            path = os.path.join(folder, 'x.gif')
            Image.new('P', (3, 2)).save(path)
            self.assertEqual(images.from_file(path)[0], {'form': 'png', 'width': 3, 'height': 2})

    def test_a_file_that_is_no_image_is_an_error_of_the_system(self):
        with tempfile.NamedTemporaryFile(suffix='.png') as file:
            file.write(b'text')
            file.flush()
            with self.assertRaises(OSError):
                images.from_file(file.name)
