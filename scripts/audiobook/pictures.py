"""Book covers drawn with Pillow; nothing is downloaded."""

import io
import math

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
SIZE = 800


def _background(top: Colour, bottom: Colour) -> Image.Image:
    """A vertical blend from one colour to the other."""
    column = Image.new("RGB", (1, SIZE))
    for row in range(SIZE):
        part = row / (SIZE - 1)
        column.putpixel(
            (0, row),
            tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True)),
        )
    return column.resize((SIZE, SIZE))


def _centred(
    draw: ImageDraw.ImageDraw, y: int, text: str, size: int, colour: Colour
) -> None:
    """One centred line, made smaller until it fits the page."""
    font = ImageFont.load_default(size)
    while draw.textlength(text, font=font) > SIZE - 120:
        size -= 2
        font = ImageFont.load_default(size)
    draw.text((SIZE / 2, y), text, font=font, fill=colour, anchor="mm")


def _dial(draw: ImageDraw.ImageDraw, ink: Colour) -> None:
    """A clock face with many hands: the time machine."""
    centre, outer = (SIZE // 2, 470), 185
    for radius, width in ((outer, 8), (outer - 22, 2), (120, 3), (60, 3)):
        draw.circle(centre, radius, outline=ink, width=width)
    for step in range(60):
        long = step % 5 == 0
        inner = outer - (52 if long else 34)
        draw.line(
            [_around(centre, inner, step * 6), _around(centre, outer - 26, step * 6)],
            fill=ink,
            width=5 if long else 2,
        )
    for degrees, length in ((-50, 150), (60, 105), (170, 75)):
        draw.line([centre, _around(centre, length, degrees)], fill=ink, width=9)
    draw.circle(centre, 16, fill=ink)


def _around(centre: tuple[int, int], radius: int, degrees: float) -> tuple[float, ...]:
    """The point at that angle (0 is up, clockwise) and distance from the centre."""
    angle = math.radians(degrees - 90)
    return (
        centre[0] + radius * math.cos(angle),
        centre[1] + radius * math.sin(angle),
    )


def _skylines(draw: ImageDraw.ImageDraw, ink: Colour) -> None:
    """Two towns facing each other over a river."""
    left = (300, 380, 340, 420, 260, 360)
    right = (350, 270, 410, 330, 390, 310)
    for index, height in enumerate(left):
        draw.rectangle((40 + index * 55, 600 - height * 0.6, 88 + index * 55, 600), ink)
    for index, height in enumerate(right):
        x = 436 + index * 55
        wall = 610 - height * 0.6
        roof = [(x, wall), (x + 24, wall - 40), (x + 48, wall)]
        draw.polygon([(x, 600), *roof, (x + 48, 600)], fill=ink)
    for wave in range(5):
        y = 622 + wave * 12
        draw.line((60 + wave * 40, y, SIZE - 60 - wave * 40, y), fill=ink, width=4)


DRAWINGS = {"dial": _dial, "skylines": _skylines}


def draw_cover(
    title: str,
    author: str,
    *,
    drawing: str,
    top: Colour = (24, 32, 58),
    bottom: Colour = (120, 64, 48),
    ink: Colour = (240, 214, 160),
) -> bytes:
    """A square JPEG of 800 pixels: title, a drawing ("dial" or "skylines") and the author."""
    page = _background(top, bottom)
    draw = ImageDraw.Draw(page)
    draw.rectangle((28, 28, SIZE - 28, SIZE - 28), outline=ink, width=4)
    DRAWINGS[drawing](draw, ink)
    _centred(draw, 150, title.upper(), 84, ink)
    draw.line((300, 215, 500, 215), fill=ink, width=3)
    _centred(draw, 740, author, 48, ink)
    target = io.BytesIO()
    page.save(target, "JPEG", quality=82, optimize=True, progressive=True)
    return target.getvalue()
