"""城市指数: cities by rank, each with what its score rests on, and how far the two sides lie apart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bri_desktop import labels
from bri_desktop.analysis.city_index import ENOUGH
from bri_desktop.analysis.model import StatsResult
from bri_desktop.domain.errors import UserError
from bri_desktop.i18n import language, tr
from bri_desktop.label_measures import signed
from bri_desktop.services.city_labels import LIST, read_labels
from bri_desktop.services.measure_registry import WeightGroup, weight_groups
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.services.tables_out import NativeChart
from bri_desktop.ui.shared import buttons
from bri_desktop.ui.shared.cells import ABSENT, Cell, Toned
from bri_desktop.ui.shared.choice_button import ChoiceButton
from bri_desktop.ui.shared.context import WindowContext
from bri_desktop.ui.shared.model import Column, WindowedModel
from bri_desktop.ui.shared.panels import Door, EmptyState, Note
from bri_desktop.ui.shared.plot_cells import AxisStrip, Mark, PlotDelegate, Scale, head_width
from bri_desktop.ui.shared.table import LedgerTable
from bri_desktop.ui.shared.taking_out import Shown
from bri_desktop.ui.shared.tokens import Space
from bri_desktop.ui.statistics.reading import Asked, read_total

INDEXES = ("development", "potential")
PLOT = "plot"
FULL = Scale(100.0, 20.0, "")


@dataclass(frozen=True, slots=True)
class CityLine:
    """A city: rank (``None``: too little is known), score 0–100, coverage in per cent, scores of the dimensions.

    ``type`` is the ecosystem type that the office has given it, in words; empty without one.
    """

    label: str
    domestic: bool
    rank: int | None
    value: float | None
    coverage: float
    parts: tuple[float | None, ...]
    type: str = ""


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """Both indexes as ``stats`` gives them, the names of their dimensions, and key of a city -> code of its type."""

    result: StatsResult
    groups: tuple[WeightGroup, ...]
    types: Mapping[str, str]


def read_index(session: Any, asked: Asked, cache: StatisticsCache) -> IndexAnswer:
    """Compute both indexes, on a reader."""
    return IndexAnswer(read_total(session, asked, cache), weight_groups(session), read_labels(session))


class CityTable(LedgerTable[CityLine]):
    """The ranking of one index; a column for each dimension."""

    def __init__(self, lines: Sequence[CityLine], dimensions: Sequence[str]) -> None:
        self.lines = tuple(lines)
        model = WindowedModel(
            _columns(dimensions, has_types=any(line.type for line in lines)),
            lambda ids, arrived: arrived({key: self.lines[key] for key in ids}),
        )
        super().__init__(tr("City index"), model)
        keys = [column.key for column in model.columns]
        self._plot = PlotDelegate(self, lambda: FULL, self._mark)
        self.setItemDelegateForColumn(keys.index(PLOT), self._plot)
        self.header.setSectionsMovable(False)
        self.axis = AxisStrip(self, self.header, keys.index(PLOT), lambda: FULL)
        self.show_ids(list(range(len(self.lines))), dict(enumerate(self.lines)))

    def _mark(self, position: object) -> Mark | None:
        line = self.lines[position] if isinstance(position, int) else None
        if line is None or line.value is None:
            return None
        return Mark(line.value, is_short=not line.domestic)


class IndexRoom(QFrame):
    """The room; ``tables_wanted`` when values have to be brought first."""

    tables_wanted = Signal()

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("kind", "surface")
        self.answer: IndexAnswer | None = None
        self.table: CityTable | None = None
        self.which = ChoiceButton(tr("Index"))
        self.which.set_choices([(code, index_name(code)) for code in INDEXES], INDEXES[0])
        self.which.chosen.connect(lambda _code: self._show_chosen())
        self.finding = buttons.label("", "finding", wrap=True)
        self.rule = buttons.label("", "hint", wrap=True)
        self.problem = Note("", "error")
        self.problem.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._heading())

    def show_asked(self, asked: Asked) -> None:
        """Read the index of another year."""
        self.context.runner.read(
            read_index,
            asked.of_index(),
            self.context.statistics,
            done=self._show,
            failed=self._on_failed,
            initiator=self,
            replaces=(id(self), "index"),
        )

    def shown(self) -> Shown | None:
        """Return what can be taken out."""
        found = self._found()
        if self.table is None or found is None:
            return None
        heads = [tr("City"), tr("Side"), tr("Rank"), tr("Score"), tr("Coverage %"), *self._dimensions()]
        heads.append(tr("Ecosystem type"))
        rows = [
            [line.label, side_name(line.domestic), line.rank, line.value, line.coverage, *line.parts, line.type or None]
            for line in self.table.lines
        ]
        title = f"{index_name(self.which.code())} {found['year']}"
        return Shown(title, self.rule.text(), heads, rows, NativeChart((3,)), self)

    def _heading(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(Space.PAGE, Space.SECTION, Space.PAGE, Space.BETWEEN)
        column.setSpacing(Space.INSIDE)
        first = QHBoxLayout()
        first.addWidget(self.finding, 1)
        first.addWidget(self.which, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(first)
        column.addWidget(self.rule)
        column.addWidget(self.problem)
        return made

    def _found(self) -> Mapping[str, Any] | None:
        if self.answer is None:
            return None
        found: Mapping[str, Any] | None = self.answer.result.measures["index"][self.which.code()]
        return found

    def _group(self) -> WeightGroup:
        assert self.answer is not None
        return next(group for group in self.answer.groups if group.name == self.which.code())

    def _dimensions(self) -> list[str]:
        return [zh if language() == "zh_CN" else en for _, zh, en, _, _ in self._group().parts]

    def _types(self) -> dict[str, str]:
        """Return key of a city -> its type in words."""
        types = {} if self.answer is None else self.answer.types
        return {key: self.context.codes.label(LIST, code, language()) or code for key, code in types.items()}

    def _show(self, answer: IndexAnswer) -> None:
        self.problem.hide()
        self.answer = answer
        self._show_chosen()

    def _show_chosen(self) -> None:
        if self.answer is None:
            return
        while self._column.count() > 1:
            item = self._column.takeAt(1)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.table = None
        found = self._found()
        if found is None or not found["cities"]:
            self._show_nothing()
            return
        self.finding.setText(finding(found))
        weights = tr(", ").join(
            f"{name} {part[3]:g}%" for name, part in zip(self._dimensions(), self._group().parts, strict=True)
        )
        self.rule.setText(
            tr(
                "Values of {year}; weights: {weights}. Each criterion is scaled 0–100 over all cities with a value; "
                "cities with under {enough}% of the criteria are scored, not ranked.",
                year=found["year"],
                weights=weights,
                enough=f"{ENOUGH:g}",
            )
        )
        self.table = CityTable(_lines(found, self._group(), self._types()), self._dimensions())
        self._column.addWidget(self.table, 1)

    def _show_nothing(self) -> None:
        self.finding.setText(index_name(self.which.code()))
        self.rule.setText("")
        door = Door(tr("Bring values…"), "upload", tr("From Excel; a template is there"), self.tables_wanted.emit)
        self._column.addWidget(EmptyState(tr("No values of cities up to this year."), [door]), 1)

    def _on_failed(self, error: UserError) -> None:
        self.problem.set_text(labels.error_sentence(error))
        self.problem.show()


def index_name(code: str) -> str:
    """Return the name of an index."""
    return tr("Development index") if code == "development" else tr("Potential index")


def side_name(domestic: bool) -> str:
    """Return on which side a city stands."""
    return tr("Chinese city") if domestic else tr("Partner city")


def finding(found: Mapping[str, Any]) -> str:
    """Return the one sentence: how many are ranked, and how far the two sides lie apart in the middle."""
    ranked = sum(city["rank"] is not None for city in found["cities"])
    said = tr("{ranked} of {n} cities ranked", ranked=ranked, n=len(found["cities"]))
    difference, home, abroad = (found[name]["median"] for name in ("difference", "domestic", "foreign"))
    if difference is None:
        return said + tr("; both sides need ranked cities to be compared.")
    return said + tr(
        "; median of Chinese cities {home}, of partner cities {abroad}, difference {difference}.",
        home=f"{home:.1f}",
        abroad=f"{abroad:.1f}",
        difference=signed(round(difference, 1)),
    )


def _lines(found: Mapping[str, Any], group: WeightGroup, types: Mapping[str, str]) -> list[CityLine]:
    codes = [part[0] for part in group.parts]
    return [
        CityLine(
            city["label"],
            city["domestic"],
            city["rank"],
            city["value"],
            city["coverage"],
            tuple(city["dimensions"].get(code) for code in codes),
            types.get(city["key"], ""),
        )
        for city in found["cities"]
    ]


def _columns(dimensions: Sequence[str], *, has_types: bool) -> list[Column[CityLine]]:
    def column(key: str, title: str, cell: Callable[[CityLine], Cell | str], width: int) -> Column[CityLine]:
        return Column(key=key, title=title, cell=cell, width=head_width(title, width), is_right=True, is_sortable=False)

    def part(number: int) -> Callable[[CityLine], Cell | str]:
        return lambda line: _one(line.parts[number])

    columns = [
        column("rank", tr("Rank"), _rank, 72),
        Column(key="city", title=tr("City"), cell=lambda line: line.label, width=128, is_sortable=False),
        Column(key="side", title=tr("Side"), cell=_side, width=108, is_sortable=False),
        Column(key=PLOT, title="", cell=lambda _line: "", width=160, is_sortable=False, stretch=True),
        column("value", tr("Score"), lambda line: _one(line.value), 56),
        column("coverage", tr("Coverage %"), lambda line: _one(line.coverage), 64),
    ]
    if has_types:
        columns.insert(
            3, Column("type", tr("Ecosystem type"), lambda line: line.type or ABSENT, 132, is_sortable=False)
        )
    return columns + [column(f"part_{n}", name, part(n), 64) for n, name in enumerate(dimensions)]


def _one(value: float | None) -> str:
    return ABSENT if value is None else f"{value:.1f}"


def _rank(line: CityLine) -> Cell | str:
    return Toned(tr("not ranked"), "hint") if line.rank is None else str(line.rank)


def _side(line: CityLine) -> Cell | str:
    return Toned(side_name(line.domestic), "series_1" if line.domestic else "series_2")
