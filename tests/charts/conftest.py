"""Charts are drawn from the small ledger that the statistics are tested with."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "analysis"))
