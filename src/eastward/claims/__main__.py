"""``python -m eastward.claims``."""

import sys

from eastward.claims.declared import main

sys.exit(main())
