"""A ledger of a few projects written by hand, with the shipped reference tables, as the statistics take it."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from bri_desktop import paths
from bri_desktop.analysis.model import (
    CodeRef,
    CorridorRef,
    CountryRef,
    Links,
    OrganisationRef,
    PlaceRef,
    ProjectColumns,
    StatsData,
    StatusChanges,
    ints,
    pack_date,
    pack_dates,
)

PLACES = (
    PlaceRef("paris", "巴黎", "Paris", "FR"),
    PlaceRef("lyon", "里昂", "Lyon", "FR"),
    PlaceRef("berlin", "柏林", "Berlin", "DE"),
    PlaceRef("tokyo", "东京", "Tokyo", "JP"),
    PlaceRef("almaty", "阿拉木图", "Almaty", "KZ"),
    PlaceRef("rome", "罗马", "Rome", "IT"),
    PlaceRef("hong_kong", "香港", "Hong Kong", "HK"),
    PlaceRef("yangon", "仰光", "Yangon", "MM"),
    PlaceRef("nairobi", "内罗毕", "Nairobi", "KE"),
    PlaceRef("cn:310000", "上海市", "Shanghai", "CN", "province", "310000", None),
    PlaceRef("cn:310115", "浦东新区", "Pudong", "CN", "county", "310000", None),
    PlaceRef("cn:320000", "江苏省", "Jiangsu", "CN", "province", "320000", None),
    PlaceRef("cn:320500", "苏州市", "Suzhou", "CN", "prefecture", "320000", "320500"),
    PlaceRef("cn:320583", "昆山市", "Kunshan", "CN", "county", "320000", "320500"),
)
PLACE = {place.key: index for index, place in enumerate(PLACES)}
ORGANISATIONS = (
    OrganisationRef("O1", "市商务局", "government"),
    OrganisationRef("O2", "甲大学", "university"),
    OrganisationRef("O3", "乙公司", None),
)


def read(name: str) -> list[dict[str, str]]:
    with (paths.resources() / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def codes() -> Mapping[str, tuple[CodeRef, ...]]:
    lists: dict[str, list[CodeRef]] = {}
    for row in read("codes"):
        lists.setdefault(row["kind"], []).append(CodeRef(row["code"], row["name_zh"], row["name_en"]))
    for row in read("cooperation_modes"):
        name = "submode" if row["parent"] else "mode"
        lists.setdefault(name, []).append(CodeRef(row["code"], row["name_zh"], row["name_en"]))
    files = {"domains": "domain", "sustainability_fields": "field", "actors": "actor"}
    for file, name in (files | {"forum_outcome_classes": "outcome_class"}).items():
        lists[name] = [CodeRef(row["code"], row["name_zh"], row["name_en"]) for row in read(file)]
    return {name: tuple(refs) for name, refs in lists.items()}


def code(name: str, value: str | None) -> int:
    return [ref.code for ref in codes()[name]].index(value) if value else -1


@cache
def countries() -> tuple[CountryRef, ...]:
    income = {row["iso2"]: row for row in read("income_groups")}
    continents = {ref.zh: ref.code for ref in codes()["continent"]}
    return tuple(
        CountryRef(
            row["iso2"],
            row["name_zh"],
            row["name_en"],
            continents[row["continent_zh"]],
            row["continent5_zh"],
            row["un_subregion"],
            row["region_of"] or None,
            int(row["bri_from"]) if row["bri_from"] else None,
            int(row["bri_until"]) if row["bri_until"] else None,
            {year: group for year in range(2008, 2022) if (group := income.get(row["iso2"], {}).get(f"gni{year}"))},
        )
        for row in read("countries")
    )


@cache
def corridors() -> tuple[CorridorRef, ...]:
    return tuple(
        CorridorRef(
            row["code"],
            row["name_zh"],
            row["name_en"],
            tuple(row["foreign_iso2"].split(";")),
            tuple(row["node_cities_zh"].split(";")),
        )
        for row in read("corridors")
    )


@dataclass
class P:
    """One project; places by key, codes by code."""

    status: str | None = "active"
    start: str | None = None
    ended: str | None = None
    planned: str | None = None
    planned_end: str | None = None
    parent: int | None = None
    foreign: Sequence[str] = ()
    domestic: Sequence[str] = ()
    mode: str | None = None
    nature: str | None = None
    domains: Sequence[str] = ()
    sdg: Sequence[int] = ()
    corridors: Sequence[int] = ()
    actors: Sequence[int] = ()
    outcomes: Sequence[str] = ()
    department: int | None = None
    pair: int = 0
    level: str | None = None
    changes: Sequence[tuple[str, str]] = ()


def links(projects: Sequence[P], targets: Any) -> Links:
    pairs = [(index, target) for index, project in enumerate(projects) for target in targets(project)]
    return Links(ints([a for a, _ in pairs]), ints([b for _, b in pairs]))


def ledger(projects: Sequence[P], **others: Any) -> StatsData:
    """Return the columns of the projects; the record id of the first is 101."""
    entries = len(projects)

    def column(values: Iterable[int | None]) -> Any:
        return ints(list(values))

    changes = [(i, code("status", s), pack_date(d)) for i, p in enumerate(projects) for s, d in p.changes]
    nothing = np.full(entries, -1, np.int32)
    columns = ProjectColumns(
        id=np.arange(101, 101 + entries, dtype=np.int32),
        status=column(code("status", p.status) for p in projects),
        start=pack_dates([p.start for p in projects]),
        ended=pack_dates([p.ended for p in projects]),
        planned_start=pack_dates([p.planned for p in projects]),
        planned_end=pack_dates([p.planned_end for p in projects]),
        parent=column(p.parent for p in projects),
        nature=column(code("nature", p.nature) for p in projects),
        mode=column(code("mode", p.mode) for p in projects),
        submode=nothing,
        domain=column(code("domain", p.domains[0] if p.domains else None) for p in projects),
        level=column(code("level", p.level) for p in projects),
        pair_kind=nothing,
        department=column(p.department for p in projects),
        pair=ints([p.pair for p in projects]),
        has_outcome=np.array([bool(p.outcomes) for p in projects], np.bool_),
        changes=StatusChanges(*(ints([change[part] for change in changes]) for part in range(3))),
    )
    data: dict[str, Any] = {
        "projects": columns,
        "countries": countries(),
        "provinces": tuple(CodeRef(r["adcode"], r["short_zh"], r["name_en"]) for r in read("provinces")),
        "places": PLACES,
        "codes": codes(),
        "corridor_refs": corridors(),
        "organisations": ORGANISATIONS,
        "foreign": links(projects, lambda p: [PLACE[key] for key in p.foreign]),
        "domestic": links(projects, lambda p: [PLACE[key] for key in p.domestic]),
        "domains": links(projects, lambda p: [code("domain", value) for value in p.domains[1:]]),
        "sdg": links(projects, lambda p: [goal - 1 for goal in p.sdg]),
        "corridors": links(projects, lambda p: p.corridors),
        "actors": links(projects, lambda p: p.actors),
        "outcomes": links(projects, lambda p: [code("outcome_class", value) for value in p.outcomes]),
    }
    return StatsData(**(data | others))
