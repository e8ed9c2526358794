"""Eastward: an op-ed on Russia and China, reproduced and tested with data."""

from importlib.metadata import version

__version__ = version("eastward")
