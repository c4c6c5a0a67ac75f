"""The round trips through LibreOffice are collected only where they are asked for: ``script/office``."""

import os

collect_ignore_glob = [] if os.environ.get("BRI_TEST_OFFICE") else ["test_*.py"]
