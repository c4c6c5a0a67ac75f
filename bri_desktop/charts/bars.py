"""A ranking as horizontal bars: which units, how many, what part."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from bri_desktop.analysis.model import StatsResult, StatsRow
from bri_desktop.charts.canvas import MARGIN, ChartTheme, Heading, Sheet, Size, gid_of
from bri_desktop.charts.numbers import per_cent, whole
from bri_desktop.i18n import tr

ROW = 28
BAR = 14


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    count: int
    note: str
    key: str | None
    muted: bool = False


def ranking(
    result: StatsResult, theme: ChartTheme, size: Size | None = None, *, heading: Heading | None = None, top: int = 12
) -> Figure:
    """Return the units with most entries as bars that carry their row's key; dimensions of up to ``top`` units whole.

    The rest together and what has no value follow as numbers without a bar: they are no units, and would dwarf them.
    """
    bars = _bars(result, top)
    size = size or Size()
    sheet = Sheet(theme, size, heading or Heading(), ROW * max(len(bars), 1))
    _draw(sheet, bars)
    return sheet.figure


def _bars(result: StatsResult, top: int) -> list[_Bar]:
    units = [row for row in result.rows if row.is_unit]
    ordered = sorted(units, key=lambda row: (-row.count, -row.weight))
    shown = ordered if len(units) <= top else [row for row in ordered[:top] if row.count]
    rest = [row for row in ordered[len(shown) :] if row.count]
    bars = [_Bar(row.label, row.count, _share([row]), gid_of(row.keys)) for row in shown]
    if rest:
        label = tr("Others ({n})", n=len(rest))
        bars.append(_Bar(label, result.distinct(rest), _share(rest), None, muted=True))
    nothing = [row for row in result.rows if not row.is_unit and row.count]
    bars += [_Bar(row.label, row.count, "", gid_of(row.keys), muted=True) for row in nothing]
    return bars


def _share(rows: Sequence[StatsRow]) -> str:
    shown = [row.share_shown for row in rows if row.share_shown is not None]
    return f"{per_cent(round(sum(shown), 1))}%" if shown else ""


def _draw(sheet: Sheet, bars: Sequence[_Bar]) -> None:
    theme = sheet.theme
    widest = max((sheet.text_width(bar.label) for bar in bars), default=0)
    names = min(widest, 0.4 * sheet.width)
    left = MARGIN + names + 12
    numbers = max((sheet.text_width(_figures(bar)) for bar in bars), default=0)
    right = sheet.width - MARGIN - numbers - 16
    step = (sheet.height - sheet.top - sheet.bottom) / max(len(bars), 1)
    axes = sheet.axes(left, sheet.top, right, sheet.height - sheet.bottom)
    most = max((bar.count for bar in bars if not bar.muted), default=0) or 1
    axes.set(xlim=(0, most), ylim=(len(bars) or 1, 0), xticks=[], yticks=[])
    for position, bar in enumerate(bars):
        length = 0 if bar.muted else bar.count
        thickness = min(BAR, 0.7 * step) / step
        axes.barh(position + 0.5, length, thickness, color=theme.series[0], gid=bar.key, picker=True, clip_on=False)
        y = sheet.top + (position + 0.5) * step
        name = sheet.elided(bar.label, names)
        sheet.text(MARGIN, y, name, colour=theme.secondary if bar.muted else theme.text, key=bar.key)
        end = left + (right - left) * length / most + 8
        sheet.text(
            end, y, whole(bar.count), bold=True, colour=theme.secondary if bar.muted else theme.text, key=bar.key
        )
        beside = end + sheet.text_width(whole(bar.count), bold=True) + 8
        sheet.text(beside, y, bar.note, px=theme.small_px, colour=theme.secondary)
    axes.axvline(0, color=theme.baseline, lw=0.72)


def _figures(bar: _Bar) -> str:
    return f"{whole(bar.count)}  {bar.note}"
