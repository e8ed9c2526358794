"""The data package in ``data/``: read, typed and checked.

Every table is described by ``data/datapackage.json`` (Frictionless) and every row names its source by a key of
``book/references.bib``. :func:`load` reads one table as it was public on a day (:func:`on`); :func:`validate` checks the
whole package, its checksums included; :func:`change` puts what-if changes in force.
"""

from eastward.data.changes import Changes, changes, kept, mark_valid, publication_day, put, stamp, unchanging, valid
from eastward.data.checks import JUMP, accept, check, checksum, jump_in, validate
from eastward.data.periods import half_unit, period_end, period_start
from eastward.data.root import HINDSIGHT, PUBLICATION, DataError, Noted, day, in_parts, note, on, root, unseen, using
from eastward.data.sources import GRADES, Source, check_sources, grade_of, sources
from eastward.data.tables import describe, load, names, package, relayed, rows, tables
from eastward.data.whatif import change

__all__ = [
    "GRADES", "HINDSIGHT", "JUMP", "PUBLICATION", "Changes", "DataError", "Noted", "Source", "accept", "change", "changes",
    "check", "check_sources", "checksum", "day", "describe", "grade_of", "half_unit", "in_parts", "jump_in", "kept", "load",
    "mark_valid", "names", "note", "on", "package", "period_end", "period_start", "publication_day", "put", "relayed", "root",
    "rows", "sources", "stamp", "tables", "unchanging", "unseen", "using", "valid", "validate",
]  # fmt: skip
