"""Make ``resources/land.json``, the outline of the land under the sketch map, from Natural Earth (public domain).

Run by hand when the source changes, never by the program, with the topology that npm's ``world-atlas`` 2 carries
(ISC):

    python script/make_land.py land-110m.json

Only land and sea: the source file of land has no boundary between states in it.
"""

import json
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "resources" / "land.json"
DECIMALS = 2


def rings(topology: dict[str, Any]) -> Iterator[list[list[float]]]:
    """Yield every ring of land as [longitude, latitude] points; a ring's last point is its first."""
    arcs = [list(_positions(arc, topology["transform"])) for arc in topology["arcs"]]
    for shape in topology["objects"]["land"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for polygon in polygons:
            for ring in polygon:
                yield _joined([arcs[index] if index >= 0 else arcs[~index][::-1] for index in ring])


def _positions(arc: list[list[int]], transform: dict[str, list[float]]) -> Iterator[list[float]]:
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    columns = zip(*arc, strict=True)
    for x, y in zip(*(accumulate(column) for column in columns), strict=True):
        yield [round(x * scale_x + move_x, DECIMALS), round(y * scale_y + move_y, DECIMALS)]


def _joined(parts: list[list[list[float]]]) -> list[list[float]]:
    ring = list(parts[0])
    for part in parts[1:]:
        ring.extend(part[1:])
    return ring


def main() -> None:
    """Write the rings, the largest first."""
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    found = sorted(rings(topology), key=len, reverse=True)
    TARGET.write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(found)} rings, {sum(map(len, found))} points\n")


if __name__ == "__main__":
    main()
