"""Drawings that seaborn does not know: calendars, timelines, flows."""
