"""Figures: a drawing with its finding, alt text, sources and data, and what draws and labels it.

A chapter makes a tidy frame in one cell and draws it with seaborn in the next::

    @figure("fig-trade-turnover", series, words, tips=("year", "value", "{year}: {value:.1f} bn USD"))
    def turnover(ax):
        draw(sns.lineplot, series, ax, "year", "value", "compiler", COMPILERS)
        label_ends(ax, series, "year", "value", "compiler", COMPILERS)
"""

import base64
import html
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import fill
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.text import Annotation

from eastward import data
from eastward.show.marks import LATER, Mark, Tips
from eastward.show.theme import BARE, INK, ON_PAGE, RC, canvas, theme
from eastward.show.words import cited, figure_address, labelled


def label_points(
    axes: Axes, labels: Mapping[str, tuple[float, float]], colours: Mapping[str, str], gap: float = 0.065
) -> list[Annotation]:
    """Write each line's name at its end, moved apart where they would overlap, and return what was written, lowest first.

    The limits of the axes must be final; ``labels`` has for each text the point in data units where its line ends, ``gap`` is
    the least distance of two labels, as a share of the axis height.
    """
    low, high = axes.get_ylim()
    least = gap * (high - low)
    placed: list[tuple[str, float, float]] = []
    for text, (x, y) in sorted(labels.items(), key=lambda item: item[1][1]):
        at = y if not placed else max(y, placed[-1][2] + least)
        placed.append((text, x, at))
    return [
        axes.annotate(
            text, (x, at), xytext=(6, 0), textcoords="offset points", va="center", color=colours.get(text, INK),
            fontweight="bold", fontsize=9.5, annotation_clip=False,
        )
        for text, x, at in placed
    ]  # fmt: skip


NARROW = 3.7
"""Width in inches of a drawing for phones: at 320 pixels letters of 9.5 points are 10 pixels high."""
ROW = 18  # letters of a line in a row's name there

FIGURE = "application/vnd.eastward.figure+json"
UNDATED = ("CreationDate", "Producer", "Creator")  # what matplotlib else writes into a PDF


