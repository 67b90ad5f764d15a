"""Photographs of a household visit that nobody took: front doors and rooms, drawn for the cases of a synthetic city."""

from __future__ import annotations

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (960, 720)
VARIANTS = 12  # even numbers are front doors, odd ones rooms
Colour = tuple[int, int, int]
_WALLS: tuple[Colour, ...] = ((222, 214, 198), (206, 200, 190), (232, 226, 214), (196, 178, 158), (214, 206, 202), (226, 218, 190))
_DOORS: tuple[Colour, ...] = ((122, 40, 36), (70, 84, 96), (104, 72, 46), (52, 92, 78), (140, 96, 60), (88, 88, 92))
_WOOD: tuple[Colour, ...] = ((128, 88, 54), (98, 68, 46), (152, 112, 72))


def visit_picture(variant: int) -> bytes:
    """A JPEG; equal numbers give equal bytes."""
    rng = Random(f"visit:{variant}")  # noqa: S311 - a picture, not a secret
    image = _wall(_WALLS[variant % len(_WALLS)], rng)
    (_room if variant % 2 else _door)(ImageDraw.Draw(image), variant, rng)
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.4)).save(out, "JPEG", quality=80)
    return out.getvalue()


def _wall(colour: Colour, rng: Random) -> Image.Image:
    """Plaster, darker towards the floor, with the grain of a telephone's camera."""
    width, height = SIZE
    image = Image.new("RGB", SIZE, colour)
    draw = ImageDraw.Draw(image)
    for y in range(height):
        shade = 1 - 0.22 * y / height
        draw.line((0, y, width, y), fill=_shaded(colour, shade))
    for _ in range(2600):
        x, y, light = rng.randrange(width), rng.randrange(height), 0.86 + rng.random() * 0.2
        draw.ellipse((x, y, x + rng.randrange(2, 9), y + rng.randrange(2, 6)), fill=_shaded(colour, light * (1 - 0.22 * y / height)))
    return image


def _shaded(colour: Colour, by: float) -> Colour:
    red, green, blue = (max(0, min(255, int(part * by))) for part in colour)
    return red, green, blue


def _door(draw: ImageDraw.ImageDraw, variant: int, rng: Random) -> None:
    """A front door with its number plate, paper strips left and right, a step before it."""
    colour, left = _DOORS[variant // 2 % len(_DOORS)], 330 + rng.randrange(-60, 60)
    right, top, floor = left + 280, 130, 650
    draw.rectangle((0, floor, SIZE[0], SIZE[1]), fill=(150, 146, 140))
    draw.rectangle((left - 22, top - 22, right + 22, floor), fill=_shaded(colour, 0.7))
    draw.rectangle((left, top, right, floor), fill=colour)
    for n in range(2):
        draw.rectangle((left + 36, top + 40 + n * 240, right - 36, top + 230 + n * 240), outline=_shaded(colour, 1.35), width=6)
    draw.ellipse((right - 40, 400, right - 18, 422), fill=(206, 190, 140))
    draw.rectangle((right + 60, 180, right + 190, 250), fill=(24, 74, 140), outline=(240, 240, 240), width=4)
    for place in range(2 + variant % 2):  # the number itself is not legible
        draw.rectangle((right + 82 + place * 32, 198, right + 100 + place * 32, 232), fill=(240, 242, 246))
    for x in (left - 78, right + 30):
        draw.rectangle((x, 280, x + 40, 600), fill=(186, 44, 38))
        for y in range(300, 590, 48):
            draw.rectangle((x + 12, y, x + 28, y + 22), fill=(62, 22, 18))
    draw.polygon([(left - 60, floor), (right + 60, floor), (right + 110, 700), (left - 110, 700)], fill=(172, 168, 160))


def _room(draw: ImageDraw.ImageDraw, variant: int, rng: Random) -> None:
    """A window, a bed, a table with a stool and a lamp."""
    wood, floor = _WOOD[variant // 2 % len(_WOOD)], 520
    draw.polygon([(0, floor), (SIZE[0], floor), SIZE, (0, SIZE[1])], fill=(146, 138, 126))
    for x in range(-400, SIZE[0] + 400, 120):
        draw.line((480 + (x - 480) // 2, floor, x, SIZE[1]), fill=(128, 120, 110), width=3)
    left = 90 + rng.randrange(160)
    draw.rectangle((left, 110, left + 250, 330), fill=(214, 230, 240), outline=(236, 236, 232), width=14)
    draw.line((left + 125, 110, left + 125, 330), fill=(236, 236, 232), width=10)
    bed = 520 + rng.randrange(60)
    draw.rectangle((bed, 430, bed + 340, 560), fill=wood)
    draw.rounded_rectangle((bed + 10, 390, bed + 330, 500), 24, fill=_shaded(_DOORS[variant % len(_DOORS)], 1.5))
    draw.rounded_rectangle((bed + 18, 372, bed + 120, 420), 18, fill=(236, 232, 222))
    table = 130 + rng.randrange(90)
    draw.rectangle((table, 470, table + 270, 494), fill=_shaded(wood, 1.2))
    for x in (table + 14, table + 236):
        draw.rectangle((x, 494, x + 20, 640), fill=_shaded(wood, 0.9))
    draw.ellipse((table + 120, 560, table + 220, 590), fill=_shaded(wood, 1.1))
    draw.line((480, 0, 480, 90), fill=(60, 60, 60), width=4)
    draw.polygon([(440, 130), (520, 130), (500, 90), (460, 90)], fill=(236, 220, 160))
