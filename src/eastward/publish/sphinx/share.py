"""The picture that a link to a page shows: the page's first figure with its finding, 1200 by 630 pixels."""

from pathlib import Path

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont, ImageOps

from eastward.show.theme import INK

SIZE = (1200, 630)
"""Width and height in pixels: the ratio of 1.91 to 1 that Open Graph readers crop to."""

_MARGIN, _TITLE, _FOOT = 44, 30, 22


def picture(drawing: Path, finding: str, book: str, target: Path) -> None:
    """Write the picture of a page to ``target``: the PNG of its figure, the finding above it and the book's title below."""
    card = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(card)
    top = float(_MARGIN)
    bold = _font("DejaVuSans-Bold", _TITLE)
    for line in _lines(finding, bold, SIZE[0] - 2 * _MARGIN):
        pen.text((_MARGIN, top), line, fill=INK, font=bold)
        top += 1.25 * _TITLE
    foot = SIZE[1] - _MARGIN - _FOOT
    pen.text((_MARGIN, foot), book, fill="#5d626a", font=_font("DejaVuSans", _FOOT))
    with Image.open(drawing) as png:
        room = (SIZE[0] - 2 * _MARGIN, int(foot - top - 32))
        small = ImageOps.contain(png.convert("RGB"), room, Image.Resampling.HAMMING)
    card.paste(small, ((SIZE[0] - small.width) // 2, int(top) + 16))
    target.parent.mkdir(parents=True, exist_ok=True)
    card.quantize(128, Image.Quantize.FASTOCTREE).save(target)


def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(mpl.get_data_path(), "fonts", "ttf", f"{name}.ttf")), size)


def _lines(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Break a text into at most two lines of a width in pixels; what does not fit ends in an ellipsis."""
    first, *words = text.split()
    lines = [first]
    for word in words:
        if font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines if len(lines) < 3 else [lines[0], lines[1].rsplit(" ", 1)[0] + " …"]
