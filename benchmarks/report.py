"""Where the tables of measurements go: between two marks of a page of the book, such as ``<!-- growth -->``."""

import os
import platform
import re
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def write(page: str, mark: str, text: str) -> None:
    """Replace what stands between ``<!-- mark -->`` and ``<!-- /mark -->`` in a page, which must have both."""
    file = ROOT / page
    pattern = rf"(?s)(<!-- {mark} -->\n).*?(<!-- /{mark} -->)"
    new, count = re.subn(pattern, lambda m: f"{m[1]}{text}\n{m[2]}", file.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{page} needs one pair of marks <!-- {mark} --> and <!-- /{mark} -->, not {count}")
    file.write_text(new, encoding="utf-8")


def machine() -> str:
    """The day and the machine of a measurement, in one phrase."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{date.today()}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"
