#!/usr/bin/env python3
"""Writes the JPEG, WebP and palette images of reward-images/ that are not there yet. Needs Pillow with WebP.

    python3 test/golden/reward-images.py

They are kept, so that the tests see the same bytes whatever encoder is at hand.
"""
import pathlib
from PIL import Image, ImageCms

FOLDER = pathlib.Path(__file__).parent / "reward-images"


def value(x, y, channel):
    return (x * (3 + channel) + y * (5 + 2 * channel) + ((x * y) >> 3) + (x // 7 + y // 5) % 2 * 90) & 255


def pattern(width, height, channels=3):
    data = bytes(value(x, y, c) for y in range(height) for x in range(width) for c in range(channels))
    return Image.frombytes("RGB" if channels == 3 else "RGBA", (width, height), data)


def lab_profile():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def main():
    color, alpha, next_frame = pattern(60, 41), pattern(60, 41, 4), pattern(60, 41).rotate(180)
    turned = Image.Exif()
    turned[0x0112] = 6
    palette = color.convert("P", palette=Image.Palette.ADAPTIVE, colors=40)

    def save(name, image, **options):
        if not (FOLDER / name).exists():
            image.save(FOLDER / name, **options)

    save("jpeg-420.jpg", color, quality=80)
    save("jpeg-420-odd.jpg", pattern(17, 13), quality=80)
    save("jpeg-422.jpg", color, quality=85, subsampling=1)
    save("jpeg-444.jpg", color, quality=90, subsampling=0)
    save("jpeg-progressive.jpg", color, quality=70, progressive=True)
    save("jpeg-one-pixel.jpg", pattern(1, 1))
    save("cmyk.jpg", color.convert("CMYK"), quality=95)
    save("cmyk-black.jpg", Image.merge("CMYK", (*pattern(60, 41).split(), pattern(60, 41).split()[1])), quality=95)
    save("orientation.jpg", color, quality=90, exif=turned)
    save("profile.jpg", color, quality=90, icc_profile=lab_profile())
    save("gray.jpg", color.convert("L"))
    save("gray.png", color.convert("L"))
    save("gray-alpha.png", alpha.convert("LA"))
    save("alpha.png", alpha)
    save("palette.png", palette)
    save("palette-transparent.png", palette, transparency=3)
    save("one-bit.png", color.convert("1"))
    save("animated.png", color, save_all=True, append_images=[next_frame])
    save("lossless.webp", color, lossless=True)
    save("lossy.webp", color, quality=75)
    save("alpha-lossless.webp", alpha, lossless=True, exact=True)
    save("alpha-lossy.webp", alpha, quality=75)
    save("animated.webp", color, save_all=True, append_images=[next_frame], lossless=True)


main()