@dataclass(frozen=True)
class Figure:
    """A figure with everything that a reader needs to trust, cite and redraw it.

    ``id`` is stable, such as ``fig-trade-turnover``; ``title`` is the finding, one sentence, ``title_then`` what the
    marks known when the op-ed appeared show, where it differs; ``subtitle`` what is shown, with the unit; ``alt`` the
    finding and the numbers behind it; ``data`` the numbers drawn, one row a mark, whose column ``known`` tells what was
    public then (other marks have the gid ``marks.LATER``); ``narrow`` the same drawing for a phone. Marks whose values
    are written beside them have no ``tips``.
    """

    id: str
    title: str
    subtitle: str
    alt: str
    sources: tuple[str, ...]
    data: pd.DataFrame
    drawing: Drawing
    tips: tuple[Tips, ...] = ()
    title_then: str = ""
    narrow: Drawing | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"fig-[a-z0-9-]+", self.id):
            raise ValueError(f"figure id {self.id!r} must look like 'fig-trade-turnover'")
        if len(self.alt) < 40:
            raise ValueError(f"{self.id}: the alt text must state the finding, not name the chart")
        for drawing in filter(None, (self.drawing, self.narrow)):
            _lay_out(drawing)

    def save(self, form: str, drawing: Drawing | None = None, **options: Any) -> bytes:
        """Return the drawing, or another one of it, as ``svg``, ``pdf`` or ``png`` (300 dpi), the same bytes every time."""
        stream = io.BytesIO()
        told, by = self.about(), data.package()["contributors"][0]["title"]
        whole = "; ".join(filter(None, (told["Description"], told["Source"], told["Rights"], told["Identifier"])))
        meta = {
            "svg": {**told, "Date": None, "Creator": by},
            "png": {**told, "Author": by, "Software": None},
            "pdf": {"Title": self.title, "Author": by, "Subject": whole, **dict.fromkeys(UNDATED)},
        }[form]
        with mpl.rc_context({**BARE, **RC, "svg.hashsalt": self.id}):
            meta = {name: text for name, text in meta.items() if text != ""}
            (drawing or self.drawing).savefig(stream, format=form, metadata=meta, dpi=300, **options)
        # One gid for many marks: as a class it stays valid.
        return stream.getvalue().replace(f'id="{LATER}"'.encode(), f'class="{LATER}"'.encode())

    def about(self) -> dict[str, str]:
        """Return what stands inside the figure's files: title, what is shown, sources, licence, address; the last may be empty."""
        known, licence = data.sources(), data.package()["licenses"][0]
        cited = (known[key] for key in self.sources if key in known)
        return {
            "Title": self.title, "Description": self.subtitle,
            "Source": "; ".join(f"{source.cited or source.publisher} ({source.year})" for source in cited),
            "Rights": f"{licence['title']}, {licence['path']}", "Identifier": figure_address(self.id),
        }  # fmt: skip

    def svg(self, narrow: bool = False) -> str:
        """Return an SVG element to stand in a page: it follows the page's colours and its ids are the figure's own."""
        text: str = self.save("svg", self.narrow if narrow else None).decode("utf-8")
        own = f"{self.id}-narrow" if narrow else self.id
        text = re.sub(r"<(metadata|title)>.*?</\1>", "", text[text.index("<svg") :], flags=re.DOTALL)
        text = re.sub(r'\bid="([^"]+)"', rf'id="{own}-\1"', text)
        text = re.sub(r'(url\(#|href="#)', rf"\g<1>{own}-", text)
        text = re.sub("|".join(ON_PAGE), lambda found: ON_PAGE[found[0]], text)
        text = re.sub(r' (width|height)="[\d.]+pt"', "", text, count=2)
        return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())

    def marks(self, narrow: bool = False) -> list[Mark]:
        """Return the marks that tell their values, in the order of ``tips`` and of the data."""
        drawing = self.narrow if narrow and self.narrow else self.drawing
        return [mark for tip in self.tips for mark in tip.marks(self.data, drawing)]

    def csv(self) -> str:
        """Return the numbers drawn as CSV."""
        frame = self.data
        if "known" in frame:
            frame = frame.assign(known=frame["known"].map({True: "on publication", False: "later"}))
        return str(frame.to_csv(index=False, lineterminator="\n"))

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        payload = {name: getattr(self, name) for name in ("id", "title", "subtitle", "alt", "title_then")}
        payload |= {"sources": list(self.sources), "csv": self.csv()}
        payload |= {"svg": self.svg(), "marks": [str(mark) for mark in self.marks()]}
        payload |= {"narrow": self.svg(narrow=True)}
        payload |= {"narrow_marks": [str(mark).split(" ")[0] for mark in self.marks(narrow=True)]}
        for form, saved in (("pdf", self.save("pdf")), ("png", self.save("png", facecolor="white"))):
            payload[form] = base64.b64encode(saved).decode("ascii")
        standalone = self.save("svg", facecolor="white").decode("utf-8")
        standalone = standalone.replace("<metadata>", f"<title>{html.escape(self.title)}</title>\n <metadata>", 1)
        bundle = {FIGURE: payload, "image/svg+xml": standalone, "text/html": self._html(standalone)}
        return {**bundle, "text/plain": self.alt}, {"eastward": True}

    def _html(self, svg: str) -> str:
        """Return the figure for a notebook: picture, number, finding, what is shown, sources."""
        picture = base64.b64encode(svg.encode("utf-8")).decode("ascii")
        sources = f" Source: {cited(self.sources)}." if self.sources else ""
        return (
            f'<figure id="{self.id}" style="max-width:48em;margin:0"><img alt="{html.escape(self.alt)}" style="width:100%" '
            f'src="data:image/svg+xml;base64,{picture}"><figcaption><strong>{labelled(self.id)}{html.escape(self.title)}</strong><br>'
            f"{html.escape(self.subtitle)}{sources}</figcaption></figure>"
        )


def _lay_out(drawing: Drawing, last: bool = True) -> None:
    """Find the places of the parts of a drawing; for the last time, so that saving does not seek them anew for each form."""
    if engine := drawing.get_layout_engine():
        with mpl.rc_context({**BARE, **RC}):
            engine.execute(drawing)
        if last:
            drawing.set_layout_engine(None)


def sources_behind(*rows: pd.Series) -> tuple[str, ...]:
    """Keys of all sources of the data rows whose ids (tuples of ``table:line``) the columns hold."""
    return sources_of(data.rows([row for column in rows for ids in column.dropna() for row in ids]))


def sources_of(*frames: pd.DataFrame) -> tuple[str, ...]:
    """Keys of all sources of the frames, in order of appearance."""
    keys: Sequence[str] = [key for frame in frames for key in frame["source"].dropna()]
    return tuple(dict.fromkeys(keys))


def painted(
    paint: Callable[[Any], object], height: float, panels: int = 1, narrow: float | None = None, **options: Any
) -> tuple[Drawing, Drawing]:
    """Let a function draw twice: on a wide drawing, and on one for phones with its panels one below the other."""
    wide, axes = canvas(height, panels, **options)
    paint(axes)
    rows = len(wide.axes)
    tall = narrow or height * (0.72 * panels if rows > 1 else 1)
    small, axes = canvas(tall, 1, NARROW, **{**options, "nrows": rows, "width_ratios": None})
    paint(axes)
    _fit(small)
    return wide, small


