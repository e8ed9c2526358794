"""``python -m eastward.claims [--sources] [--day DAY] [--threshold NAME=VALUE ...] [--without TRAIT=NAME ...]``."""

import sys
from argparse import ArgumentParser

from eastward.claims.declared import main
from eastward.claims.scorecard import scorecard
from eastward.claims.verdicts import main as sources
from eastward.claims.verdicts import named
from eastward.data import DataError

told = "Check the claims, or print the verdicts set your way."
parser = ArgumentParser(prog="python -m eastward.claims", description=told)
parser.add_argument("--sources", action="store_true", help="refuse weak sources that decide or support")
parser.add_argument("--day", help="publication, hindsight or a day such as 2024-03-01")
for option, example in (("--threshold", "much=3"), ("--without", "grade=relay")):
    told = f"such as {example}; may be repeated"
    parser.add_argument(option, action="append", default=[], metavar="NAME=VALUE", help=told)
given = parser.parse_args()
numbers: dict[str, float] = {}
without: dict[str, list[str]] = {}
try:
    for name, _, value in (setting.partition("=") for setting in given.threshold):
        numbers[name] = float(value)
    for trait, _, name in (setting.partition("=") for setting in given.without):
        without.setdefault(trait, []).append(name)
    if given.day or numbers or without:
        card = scorecard(numbers, without, given.day)
        status = card["status"] + card["caveat"].map(" ({})".format).where(card["caveat"] != "", "")
        wide = card.assign(status=status).pivot(index=["claim", "short"], columns="date", values="status")
        print(wide.reset_index().to_string(index=False))
        sys.exit(0)
except (DataError, ValueError) as error:
    sys.exit(f"claims: {error}")
sys.exit(main() or named() or (given.sources and sources()))
