"""友城档案: what one page says of a tie between two places."""

import datetime
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Pair, Project
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.errors import InputError, Where
from bri_desktop.domain.money import Money, format_money
from bri_desktop.domain.vocabulary import PAIR_KEY, key_of, number_of
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label, record_kind_label
from bri_desktop.reports.record_sheet import Fact, LongText, Part, PartColumn, RecordSheet
from bri_desktop.services.attachments import AttachmentFolder
from bri_desktop.services.cities import PairRow, read_pairs
from bri_desktop.services.city_events import Event, count_by_kind, movements, read_events, total_money
from bri_desktop.services.pair_life import next_anniversary, read_rules, stage
from bri_desktop.services.record_sheet_facts import sheet_mark
from bri_desktop.services.record_sheet_parts import ABSENT, files_of, filled, lines_below, parts_of, words


def tie_sheet(session: Session, codes: CodeBook, folder: AttachmentFolder, key: str, *, foot: str = "") -> RecordSheet:
    """Return the page of a tie, given by its key; ``InputError`` ``record_unknown``."""
    number = number_of(PAIR_KEY, key)
    row = next((one for one in read_pairs(session) if one.id == number), None)
    if row is None:
        raise InputError("record_unknown", where=Where(key=key), key=key)
    own = key_of(PAIR_KEY, row.id)
    note = session.get_one(Pair, row.id).note
    projects = select(Project.id).where(Project.pair_id == row.id, Project.deleted_at.is_(None))
    events = read_events(session, projects, select(Pair.id).where(Pair.id == row.id))
    files, photo = files_of(session, folder, own)
    parts = [
        *parts_of(session, codes, own, ["agreement"]),
        *_projects(codes, events),
        *parts_of(session, codes, own, ["activity", "risk"]),
    ]
    return RecordSheet(
        key=own,
        kind=tr("File of a tie"),
        title=f"{row.domestic.name(language())}—{row.foreign.name(language())}",
        subtitle=f"{row.domestic.names[1]} — {row.foreign.names[1]}" if language() == "zh_CN" else "",
        facts=tuple(_facts(session, codes, row, events)),
        texts=(LongText(tr("Note"), note.strip()),) if note and note.strip() else (),
        parts=tuple(parts),
        below=tuple(lines_below(session, own, files)),
        language=language(),
        photo=photo,
        mark=sheet_mark(session, codes),
        foot=foot,
    )


def _facts(session: Session, codes: CodeBook, row: PairRow, events: Sequence[Event]) -> Iterator[Fact]:
    rules, today = read_rules(session), datetime.date.today()
    moves = movements(events, today)
    now_at = stage(row.life, row.ended, row.signed, moves, today, rules.dormant_years)
    is_standing = now_at not in ("intent", "ended")
    coming = next_anniversary(row.signed, today, rules.step) if is_standing else None
    begun = [date for date in moves if date <= today.isoformat()[: len(date)]]
    counts = count_by_kind(events)
    wanted = (
        (tr("Chinese city"), _with_region(row.domestic.name(language()), row.domestic.province_name(language()))),
        (tr("Foreign city"), _with_region(row.foreign.name(language()), row.foreign.country_name(language()))),
        (tr("Kind of tie"), codes.label("pair_kind", row.kind, language())),
        (tr("Level"), codes.label("level", row.level, language())),
        (tr("Stage"), codes.label("pair_life", now_at, language())),
        (tr("Signed"), row.signed),
        (tr("Next anniversary"), tr("{years} years on {date}", years=coming.years, date=coming.date) if coming else ""),
        (tr("Last event"), max(begun, default="")),
        (tr("Projects"), str(counts["project"])),
        (tr("Activities"), str(counts["activity"])),
        (tr("Project amounts"), _sums(total_money(events))),
        (tr("Amounts of outcomes"), _sums(total_money(events, "outcome"))),
    )
    for label, text in wanted:
        yield Fact(label, text or ABSENT)
    if row.ended:
        yield Fact(tr("Ended"), row.ended)


def _with_region(name: str, region: str) -> str:
    if not region or region == name:
        return name
    return f"{name}（{region}）" if language() == "zh_CN" else f"{name} ({region})"


def _sums(several: Sequence[Money]) -> str:
    return words(format_money(money, language()) for money in several)


def _projects(codes: CodeBook, events: Sequence[Event]) -> list[Part]:
    """Return the list of the projects of the tie, the latest first, or none."""
    found = [event for event in events if event.kind == "project"]
    if not found:
        return []
    columns = (
        PartColumn(field_label("title"), 5),
        PartColumn(field_label("mode"), 2.2),
        PartColumn(field_label("status"), 1.4),
        PartColumn(field_label("start"), 1.6, "center"),
        PartColumn(field_label("amount"), 2, "right"),
    )
    rows = tuple(
        (
            event.title,
            codes.label("mode", event.code, language()) or ABSENT,
            codes.label("status", event.status, language()) or ABSENT,
            event.start or ABSENT,
            format_money(event.money, language()) if event.money else ABSENT,
        )
        for event in sorted(found, key=lambda event: event.start or "", reverse=True)
    )
    return [filled(Part(record_kind_label("project"), columns, rows))]
