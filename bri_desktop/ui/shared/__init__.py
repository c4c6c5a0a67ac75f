"""Widgets and delegates that pages have in common."""
