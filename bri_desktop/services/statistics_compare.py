"""Then and now: the same table of an earlier year or of another saved view, the difference and what made it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.analysis.model import StatsRequest, StatsResult
from bri_desktop.domain.errors import InputError
from bri_desktop.domain.vocabulary import key_of
from bri_desktop.services.statistics import statistics
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.statistics_kinds import KEYS
from bri_desktop.services.views import list_views

Keys = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One unit then and now: counts and weights; ``came`` and ``went`` are the records that made the difference.

    ``stayed`` weigh otherwise than before (a further country), which changes the weight but not the count.
    """

    keys: Keys
    labels: tuple[str, ...]
    then: int
    now: int
    weight_then: float
    weight_now: float
    came: tuple[int, ...]
    went: tuple[int, ...]
    stayed: tuple[int, ...]

    @property
    def difference(self) -> int:
        """Now − then; equal to the number that came less the number that went."""
        return self.now - self.then


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both results and the rows of either; the total is the row without keys."""

    then: StatsResult
    now: StatsResult
    total: RowChange
    rows: tuple[RowChange, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``stats`` prints under ``comparison``."""
        record_key = partial(key_of, KEYS[self.now.kind])
        names = {"year": self.then.year, "rule": self.then.rule, "total": _plain(self.total, record_key)}
        measures = {name: _measure(self.then.measures.get(name), now) for name, now in self.now.measures.items()}
        known = {name: value for name, value in measures.items() if value is not None}
        return names | {"rows": [_plain(row, record_key) for row in self.rows], "measures": known}


def _plain(row: RowChange, record_key: Any) -> dict[str, Any]:
    name = {"keys": list(row.keys), "labels": list(row.labels)}
    if len(row.keys) == 1:
        name = {"key": row.keys[0], "label": row.labels[0]}
    figures = {"then": row.then, "now": row.now, "difference": row.difference}
    weights = {"weight_then": row.weight_then, "weight_now": row.weight_now}
    records = {part: [record_key(id_) for id_ in getattr(row, part)] for part in ("came", "went", "stayed")}
    return (name if row.keys else {}) | figures | weights | records


def _measure(then: Any, now: Any) -> dict[str, Any] | None:
    """Return a plain figure then and now; of an object with a value, that; ``None`` for anything else."""
    if isinstance(now, dict) and isinstance(then, dict) and "value" in now:
        then, now = then["value"], now["value"]
    if not all(value is None or isinstance(value, int | float) for value in (then, now)):
        return None
    difference = None if then is None or now is None else now - then
    return {"then": then, "now": now, "difference": difference}


def compare(
    session: Session,
    request: StatsRequest,
    *,
    year: int | None = None,
    view: str | None = None,
    filter_text: str = "",
    pair_kind: str | None = None,
    cache: StatisticsCache | None = None,
) -> Comparison:
    """Return ``request`` beside the same of ``year``, or of the saved view ``view`` (in the year of the request).

    Raises ``InputError``: ``usage`` for a span or for neither or both, ``option_unknown`` for a view there is not.
    """
    if request.span or (year is None) == (view is None):
        raise InputError("usage", detail="--compare-year, --compare-view, --span")
    kept = cache or StatisticsCache()
    other = filter_text if view is None else _filter_of(session, view)
    earlier = request if year is None else replace(request, year=year)
    then, now = (
        statistics(session, asked, filter_text=text, pair_kind=pair_kind, cache=kept)
        for asked, text in ((earlier, other), (request, filter_text))
    )
    return Comparison(then, now, _total(then, now), _rows(then, now))


def _filter_of(session: Session, name: str) -> str:
    views = {view.name: view.filter for view in list_views(session)}
    if name not in views:
        raise InputError("option_unknown", value=name, known="、".join(views))
    return views[name]


def _total(then: StatsResult, now: StatsResult) -> RowChange:
    before, after = set(then.members.group("total")), set(now.members.group("total"))
    came, went = tuple(sorted(after - before)), tuple(sorted(before - after))
    return RowChange((), (), then.total, now.total, float(then.total), float(now.total), came, went, ())


def _rows(then: StatsResult, now: StatsResult) -> tuple[RowChange, ...]:
    before, after = _by_keys(then), _by_keys(now)
    order: Sequence[Keys] = [*after, *(keys for keys in before if keys not in after)]
    return tuple(_change(keys, then, now, before.get(keys), after.get(keys)) for keys in order)


def _by_keys(result: StatsResult) -> dict[Keys, int]:
    return {row.keys: position for position, row in enumerate(result.rows)}


def _change(keys: Keys, then: StatsResult, now: StatsResult, before: int | None, after: int | None) -> RowChange:
    old = dict(then.members.of(before)) if before is not None else {}
    new = dict(now.members.of(after)) if after is not None else {}
    row = now.rows[after] if after is not None else then.rows[before or 0]
    moved = tuple(sorted(id_ for id_ in old.keys() & new.keys() if abs(old[id_] - new[id_]) > 1e-9))
    return RowChange(
        keys=keys,
        labels=row.labels,
        then=len(old),
        now=len(new),
        weight_then=sum(old.values()),
        weight_now=sum(new.values()),
        came=tuple(sorted(new.keys() - old.keys())),
        went=tuple(sorted(old.keys() - new.keys())),
        stayed=moved,
    )
