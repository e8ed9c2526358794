"""The picture that a link to a page shows: the page's first figure with its finding, 1200 by 630 pixels."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont

from eastward.show.theme import INK

SIZE = (1200, 630)
"""Width and height in pixels: the ratio of 1.91 to 1 that Open Graph readers crop to."""

_MARGIN, _TITLE, _FOOT = 44, 30, 22


def picture(drawing: Path, finding: str, book: str, target: Path) -> None:
    """Write the picture of a page.

    Args:
        drawing: PNG of the figure on white.
        finding: what the figure shows, written above it in at most two lines.
        book: title of the book, written below it.
        target: PNG to write; its folder is made where it is missing.

    """
    card = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(card)
    top = float(_MARGIN)
    for line in _lines(finding, _font("DejaVuSans-Bold", _TITLE), SIZE[0] - 2 * _MARGIN):
        pen.text((_MARGIN, top), line, fill=INK, font=_font("DejaVuSans-Bold", _TITLE))
        top += 1.25 * _TITLE
    foot = SIZE[1] - _MARGIN - _FOOT
    pen.text((_MARGIN, foot), book, fill="#5d626a", font=_font("DejaVuSans", _FOOT))
    with Image.open(drawing) as png:
        room = (SIZE[0] - 2 * _MARGIN, int(foot - top - 32))
        scale = min(room[0] / png.width, room[1] / png.height)
        small = png.convert("RGB").resize((int(png.width * scale), int(png.height * scale)), Image.Resampling.LANCZOS)
    card.paste(small, ((SIZE[0] - small.width) // 2, int(top) + 16))
    target.parent.mkdir(parents=True, exist_ok=True)
    card.quantize(128).save(target, optimize=True)


def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(mpl.get_data_path(), "fonts", "ttf", f"{name}.ttf")), size)


def _lines(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Break a text into at most two lines of a width in pixels; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < 2:
        count = 1
        while count < len(words) and font.getlength(" ".join(words[: count + 1])) <= width:
            count += 1
        lines.append(" ".join(words[:count]))
        words = words[count:]
    if words:
        lines[-1] = lines[-1].rsplit(" ", 1)[0] + " …"
    return lines
