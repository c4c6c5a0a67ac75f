"""A generated ledger of ten thousand projects over twelve years, the same each time."""

import random
from typing import Any

from sqlalchemy import insert

from bri_desktop.db.database import Database
from bri_desktop.db.models import Place, Project, ProjectPlace

NOW = "2026-11-23T00:00:00+00:00"
PROJECTS = 10_000
MODES = ("sister_city", "demonstration_park", "exchange_mechanism", None)
DOMAINS = ("policy", "facilities", "trade", "finance", "people", None)
STATUSES = ("active", "active", "completed", "signed", "intent", "terminated")


HOME = (
    ("cn:310000", "上海市", "CN", "310000"),
    ("cn:440600", "佛山市", "CN", "440000"),
    ("cn:320200", "无锡市", "CN", "320000"),
)
AWAY = (
    ("gn:1", "布拉格", "CZ", None),
    ("gn:2", "巴黎", "FR", None),
    ("gn:3", "万象市", "LA", None),
    ("gn:4", "阿拉木图", "KZ", None),
    ("gn:5", "内罗毕", "KE", None),
    ("gn:6", "利马", "PE", None),
    ("gn:7", "奥克兰", "NZ", None),
)


def _places(session: Any, wanted: Any) -> list[int]:
    """Store places and return their numbers."""
    made = [
        Place(key=key, level="prefecture", country=country, name_zh=name, province=province, confirmed=True)
        for key, name, country, province in wanted
    ]
    session.add_all(made)
    session.flush()
    return [place.id for place in made]


def generate(ledger: Database, projects: int = PROJECTS) -> None:
    """Store so many projects over twelve years with places, a third of them without a date."""
    chance = random.Random(9704)
    with ledger.write() as session:
        home, away = _places(session, HOME), _places(session, AWAY)
        rows: list[dict[str, Any]] = []
        places: list[dict[str, Any]] = []
        for number in range(1, projects + 1):
            signed = f"{chance.randint(2008, 2019)}-{chance.randint(1, 12):02}" if number % 3 else None
            status = chance.choice(STATUSES)
            ended = f"{chance.randint(2017, 2019)}-06" if status in ("completed", "terminated") and number % 2 else None
            row = {"id": number, "title": f"合作项目{number}", "status": status, "signed": signed, "start": signed}
            row |= {"ended": ended, "mode": chance.choice(MODES), "domain": chance.choice(DOMAINS)}
            row |= {"visibility": "public", "created_at": NOW, "updated_at": NOW, "version": 1, "fingerprint": 0}
            rows.append(row)
            for side, ids in (("domestic", home), ("foreign", away)):
                place = chance.choice(ids)
                places.append({"project_id": number, "side": side, "place_id": place, "position": 0})
        session.execute(insert(Project), rows)
        session.execute(insert(ProjectPlace), places)
