"""Takes the pictures that the pages of the handbook show from those of a tour."""

import re
import shutil
import sys
from pathlib import Path


def main(tour: Path, handbook: Path) -> int:
    """Write each picture that a page names from the picture of the tour with that name; return how many lack."""
    made = {path.stem.partition("-")[2]: path for path in tour.glob("*.png")}
    wanted = {name for page in handbook.glob("*.md") for name in re.findall(r"\((\S+)\.png\)", page.read_text("utf-8"))}
    for name in sorted(wanted & set(made)):
        shutil.copyfile(made[name], handbook / f"{name}.png")
    for name in sorted(wanted - set(made)):
        print(f"the tour has no picture {name}")
    return len(wanted - set(made))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
