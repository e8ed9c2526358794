"""Sphinx extensions of the book: show figures, tables and verdicts, and never build from a stale cache."""
