"""Workbooks in and out: no database, no Qt."""
