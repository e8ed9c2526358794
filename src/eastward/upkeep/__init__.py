"""Upkeep of the book: refresh, reproduce, serve."""
