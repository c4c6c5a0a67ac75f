"""项目卡: what one page says of a project."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from bri_desktop.db.models import Project
from bri_desktop.domain.codebook import CodeBook
from bri_desktop.domain.dates import PartialDate
from bri_desktop.domain.money import format_money
from bri_desktop.domain.vocabulary import FIELD_BY_CODE, PROJECT_KEY, number_of
from bri_desktop.i18n import language, tr
from bri_desktop.labels import field_label
from bri_desktop.reports.record_sheet import Fact, LongText, RecordSheet
from bri_desktop.services.attachments import AttachmentFolder
from bri_desktop.services.project_items import ProjectItem
from bri_desktop.services.projects import get_project
from bri_desktop.services.record_sheet_parts import ABSENT, files_of, lines_below, parts_of, words
from bri_desktop.services.sample_mark import is_sample

KINDS = ("agreement", "activity", "outcome", "indicator", "risk")
INTERNAL = "internal"


def project_sheet(
    session: Session, codes: CodeBook, folder: AttachmentFolder, key: str, *, foot: str = ""
) -> RecordSheet:
    """Return the page of a project, given by its key or code; ``InputError`` ``record_unknown``."""
    item = get_project(session, key)
    draft = item.draft
    files, photo = files_of(session, folder, item.key)
    texts = [
        LongText(field_label(name), text.strip())
        for name in ("summary", "results", "note")
        if (text := getattr(draft, name)) and text.strip()
    ]
    return RecordSheet(
        key=item.key,
        kind=tr("Project card"),
        title=draft.title or draft.code or item.key,
        subtitle=(draft.title_en or "") if language() == "zh_CN" else "",
        facts=tuple(_facts(session, codes, item)),
        texts=tuple(texts),
        parts=tuple(parts_of(session, codes, item.key, KINDS)),
        below=tuple(lines_below(session, item.key, files)),
        language=language(),
        photo=photo,
        mark=sheet_mark(session, codes, draft.visibility),
        foot=foot,
    )


def sheet_mark(session: Session, codes: CodeBook, visibility: str | None = None) -> str:
    """Return what stands at the upper right: that a record is internal, that the figures are a sample."""
    internal = codes.label("visibility", visibility, language()) if visibility == INTERNAL else ""
    return words([internal, tr("Sample data") if is_sample(session) else ""])


def _facts(session: Session, codes: CodeBook, item: ProjectItem) -> Iterator[Fact]:
    """Yield the facts of the form; those that few projects have only where they are known."""
    draft = item.draft

    def coded(name: str) -> str:
        return codes.label(FIELD_BY_CODE[name].list or "", getattr(draft, name), language())

    def listed(name: str) -> str:
        return words(codes.label(FIELD_BY_CODE[name].list or "", code, language()) for code in getattr(draft, name))

    always = [
        (field_label("code"), draft.code or item.key),
        (field_label("mode"), words([coded("mode"), coded("submode")])),
        (field_label("domestic_places"), words(place.name(language()) for place in item.domestic)),
        (field_label("foreign_places"), words(_abroad(item))),
        (field_label("domain"), words([coded("domain"), listed("domains")])),
        (field_label("status"), coded("status")),
        (field_label("nature"), coded("nature")),
        (field_label("level"), coded("level")),
        (field_label("department"), draft.department),
        (field_label("lead"), draft.lead),
        (field_label("signed"), _day(draft.signed)),
        (field_label("amount"), format_money(draft.amount, language()) if draft.amount else ""),
        (tr("Planned period"), _period(draft.planned_start, draft.planned_end)),
        (tr("Actual period"), _period(draft.started, draft.ended)),
    ]
    for label, text in always:
        yield Fact(label, text or ABSENT)
    rare = [
        (field_label("partners"), words(draft.partners)),
        (field_label("fields"), listed("fields")),
        (field_label("sdg"), listed("sdg")),
        (field_label("corridors"), listed("corridors")),
        (field_label("policy_step"), coded("policy_step")),
        (field_label("pair_kind"), coded("pair_kind")),
        (field_label("parent"), _parent(session, draft.parent)),
        (field_label("source"), draft.source),
        (field_label("tags"), words(draft.tags)),
    ]
    for label, text in rare:
        if text:
            yield Fact(label, text)


def _abroad(item: ProjectItem) -> Iterator[str]:
    """Yield the places abroad, each with its country unless it is one."""
    for place in item.foreign:
        name = place.name(language())
        if place.level == "country":
            yield name
        else:
            country = item.country_name(place, language())
            yield f"{name}（{country}）" if language() == "zh_CN" else f"{name} ({country})"


def _day(date: PartialDate | None) -> str:
    return date.value if date else ""


def _period(start: PartialDate | None, end: PartialDate | None) -> str:
    if start is None and end is None:
        return ""
    return f"{_day(start) or '…'} — {_day(end) or '…'}"


def _parent(session: Session, key: str | None) -> str:
    number = number_of(PROJECT_KEY, key or "")
    row = session.execute(select(Project.code, Project.title).where(Project.id == number)).first()
    return " ".join(part for part in row if part) if row else ""
