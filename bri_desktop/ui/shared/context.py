"""What every page is given: the ledger, the worker, the settings and the words of the code lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bri_desktop.domain.codebook import CodeBook
from bri_desktop.services.statistics_cache import StatisticsCache
from bri_desktop.ui.runner import Runner, Sessions
from bri_desktop.ui.settings import Settings


@dataclass(frozen=True, slots=True)
class RecordSet:
    """Records that a figure or message opens: their ids in order and one line that says what they are.

    ``weights`` are given where each counts for a part only; they add up to the figure. ``kind`` is ``project``,
    ``pair``, or a kind that hangs on these.
    """

    title: str
    ids: tuple[int, ...]
    weights: Mapping[int, float] | None = field(default=None, compare=False)
    kind: str = "project"


@dataclass(slots=True)
class WindowContext:
    """One per window, made by the composition root; pages talk to one another only through its calls."""

    database: Sessions
    path: Path
    runner: Runner
    settings: Settings
    codes: CodeBook
    statistics: StatisticsCache = field(default_factory=StatisticsCache)
    show_page: Callable[[str], None] = lambda _code: None
    open_records: Callable[[RecordSet], None] = lambda _records: None
    open_filter: Callable[[str], None] = lambda _filter: None
    open_record: Callable[[str], None] = lambda _key: None
    open_approval: Callable[[str], None] = lambda _key: None
    new_project: Callable[[], None] = lambda: None
    import_files: Callable[[Sequence[str]], None] = lambda _paths: None
    show_register: Callable[[], None] = lambda: None
    load_sample: Callable[[], None] = lambda: None
    undo: Callable[[], None] = lambda: None
    settings_changed: Callable[[], None] = lambda: None
    open_item: Callable[[str, str, int], None] = lambda _owner, _kind, _number: None
    replace_ledger: Callable[[Path], None] = lambda _new: None
    choose_ledger: Callable[[], None] = lambda: None