def pick(ax: Axes, wide: Any, narrow: Any) -> Any:
    """Return the one of two values that suits the drawing of the axes."""
    return narrow if ax.get_figure(root=True).get_figwidth() == NARROW else wide  # type: ignore[union-attr]


def _fit(drawing: Drawing) -> None:
    """Make texts fit a narrow drawing: wrap titles and names, put keys above, leave out numbers that would touch."""
    import seaborn as sns

    for ax in drawing.axes:
        ax.set_title(fill(ax.get_title(loc="left"), 34), loc="left")
        ax.set_xlabel(fill(ax.get_xlabel(), 32))
        names = [fill(label.get_text(), ROW) for label in ax.get_yticklabels()]
        lines = max(name.count("\n") + 1 for name in ["", *names])
        if lines > 1:
            ax.set_yticks(ax.get_yticks(), names)
            drawing.set_figheight(max(drawing.get_figheight(), 1 + 0.155 * lines * len(names)))
        if key := ax.get_legend():
            drawing.set_figheight(drawing.get_figheight() + 0.2 * len(key.get_texts()))
            sns.move_legend(ax, "lower right", bbox_to_anchor=(1, 1), ncols=1)
    _lay_out(drawing, last=False)
    for ax in drawing.axes:
        labels = [label for label in ax.get_xticklabels() if label.get_text()]
        boxes = [label.get_window_extent() for label in labels]
        if any(left.x1 + 4 > right.x0 for left, right in pairwise(boxes)):
            if any(len(label.get_text()) > 9 for label in labels):
                ax.tick_params(axis="x", rotation=90)
            else:
                ax.set_xticks(ax.get_xticks()[::2], [label.get_text() for label in labels][::2])


def figure(
    id: str, frame: pd.DataFrame, words: Mapping[str, str], *, tips: Tips | Sequence[Any] = (),
    sources: Iterable[str] | None = None, columns: Sequence[str] | None = None, height: float = 3.9, grid: str = "y",
    panels: int = 1, narrow: float | None = None, **options: Any,
) -> Callable[[Callable[[Any], object]], Figure]:  # fmt: skip
    """Show what a function draws as a figure of the book; the function is given its axes, a second time for phones.

    ``frame`` has the numbers drawn, one row a mark; with a column ``known`` readers can hide what was public later.
    ``words`` are the ``finding``, its title; ``shows``, what is shown, with the unit; ``alt``, the finding with its
    numbers, for those who do not see the picture; ``then``, the finding on what was public when the op-ed appeared,
    where it differs. ``tips`` are ``Tips``, several of them, or ``(x, y, text)``. ``sources`` are else those of the
    frame's ``source`` or of the rows in its ``rows``; ``columns``, which readers can download, all but ``rows``.
    ``height`` is in inches, ``narrow`` that for phones; ``grid`` the axis whose values have lines (``both``, or none
    where empty); ``panels`` the number of axes side by side, of which the function is given an array; ``options`` those
    of ``subplots``.
    """
    made = (tips,) if isinstance(tips, Tips) else (Tips(*tips),) if tips and isinstance(tips[0], str) else tuple(tips)
    if sources is None:
        sources = sources_of(frame) if "source" in frame else sources_behind(frame["rows"]) if "rows" in frame else ()
    shown = frame[list(columns)] if columns is not None else frame.drop(columns="rows", errors="ignore")

    def drawn(draw: Callable[[Any], object]) -> Figure:
        with theme(), mpl.rc_context({"axes.grid": bool(grid), "axes.grid.axis": grid or "y"}):
            wide, small = painted(draw, height, panels, narrow, **options)
        finding, about, alt = words["finding"], words["shows"], words["alt"]
        found = Figure(id, finding, about, alt, tuple(sources), shown, wide, made, words.get("then", ""), small)
        display(found)
        return found

    return drawn


