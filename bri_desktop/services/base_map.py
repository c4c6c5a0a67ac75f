"""The office's standard map picture under the points and lines: kept beside the ledger, placed, taken away again.

The picture lies among the attachments, so that copies of the ledger take it along; where it belongs on the earth and
its approval number (审图号) are a setting of the ledger. Both can be taken back.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.analysis.georeference import ControlPoint, Georeference, fit, of_extent
from bri_desktop.db.attachments import AttachmentFolder, Content, folder_beside
from bri_desktop.db.models import Meta
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.text import squeeze
from bri_desktop.services.history import Journal
from bri_desktop.services.record_store import STORES
from bri_desktop.services.row_history import enter_setting

META, KIND, OWNER = "base_map", "attachment", "map"
TOUCHED = Changes(frozenset({"base_map", "history"}))
APPROVAL = re.compile(r"[\u4e00-\u9fff]{0,3}G?S\((?:19|20)\d{2}\)\d{1,6}号")
"""GS(2023)2767号, 京S(2024)013号."""
EXTENT = "extent"


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A picture of a map: its file, size in pixels, approval number and what places it.

    ``projection`` is one of :data:`analysis.georeference.PROJECTIONS` with ``points``, or ``extent`` with west, east,
    south and north.
    """

    sha256: str
    name: str
    width: int
    height: int
    number: str
    projection: str
    points: tuple[ControlPoint, ...] = ()
    extent: tuple[float, float, float, float] | None = None

    def reference(self) -> Georeference:
        """Return where everything lies on it; ``InputError`` where the points settle nothing."""
        return referenced(self.projection, self.points, self.extent, self.width, self.height)


def referenced(
    projection: str,
    points: Sequence[ControlPoint],
    extent: tuple[float, float, float, float] | None,
    width: int,
    height: int,
) -> Georeference:
    """Return the fit of points, or of an extent; raise what :mod:`analysis.georeference` raises."""
    if projection == EXTENT:
        if extent is None:
            raise InputError("map_extent_wrong")
        return of_extent(*extent, width, height)
    return fit(points, projection, width, height)


def approval_number(written: str) -> str:
    """Return a 审图号 in its usual form; ``InputError`` ``map_number_needed`` for anything else."""
    plain = squeeze(written).upper().removeprefix("审图号").lstrip(":")
    if not APPROVAL.fullmatch(plain):
        raise InputError("map_number_needed")
    return plain


def store_picture(ledger: Path, picture: Path) -> Content:
    """Keep a picture beside the ledger; for a worker, without a session. Raises what storing an attachment raises."""
    return AttachmentFolder(folder_beside(ledger)).put(picture)


def picture_path(ledger: Path, base: BaseMap) -> Path:
    """Return where the picture lies; ``InputError`` ``map_picture_missing`` where it is gone or was changed."""
    folder = AttachmentFolder(folder_beside(ledger))
    if folder.state(base.sha256) != "whole":
        raise InputError("map_picture_missing", name=base.name)
    return folder.path_of(base.sha256)


def read_base_map(session: Session) -> BaseMap | None:
    """Return the base map of the ledger; ``None`` where there is none."""
    row = session.get(Meta, META)
    stored: dict[str, Any] = json.loads(row.value) if row else {}
    if not stored.get("sha256"):
        return None
    extent = stored.get("extent")
    return BaseMap(
        **{name: stored[name] for name in ("sha256", "name", "width", "height", "number", "projection")},
        points=tuple(ControlPoint(**point) for point in stored["points"]),
        extent=tuple(extent) if extent else None,
    )


def save_base_map(session: Session, base: BaseMap, content: Content) -> Changes:
    """Make a stored picture the base of the map, as one act; raise where it cannot be placed or has no number."""
    base.reference()
    approval_number(base.number)
    journal, store = Journal(session, "set_base_map", kind=KIND), STORES[KIND]
    values = {"kind": OWNER, "record_id": 0, "name": content.name, "sha256": content.sha256, "size": content.size}
    journal.created([store.insert(session, {}, values, None)])
    _store(session, journal.change_id, _plain(base))
    return TOUCHED


def remove_base_map(session: Session) -> Changes:
    """Draw the sketch again; the picture is kept, so that it can be taken back."""
    if read_base_map(session) is None:
        return Changes()
    journal = Journal(session, "remove_base_map", kind=KIND)
    _store(session, journal.change_id, {})
    return TOUCHED


def _plain(base: BaseMap) -> dict[str, Any]:
    plain = asdict(base)
    return plain | {"points": [asdict(point) for point in base.points], "extent": list(base.extent or ()) or None}


def _store(session: Session, change_id: int, value: dict[str, Any]) -> None:
    row = session.get(Meta, META)
    if row is None:
        row = Meta(name=META, value="{}")
        session.add(row)
    before = json.loads(row.value)
    row.value = json.dumps(value, ensure_ascii=False)
    session.flush()
    enter_setting(session, change_id, META, before, {**dict.fromkeys(before), **value})
