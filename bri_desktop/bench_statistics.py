"""Speed of the statistics: eight groupings with every measure of imbalance, beside pandas from frames in memory.

The peer is given its rows ready: one frame a base (projects, foreign countries, domestic provinces, domains) with the
weights worked out, so that only masking, grouping and the measures are timed.
"""

import datetime
import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from bri_desktop.db.database import open_database
from bri_desktop.services.statistics import make_request
from bri_desktop.services.statistics import statistics as count
from bri_desktop.services.statistics_cache import StatisticsCache

GROUPINGS = ("country", "continent", "province", "mode", "domain", "nature", "status", "year")
MEASURES = ("gini", "hhi", "theil", "dissimilarity", "lorenz")
YEAR = 2017
RUNS = 5
FILTER = "mode = sister_city and signed >= 2000"
Row = tuple[str, float, float | None, float | None, str]


def statistics_figures(ledger: Path) -> list[Row]:
    """Return (name, ours, peer, ratio, unit) of the groupings warm, cold, and after a changed filter."""
    database = open_database(ledger)
    with database.read() as session:
        cold = [_seconds(lambda: _groupings(session, StatisticsCache())) for _ in range(RUNS)]
        cache = StatisticsCache()
        _groupings(session, cache)
        warm, peer = _beside_peer(lambda: _groupings(session, cache), cache.data(session))
        changed = [_changed_filter(session, cache, number) for number in range(RUNS)]
    database.close()
    ours = round(1000 * statistics.median(warm), 1)
    theirs = round(1000 * statistics.median(peer), 1) if peer else None
    ratio = round(ours / theirs, 3) if theirs else None
    return [
        ("statistics", ours, theirs, ratio, "ms"),
        ("statistics_cold", round(statistics.median(cold), 3), None, None, "s"),
        ("statistics_filter", round(1000 * statistics.median(changed), 1), None, None, "ms"),
    ]


def _groupings(session: Any, cache: StatisticsCache, text: str = "") -> None:
    today = datetime.date(2026, 1, 1)
    for by in GROUPINGS:
        request = make_request(year=YEAR, by=by, measures=MEASURES, today=today)
        count(session, request, filter_text=text, cache=cache)


def _seconds(work: Callable[[], None]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _changed_filter(session: Any, cache: StatisticsCache, number: int) -> float:
    """Return the seconds from a filter never asked for to the one grouping that a page shows, with its years."""
    text = f"{FILTER} and amount >= {number}"
    one = make_request(year=YEAR, by="continent", today=datetime.date(2026, 1, 1))
    years = make_request(span=f"{YEAR - 14}-{YEAR}", today=datetime.date(2026, 1, 1))

    def page() -> None:
        for request in (one, years):
            count(session, request, filter_text=text, cache=cache)

    return _seconds(page)


def _beside_peer(ours: Callable[[], None], data: Any) -> tuple[list[float], list[float]]:
    """Return the seconds of both, taken in turns; none of the peer where it is not installed."""
    peer = _Peer(data) if find_spec("pandas") else None
    mine: list[float] = []
    other: list[float] = []
    for _ in range(RUNS + 1):
        mine.append(_seconds(ours))
        if peer is not None:
            other.append(_seconds(peer.groupings))
    return mine[1:], other[1:]


class _Peer:
    """The same figures by pandas."""

    def __init__(self, data: Any) -> None:
        import pandas

        self.pandas, self.data = pandas, data
        projects, codes = data.projects, data.codes
        self.start = projects.start // 10000
        alive = {"signed", "active", "suspended"}
        over = np.array([ref.code not in alive for ref in codes["status"]] + [True])[projects.status]
        self.end = np.where(over & (projects.ended > 0), projects.ended // 10000, 9999)
        begun = np.array([ref.code not in ("idea", "intent", "approval") for ref in codes["status"]] + [True])
        self.begun = (projects.start > 0) & begun[projects.status]
        plain = {name: getattr(projects, name) for name in ("mode", "nature", "status")}
        self.projects = pandas.DataFrame({**plain, "year": self.start, "weight": 1.0})
        self.abroad = self._countries()
        self.home = self._linked(data.domestic, [place.province or "" for place in data.places], "province")
        self.domains = self._domains()

    def _linked(self, links: Any, names: list[str], column: str) -> Any:
        frame = self.pandas.DataFrame({"project": links.project, column: np.array(names)[links.target]})
        frame = frame.drop_duplicates()
        frame["weight"] = 1 / frame.groupby("project")[column].transform("size")
        return frame

    def _countries(self) -> Any:
        frame = self._linked(self.data.foreign, [place.country for place in self.data.places], "country")
        continents = {country.iso2: country.continent for country in self.data.countries}
        frame["continent"] = frame.country.map(continents)
        return frame

    def _domains(self) -> Any:
        primary = np.flatnonzero(self.data.projects.domain >= 0)
        project = np.concatenate((primary, self.data.domains.project))
        domain = np.concatenate((self.data.projects.domain[primary], self.data.domains.target))
        frame = self.pandas.DataFrame({"project": project, "domain": domain}).drop_duplicates()
        frame["weight"] = 1 / frame.groupby("project").domain.transform("size")
        return frame

    def groupings(self) -> None:
        """Mask the stock of the year, group it eight times, and take the measures of each."""
        groups = self.data.countries
        for by in GROUPINGS:
            mask = self.begun & (self.start <= YEAR) & (self.end > YEAR)
            stock = self.projects[mask]
            frame = {"country": self.abroad, "continent": self.abroad, "province": self.home}.get(by)
            frame = self.domains if by == "domain" else frame
            chosen = stock if frame is None else frame[mask[frame.project.to_numpy()]]
            table = chosen.groupby(by).weight.agg(["size", "sum"])
            units = [c.iso2 for c in groups if c.iso2 != "CN" and c.region_of is None] if by == "country" else None
            _measures((table["sum"] if units is None else table["sum"].reindex(units, fill_value=0.0)).to_numpy())


def _measures(x: Any) -> tuple[Any, ...]:
    """Return Gini, HHI, Theil, dissimilarity from equal shares, and the Lorenz curve."""
    if not x.sum():
        return ()
    x = np.sort(x)
    n, s = x.size, x / x.sum()
    gini = float((2 * np.arange(1, n + 1) - n - 1) @ s) / n
    positive = s[s > 0]
    theil = float(positive @ np.log(positive * n))
    return gini, float(s @ s), theil, float(np.abs(s - 1 / n).sum() / 2), np.cumsum(s)