def draw(
    plot: Callable[..., Any], frame: pd.DataFrame, ax: Axes, x: str, y: str, hue: str | None = None,
    palette: Mapping[str, str] | None = None, **style: Any,
) -> None:  # fmt: skip
    """Draw with seaborn what was public when the op-ed appeared, and then the rest, which readers can hide.

    Lines break where a value is missing, and the later part of a line starts at the last point before it. ``plot`` is a function
    of seaborn that draws onto axes, such as ``sns.lineplot``; ``frame`` has one row a mark, and its column ``known`` tells what
    was public, all of it where there is none; ``x``, ``y`` and ``hue`` are its columns, ``style`` more arguments of ``plot``.
    """
    import seaborn as sns

    given: dict[str, Any] = {"x": x, "y": y, "hue": hue, "palette": palette, "legend": False, **style}
    if hue is None:
        given = {k: v for k, v in given.items() if k not in ("hue", "palette")}
    known = frame["known"].astype(bool) if "known" in frame else pd.Series(True, index=frame.index)
    if plot is sns.lineplot:
        parts = _runs(frame, known, y, hue)
        given = {"markeredgewidth": 0, **given, "units": "_run", "estimator": None, "sort": False}
    else:
        parts = [(frame[known], None), (frame[~known], LATER)]
        if plot is sns.barplot:
            # Each part has the places of all, and one value a bar.
            level = y if pd.api.types.is_numeric_dtype(frame[x]) and not pd.api.types.is_numeric_dtype(frame[y]) else x
            given = {"order": list(dict.fromkeys(frame[level])), "errorbar": None, "saturation": 1, **given}
    for part, gid in parts:
        if part.empty:
            continue
        before = set(ax.get_children())
        plot(data=part, ax=ax, **given)
        for artist in ax.get_children():
            if gid and artist not in before:
                artist.set_gid(gid)


def _runs(frame: pd.DataFrame, known: pd.Series, y: str, hue: str | None) -> list[tuple[pd.DataFrame, str | None]]:
    """Part lines into runs without a hole: of what was public, and of the rest joined to its neighbours."""
    early: list[pd.DataFrame] = []
    late: list[pd.DataFrame] = []
    for name, line in frame.groupby(hue, sort=False) if hue else [("", frame)]:
        was, there = known.loc[line.index].to_numpy(), line[y].notna().to_numpy()
        joined = ~was
        joined[1:] |= ~was[:-1]
        joined[:-1] |= ~was[1:]
        for parts, chosen in ((early, was & there), (late, joined & there if (~was).any() else np.zeros_like(was))):
            run = np.cumsum(np.diff(chosen, prepend=False) & chosen)
            parts.append(line[chosen].assign(_run=[f"{name} {n}" for n in run[chosen]]))
    return [(pd.concat(parts) if parts else frame.iloc[:0], gid) for parts, gid in ((early, None), (late, LATER))]


def label_ends(
    ax: Axes, frame: pd.DataFrame, x: str, y: str, hue: str, palette: Mapping[str, str],
    names: Mapping[str, str] | None = None, gap: float = 0.065,
) -> list[Annotation]:  # fmt: skip
    """Write the name of each line at its last point: its value of ``hue``, or what ``names`` has for it."""
    names, last = names or {}, frame.dropna(subset=[y]).sort_values(x, kind="stable").drop_duplicates(hue, keep="last")
    ends = {names.get(row[hue], row[hue]): (row[x], row[y]) for _, row in last.iterrows()}
    return label_points(ax, ends, {names.get(value, value): colour for value, colour in palette.items()}, gap)


def note(ax: Axes, x: Any, y: Any, text: str, colour: str = INK, **style: Any) -> None:
    """Write a direct label in the colour of what it names, at a point in data units."""
    ax.text(x, y, text, **{"color": colour, "fontweight": "bold", "fontsize": 9.5, **style})


def reference(ax: Axes, value: float, text: str = "", axis: str = "y", at: float | None = None, **style: Any) -> None:
    """Draw a dashed line at a value of an axis whose limits are final, and write on it what it is.

    ``axis`` is ``y`` for a horizontal line, ``x`` for a vertical one; ``at`` tells where to write along it, as a share of the
    axes: else at the start of a horizontal, at the top of a vertical one.
    """
    line: dict[str, Any] = {"color": INK, "linewidth": 0.8, "linestyle": (0, (4, 3))}
    style = {"fontsize": 9.5, "textcoords": "offset points", "annotation_clip": False, **style}
    if axis == "y":
        ax.axhline(value, **line)
        ax.annotate(text, (0 if at is None else at, value), xycoords=ax.get_yaxis_transform(), xytext=(2, 4), **style)
    else:
        ax.axvline(value, **line)
        place = value, 0.99 if at is None else at
        ax.annotate(text, place, xycoords=ax.get_xaxis_transform(), xytext=(5, 0), **{"va": "top", **style})


def label_bars(ax: Axes, labels: Iterable[str] | None = None, form: str = "{:.0f}", **style: Any) -> None:
    """Write its value at the end of each bar, or the labels given, in the order of the bars."""
    written = iter(labels) if labels is not None else None
    bars: Any
    for bars in ax.containers:
        texts = None if written is None else [next(written) for _ in bars]
        ax.bar_label(bars, texts, fmt=form, **{"padding": 4, "fontsize": 9.5, **style})
