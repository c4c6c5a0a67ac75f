"""Names that the tests of the package share."""

import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
USER = "clerk"
HOME = "/home/李 o'neil 100%"
"""A home that a careless start would stumble over."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]
