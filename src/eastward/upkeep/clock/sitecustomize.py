"""Shifts the clock of every Python process that has this folder on ``PYTHONPATH`` by ``EASTWARD_DAYS`` days.

For :mod:`eastward.upkeep.reproduce`. Python imports a module of this name as it starts, so kernels and workers are shifted as well.
"""

import os
import time

import time_machine

time_machine.travel(time.time() + 86400 * float(os.environ["EASTWARD_DAYS"]), tick=True).start()
