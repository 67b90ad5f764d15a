"""Passport photographs of nobody: drawn, never taken, for the cases of a synthetic city."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (358, 441)  # pixels of a 1-inch identity photograph in China
_OVER = 2  # drawn larger, then shrunk: smooth edges
_SKIN = ((236, 202, 176), (226, 188, 158), (214, 172, 140), (243, 213, 190))
_HAIR = ((38, 34, 33), (74, 70, 69), (150, 148, 146), (208, 207, 205))  # the older, the greyer
_COAT = ((46, 62, 88), (92, 42, 48), (54, 84, 70), (120, 116, 110), (70, 62, 96))
VARIANTS = 24


def portrait(variant: int) -> bytes:
    """A JPEG of a head and shoulders before a plain ground; equal numbers give equal bytes."""
    rng = Random(variant)  # noqa: S311 - a picture, not a secret
    width, height = SIZE[0] * _OVER, SIZE[1] * _OVER
    image = Image.new("RGB", (width, height), (248, 249, 250))
    draw = ImageDraw.Draw(image)
    skin, hair, coat = _SKIN[variant % 4], _HAIR[variant // 2 % 4], _COAT[variant % 5]
    shade = (skin[0] - 22, skin[1] - 24, skin[2] - 24)
    middle, top, face = width // 2, int(height * (0.18 + rng.random() * 0.03)), int(width * (0.2 + rng.random() * 0.03))
    chin = top + int(face * 2.7)
    draw.ellipse((middle - int(width * 0.47), chin + 50, middle + int(width * 0.47), height * 2 - chin), fill=coat)
    draw.rounded_rectangle((middle - face // 2, chin - 60, middle + face // 2, chin + 90), 40, fill=shade)
    draw.polygon([(middle - face // 2, chin + 50), (middle, chin + 150), (middle + face // 2, chin + 50)], fill=(245, 245, 245))
    if variant % 2:  # long hair
        draw.rounded_rectangle((middle - face - 40, top, middle + face + 40, chin + 70), 150, fill=hair)
    draw.ellipse((middle - face - 18, top - 60, middle + face + 18, chin - face // 2), fill=hair)
    draw.ellipse((middle - face, top + 10, middle + face, chin), fill=skin)
    draw.pieslice((middle - face - 6, top - 40, middle + face + 6, top + int(face * 1.5)), 180, 360, fill=hair)
    _face(draw, middle, top + int(face * 1.35), face, shade)
    soft = image.filter(ImageFilter.GaussianBlur(2)).resize(SIZE, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    soft.save(out, "JPEG", quality=82)
    return out.getvalue()


def _face(draw: ImageDraw.ImageDraw, middle: int, eyes: int, face: int, shade: tuple[int, int, int]) -> None:
    """Eyes, brows, nose and mouth, in the proportions of a face."""
    dark, reach = (52, 44, 42), int(face * 0.42)
    for side in (-1, 1):
        x = middle + side * reach
        draw.line((x - 34, eyes - 36, x + 34, eyes - 40), fill=dark, width=9)
        draw.ellipse((x - 24, eyes - 11, x + 24, eyes + 11), fill=(250, 250, 250))
        draw.ellipse((x - 11, eyes - 11, x + 11, eyes + 11), fill=dark)
    draw.line((middle, eyes + 10, middle - 14, eyes + int(face * 0.55), middle + 12, eyes + int(face * 0.57)), fill=shade, width=8)
    mouth = eyes + int(face * 0.85)
    draw.arc((middle - 52, mouth - 40, middle + 52, mouth + 16), 25, 155, fill=(168, 92, 84), width=10)
