"""``python -m eastward.data``."""

import sys

from eastward.data.checks import main

sys.exit(main(sys.argv[1:]))
