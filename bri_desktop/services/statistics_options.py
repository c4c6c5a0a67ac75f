"""What the office sets for its figures, kept in the ledger: weights of the city index and profile, thresholds."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from bri_desktop.analysis.city_index import INDEXES, Criterion, Dimension, check_weights
from bri_desktop.analysis.portfolio import Thresholds
from bri_desktop.analysis.profile import EQUAL_WEIGHTS, PARTS
from bri_desktop.db.models import Meta
from bri_desktop.db.reference import read_table
from bri_desktop.domain.changes import Changes
from bri_desktop.domain.errors import InputError
from bri_desktop.services.row_history import enter_setting, noted

META = "measures"
OPTIONS = frozenset({"measure_options"})
THRESHOLDS = "thresholds"
"""What a city is flagged by: over-concentrated, over-dispersed."""
LARGEST_THRESHOLD = 200.0
SET = "set_options"
"""What the history calls it."""


@dataclass(frozen=True, slots=True)
class MeasureOptions:
    """Weights in per cent: of the five parts of the profile, of the dimensions of both indexes (code -> weight).

    ``criteria`` are those that imports of index values have named.
    """

    profile: Mapping[str, float] = field(default_factory=lambda: dict(EQUAL_WEIGHTS))
    index: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: default_index_weights())
    criteria: tuple[Criterion, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)


def index_dimensions() -> dict[str, tuple[Dimension, ...]]:
    """Return the dimensions of both indexes with the weights of the report."""
    found: dict[str, list[Dimension]] = {name: [] for name in INDEXES}
    for row in read_table("city_index"):
        code = row["dimension_en"].lower().replace(" ", "_").replace("-", "_")
        found[row["index"]].append(
            Dimension(code, row["dimension_zh"], row["dimension_en"], float(row["weight_percent"]))
        )
    return {name: tuple(several) for name, several in found.items()}


def default_index_weights() -> dict[str, dict[str, float]]:
    """Return the weights of the report."""
    return {name: {item.code: item.weight for item in several} for name, several in index_dimensions().items()}


def read_options(session: Session) -> MeasureOptions:
    """Return what is set; the defaults where nothing is."""
    row = session.get(Meta, META)
    if row is None:
        return MeasureOptions()
    stored: dict[str, Any] = json.loads(row.value)
    return MeasureOptions(
        profile={part: float(stored["profile"][part]) for part in PARTS},
        index={name: {code: float(w) for code, w in stored["index"][name].items()} for name in INDEXES},
        criteria=tuple(Criterion(**item) for item in stored["criteria"]),
        thresholds=Thresholds(**stored["thresholds"]),
    )


def save_options(session: Session, options: MeasureOptions) -> Changes:
    """Store the options as an act that can be taken back; raise as :func:`store_options` does."""
    with noted(session, SET) as change:
        store_options(session, options, change)
    return Changes(OPTIONS)


def store_options(session: Session, options: MeasureOptions, change_id: int) -> None:
    """Store the options, entered with an act; ``InputError`` ``weights_wrong`` where weights do not add up to 100."""
    check_options(options)
    before, value = _plain(read_options(session)), _plain(options)
    text = json.dumps(value, ensure_ascii=False)
    row = session.get(Meta, META)
    if row is None:
        session.add(Meta(name=META, value=text))
    else:
        row.value = text
    session.flush()
    enter_setting(session, change_id, META, before, value)


def _plain(options: MeasureOptions) -> dict[str, Any]:
    return {
        "profile": dict(options.profile),
        "index": {name: dict(weights) for name, weights in options.index.items()},
        "criteria": [asdict(criterion) for criterion in options.criteria],
        "thresholds": asdict(options.thresholds),
    }


def check_options(options: MeasureOptions) -> None:
    """Raise ``InputError`` for weights that are not those of the parts, or do not add up to 100."""
    known: dict[str, Mapping[str, float]] = {"profile": EQUAL_WEIGHTS, **default_index_weights()}
    for name, weights in {"profile": options.profile, **options.index}.items():
        for code in weights:
            if code not in known[name]:
                raise InputError("option_unknown", value=code, known=", ".join(known[name]))
        check_weights(weights, name)


def with_weights(options: MeasureOptions, name: str, written: Mapping[str, float]) -> MeasureOptions:
    """Return the options with other weights of ``profile``, ``development`` or ``potential``, or other ``thresholds``.

    Raises ``InputError``: ``option_unknown``, ``threshold_unusable`` for a threshold that is not above zero.
    """
    if name == THRESHOLDS:
        return replace(options, thresholds=_thresholds(options.thresholds, written))
    if name == "profile":
        return replace(options, profile={**options.profile, **written})
    if name not in INDEXES:
        raise InputError("option_unknown", value=name, known=", ".join(("profile", *INDEXES, THRESHOLDS)))
    return replace(options, index={**options.index, name: {**options.index[name], **written}})


def _thresholds(before: Thresholds, written: Mapping[str, float]) -> Thresholds:
    known = asdict(before)
    for code, value in written.items():
        if code not in known:
            raise InputError("option_unknown", value=code, known=", ".join(known))
        if not 0 < value <= LARGEST_THRESHOLD:
            raise InputError("threshold_unusable", most=f"{LARGEST_THRESHOLD:g}")
    return Thresholds(**(known | dict(written)))


def weighted_dimensions(options: MeasureOptions) -> dict[str, tuple[Dimension, ...]]:
    """Return the dimensions of both indexes with the weights that are set."""
    return {
        name: tuple(replace(item, weight=options.index[name].get(item.code, 0.0)) for item in several)
        for name, several in index_dimensions().items()
    }
