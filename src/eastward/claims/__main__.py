"""``python -m eastward.claims [--sources]``."""

import sys

from eastward.claims.declared import main
from eastward.claims.verdicts import main as sources

sys.exit(main() or ("--sources" in sys.argv and sources()))
