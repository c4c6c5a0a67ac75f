"""Workbooks in and out: no database, no Qt."""

import os

# Twenty thousand comments as trees of lxml take 100 MB beside what has been given back before; those of the standard
# library go into that. It is read where openpyxl is loaded, late and in several places.
os.environ.setdefault("OPENPYXL_LXML", "False")
