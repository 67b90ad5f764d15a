"""A drawn photo of a door, as a worker takes one at a visit: the demo city shows no real home."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (640, 480)
WALLS = ((206, 196, 178), (188, 194, 196), (214, 204, 196), (178, 186, 172))
DOORS = ((92, 58, 40), (60, 74, 88), (120, 44, 38), (74, 84, 62))


def door_photo(number: int) -> bytes:
    """A JPEG of some 20 KB; the same number gives the same picture."""
    rng = random.Random(number)  # noqa: S311 - decoration
    wall, door = WALLS[number % len(WALLS)], DOORS[number // len(WALLS) % len(DOORS)]
    image = Image.new("RGB", SIZE, wall)
    draw = ImageDraw.Draw(image)
    for y in range(0, SIZE[1], 48):
        draw.line((0, y, SIZE[0], y + rng.randint(-2, 2)), fill=tuple(part - 10 for part in wall), width=1)
    left = 210 + rng.randint(-30, 30)
    draw.rectangle((left - 14, 76, left + 214, SIZE[1]), fill=tuple(part - 40 for part in wall))
    draw.rectangle((left, 90, left + 200, SIZE[1]), fill=door)
    for top in (120, 270):
        draw.rectangle((left + 28, top, left + 172, top + 110), outline=tuple(part + 24 for part in door), width=4)
    draw.ellipse((left + 172, 278, left + 188, 294), fill=(206, 178, 98))
    draw.rectangle((left + 62, 44, left + 140, 70), fill=(28, 92, 92))
    draw.text((left + 88, 52), str(100 + number % 500), fill=(240, 240, 230))
    draw.rectangle((left - 60, 110, left - 28, 150), fill=(228, 222, 208))
    picture = image.filter(ImageFilter.GaussianBlur(0.8)).rotate(rng.uniform(-1.5, 1.5), fillcolor=wall)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=78)
    return out.getvalue()
