"""合作城市分布图: the cities of the year as points and the standing ties as lines, on the standard map that the office
has loaded, else (only inside the office) on the sketch map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.analysis.chart import Chart, MapArc, MapBase, MapGround, Series
from bri_desktop.analysis.model import StatsResult
from bri_desktop.db.models import Pair, Place
from bri_desktop.domain.errors import InputError
from bri_desktop.i18n import tr
from bri_desktop.reports.document import Block, Figure, Picture, Section
from bri_desktop.reports.numbering import see
from bri_desktop.reports.wording import clauses, mark, sentences
from bri_desktop.services.base_map import picture_path, read_base_map
from bri_desktop.services.year_book import Book, Source, name_of
from bri_desktop.services.year_overview import WHOLE_COUNTRY

MOST_POINTS, MOST_ARCS = 150, 300
"""More would hide one another; the tables have them all."""
AT_ONCE = 5_000
SISTER = "sister"
MAP = "map"


@dataclass(frozen=True, slots=True)
class _Spot:
    """A city: its row in the result, its coordinates (degrees) and whether it is at home."""

    result: StatsResult
    position: int
    lon: float
    lat: float
    is_home: bool


def title() -> str:
    """Return the name of the section."""
    return tr("Cities on the map")


def world_map(book: Book) -> Section:
    """Return the section; without blocks where no city has coordinates, or the edition shows no sketch."""
    base = standard_map(book.session)
    if base is None and not book.internal:
        return Section(MAP, title(), ())
    found, missing = _spots(book, base)
    if not found:
        return Section(MAP, title(), ())
    shown = sorted(found, key=lambda spot: -_size(spot))[:MOST_POINTS]
    arcs, official, others = _arcs(book)
    chart = _chart(book, shown, MapGround((), (), arcs[:MOST_ARCS], base))
    caption = tr("Cities of cooperation") if base is not None else tr("Cities of cooperation (sketch map)")
    text = _text(book, found, missing, official, others)
    blocks: list[Block] = [*book.paragraphs([text]), Picture("map_picture", "", caption, chart)]
    return Section(MAP, title(), tuple(blocks))


def standard_map(session: Session) -> MapBase | None:
    """Return the standard map of the ledger whose picture is there; ``None`` without one."""
    found = read_base_map(session)
    if found is None:
        return None
    base = MapBase(found.sha256, found.name, found.number, found.reference())
    return base if _file(session, base) else None


def _file(session: Session, base: MapBase) -> str:
    """Return where the picture lies, "" where it is gone."""
    ledger = session.get_bind().engine.url.database
    content = read_base_map(session)
    if not ledger or content is None:
        return ""
    try:
        return str(picture_path(Path(ledger), replace(content, sha256=base.sha256, name=base.name)))
    except InputError:
        return ""


def with_files(session: Session, sections: Iterable[Section], *, internal: bool) -> tuple[Section, ...]:
    """Return sections whose maps know where their picture lies now.

    One whose picture is gone is a sketch again inside the office, and stands in no submitted document.
    """
    return tuple(_placed(session, section, internal=internal) for section in sections)


def _placed(session: Session, section: Section, *, internal: bool) -> Section:
    blocks: list[Block] = []
    for block in section.blocks:
        ground = block.chart.ground if isinstance(block, Picture) else None
        if not isinstance(block, Picture) or ground is None or ground.base is None:
            blocks.append(block)
            continue
        file = _file(session, ground.base)
        if not file and not internal:
            return replace(section, blocks=())
        base = replace(ground.base, file=file) if file else None
        caption = block.caption if base is not None else tr("Cities of cooperation (sketch map)")
        chart = replace(block.chart, ground=replace(ground, base=base))
        blocks.append(replace(block, caption=caption, chart=chart))
    return replace(section, blocks=tuple(blocks))


# -- what stands on it ---------------------------------------------------------------------------------------------


def _spots(book: Book, base: MapBase | None) -> tuple[list[_Spot], list[_Spot]]:
    """Return the cities with projects on the books that have a place on the map, and those that have none."""
    found, missing = list[_Spot](), list[_Spot]()
    for dim, is_home in (("city", True), ("foreign_city", False)):
        result = book.ask(by=(dim,))
        rows = {
            row.key: position
            for position, row in enumerate(result.rows)
            if row.is_unit and row.count and row.key and not row.key.startswith(WHOLE_COUNTRY)
        }
        known = _coordinates(book.session, list(rows))
        for key, position in rows.items():
            at = known.get(key)
            if at is None or (base is not None and not base.reference.holds(*at)):
                missing.append(_Spot(result, position, 0.0, 0.0, is_home))
            else:
                found.append(_Spot(result, position, *at, is_home))
    return found, missing


def _size(spot: _Spot) -> int:
    return spot.result.rows[spot.position].count


def _coordinates(session: Session, keys: Sequence[str]) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    query = select(Place.key, Place.lon, Place.lat).where(Place.lon.is_not(None), Place.lat.is_not(None))
    for first in range(0, len(keys), AT_ONCE):
        for key, lon, lat in session.execute(query.where(Place.key.in_(keys[first : first + AT_ONCE]))):
            found[key] = (lon, lat)
    return found


def _chart(book: Book, shown: Sequence[_Spot], ground: MapGround) -> Chart:
    figures = []
    for spot in shown:
        row = spot.result.rows[spot.position]
        figures.append(book.row(name_of(MAP, row.key), spot.result, spot.position))
    series = Series(tr("Projects"), tuple(float(_size(one)) for one in shown), tuple(one.name for one in figures))
    labels = tuple(spot.result.rows[spot.position].label for spot in shown)
    places = tuple((spot.lon, spot.lat) for spot in shown)
    homes = tuple(spot.is_home for spot in shown)
    return Chart("map", labels, (series,), ground=replace(ground, places=places, homes=homes))


def _arcs(book: Book) -> tuple[tuple[MapArc, ...], list[int], list[int]]:
    """Return the lines, the approved ones first, and the numbers of the approved ties and of the others drawn."""
    standing = list(book.ask(kind="pair", pair_kind="all").members.group("total"))
    rows: list[Any] = []
    query = select(Pair.id, Pair.kind, Pair.domestic_id, Pair.foreign_id)
    for first in range(0, len(standing), AT_ONCE):
        rows += book.session.execute(query.where(Pair.id.in_(standing[first : first + AT_ONCE]))).all()
    places = {
        id_: (lon, lat)
        for id_, lon, lat in book.session.execute(
            select(Place.id, Place.lon, Place.lat).where(Place.lon.is_not(None), Place.lat.is_not(None))
        )
    }
    known = [row for row in rows if row.domestic_id in places and row.foreign_id in places]
    known.sort(key=lambda row: (row.kind != SISTER, row.id))
    arcs = tuple(MapArc(places[row.domestic_id], places[row.foreign_id], row.kind == SISTER) for row in known)
    drawn = known[:MOST_ARCS]
    official = [row.id for row in drawn if row.kind == SISTER]
    return arcs, official, [row.id for row in drawn if row.kind != SISTER]


def _text(
    book: Book, found: Sequence[_Spot], missing: Sequence[_Spot], official: Sequence[int], others: Sequence[int]
) -> str:
    """Return what is drawn, and what is not."""
    home = _cities(book, "map_home", [spot for spot in found if spot.is_home])
    abroad = _cities(book, "map_abroad", [spot for spot in found if not spot.is_home])
    said = tr(
        "{picture} shows the cities with projects on the books at year end: {home} at home (squares), {abroad} abroad "
        "(dots)",
        picture=see("map_picture"),
        home=mark(home),
        abroad=mark(abroad),
    )
    lines = []
    for name, ids, words in (
        ("map_sister", official, tr("sister-city ties (solid)")),
        ("map_others", others, tr("other ties (dashed)")),
    ):
        if ids:
            figure = book.count(name, len(ids), Source("pair", partial(tuple, ids)))
            lines.append(tr("{what}, {n} in all", what=words, n=mark(figure)))
    texts = [clauses([said])]
    if lines:
        texts.append(tr("Lines are {lines}.", lines=tr("; ").join(lines)))
    if len(found) > MOST_POINTS:
        texts.append(tr("Only the {n} cities with most projects are drawn.", n=MOST_POINTS))
    if missing:
        figure = _cities(book, "map_missing", missing)
        texts.append(tr("Without a place on the map: {n}.", n=mark(figure)))
    return sentences(texts)


def _cities(book: Book, name: str, spots: Sequence[_Spot]) -> Figure:
    """Enter how many cities, and behind them their projects."""
    ways = []
    for result in {id(spot.result): spot.result for spot in spots}.values():
        ways.append(book.behind(result, *(spot.position for spot in spots if spot.result is result)))
    return book.count(name, len(spots), Source("project", lambda: sorted({i for way in ways for i in way.ids()})))
