"""A clerk's day in a real window: keys by xdotool under Xvfb, pictures to look at, and what the ledger holds after.

``script/clerk_day.py OUT [JOURNEY…]`` needs Xvfb and xdotool; it prints a line for each journey and ends with 1 where
one fails.
"""

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from clerk_desk import Desk, FailedError

from bri_desktop.db.database import create_database, open_database
from bri_desktop.db.projects import ProjectStore
from bri_desktop.domain.project import ProjectDraft
from bri_desktop.services.approvals import Case, list_cases
from bri_desktop.services.attachments import folder_beside

SECONDS_A_KEY = 0.25
"""Normal typing: 240 keys a minute."""
ROWS = 500


def log_a_project(desk: Desk) -> str:
    """Log a project without the mouse."""
    desk.keys = 0
    desk.press("ctrl+n")
    desk.write("Youth exchange Shanghai Prague")
    desk.press("Tab")
    desk.write("shanghai")
    desk.press("Return", "Tab")
    desk.write("bulage")
    desk.press("Return", "Tab", "1", "Tab", "1", "Tab", "5", "Tab", "4", "Tab")
    desk.write("2017.5.17")
    desk.press("Tab")
    desk.write("18000000")
    desk.picture("1-filled")
    desk.press("ctrl+s")
    desk.picture("1-logged")
    seconds = desk.keys * SECONDS_A_KEY
    expect(seconds <= 60, f"{seconds:.0f} s of keys")
    (item,) = found(desk, "Youth exchange")
    expect(item["mode"] == "sister_city" and item["status"] == "signed", "mode and status by number")
    expect(item["signed"] == {"value": "2017-05-17", "precision": "day"}, "the date as written")
    return f"{desk.keys} keys, {seconds:.0f} s at normal speed"


def undo_after_a_restart(desk: Desk) -> str:
    """Take the new project back after the program was closed and opened again."""
    desk.end()
    desk.begin()
    desk.press("ctrl+z")
    desk.picture("2-undone")
    expect(found(desk, "Youth exchange") == [], "the project is gone")
    return "taken back"


def edit_many(desk: Desk) -> str:
    """Give five hundred projects another status, and take that back by one key."""
    desk.press("alt+2", "ctrl+f")
    desk.write("Bulk")
    desk.press("Down", "ctrl+a", "ctrl+e")
    desk.picture("3-window")
    desk.press("Tab", "Tab", "6")
    desk.picture("3-preview")
    desk.press("Tab")
    desk.write("annual review")
    desk.press("Tab", "Tab", "Tab", "space")
    desk.picture("3-done")
    changed = count(desk, "status = suspended")
    expect(changed == ROWS, f"{changed} of {ROWS} changed")
    desk.focus()
    desk.press("ctrl+z")
    desk.picture("3-undone")
    expect(count(desk, "status = suspended") == 0, "one undo takes all back")
    return f"{changed} changed, one undo"


def walk_an_approval(desk: Desk) -> str:
    """Begin an approval, hand it in, have it returned once, hand it in again and see it decided."""
    desk.press("alt+4", "ctrl+n")
    desk.write("499")
    desk.press("Down", "Return")
    desk.picture("4-new")
    desk.press("Tab", "Tab", "ctrl+a")
    desk.write("2024.3.1")
    desk.press("Tab", "space")
    do_an_act(desk, "2024.3.5", 1)
    desk.picture("4-submitted")
    do_an_act(desk, "2024.3.11", 2, "no profile of the partner")
    desk.picture("4-returned")
    do_an_act(desk, "2024.3.12", 1)
    do_an_act(desk, "2024.3.20", 1)
    desk.picture("4-decided")
    (case,) = cases(desk)
    expect(case.standing.returned == 1, f"{case.standing.returned} returns")
    expect(case.step_name == "市外办", f"the case stands at {case.step_name}")
    return "through one return to the next step"


def do_an_act(desk: Desk, day: str, place: int, reason: str = "") -> None:
    """From the day of an act over who and why to its button."""
    desk.press("ctrl+a")
    desk.write(day)
    desk.press("Tab", "Tab")
    if reason:
        desk.write(reason)
    desk.press(*["Tab"] * place, "space")


def lose_an_attachment(desk: Desk) -> str:
    """Drop a file on a record, remove its content from the disk, and see it told."""
    paper = desk.home / "批文.txt"
    paper.write_text("同意", "utf-8")
    desk.press("alt+2", "ctrl+f", "ctrl+a")
    desk.write("Bulk 499")
    desk.press("Down", "Return", *["ctrl+Tab"] * 6)
    other = desk.hand(paper)
    try:
        desk.drag((340, 320), (1150, 185))
    finally:
        other.kill()
        other.wait()
    desk.picture("5-dropped")
    expect(files(desk) == [("批文.txt", "whole")], f"kept: {files(desk)}")
    folder = folder_beside(desk.ledger)
    for content in [path for path in folder.rglob("*") if path.is_file()]:
        content.unlink()
    desk.press("ctrl+shift+Tab", "ctrl+Tab")
    desk.picture("5-missing")
    expect(files(desk) == [("批文.txt", "missing")], f"told: {files(desk)}")
    return "dropped, gone from the disk, told"


def tell_bad_input(desk: Desk) -> str:
    """Fill a form with what is wrong in every way; nothing is stored, and everything stays as typed."""
    desk.press("alt+2", "ctrl+n")
    other = desk.hand(characters=10_000)
    desk.press("ctrl+v")
    other.kill()
    other.wait()
    desk.press("Tab")
    desk.write("bulage")
    desk.press("Return", "Tab", "Tab", "Tab", "Tab", "4", "Tab")
    desk.write("2020-06-01")
    desk.press("Tab")
    desk.write("300")
    desk.picture("6-top")
    desk.press("Tab", "Tab", "Tab", "space", "Tab")
    desk.write("A-1")
    desk.press("Tab", "Tab", "Tab", "Tab")
    desk.write("2021-02")
    desk.press("Tab")
    desk.write("2019")
    desk.press("Tab")
    desk.picture("6-dates")
    desk.press("ctrl+s")
    desk.picture("6-refused")
    expect(count(desk, "") == ROWS, "nothing was stored")
    desk.press("Escape")
    return "told, nothing stored"


def cases(desk: Desk) -> list[Case]:
    """Return the approvals of the ledger."""
    with contextlib.closing(open_database(desk.ledger)) as database, database.read() as session:
        return list_cases(session)


def files(desk: Desk) -> list[tuple[str, str]]:
    """Return name and state of each attached file."""
    found = desk.ask("attachments", f"P{ROWS}")["items"]
    return [(one["name"], one["state"]) for one in found] if isinstance(found, list) else []


def count(desk: Desk, text: str) -> int:
    """Return how many projects a filter finds."""
    asked = ("--filter", text) if text else ()
    return int(str(desk.ask("list", *asked, "--limit", "0")["total"]))


def found(desk: Desk, search: str) -> list[dict[str, object]]:
    """Return the projects that hold some words."""
    items = desk.ask("list", "--search", search)["items"]
    return items if isinstance(items, list) else []


def expect(holds: bool, what: str) -> None:
    """Raise ``FailedError`` where something does not hold."""
    if not holds:
        raise FailedError(what)


JOURNEYS: tuple[Callable[[Desk], str], ...] = (
    *(log_a_project, undo_after_a_restart, edit_many, walk_an_approval, lose_an_attachment, tell_bad_input),
)


@contextlib.contextmanager
def desk_with_rows(out: Path) -> Iterator[Desk]:
    """Give a desk whose ledger has projects to edit."""
    with tempfile.TemporaryDirectory(prefix="clerk-day-", ignore_cleanup_errors=True) as folder:
        ledger = Path(folder) / "ledger.db"
        create_database(ledger)
        database = open_database(ledger)
        with database.write() as session:
            drafts = [ProjectDraft(title=f"Bulk {n}", status="active") for n in range(1, ROWS)]
            ProjectStore(session).insert([ProjectDraft(title="Bulk 0", code="A-1", status="active"), *drafts])
        database.close()
        desk = Desk(ledger, out, Path(folder))
        try:
            desk.begin()
            yield desk
        finally:
            desk.close()


def main() -> int:
    """Go through the day; return 1 where a journey fails."""
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "clerk-day")
    out.mkdir(parents=True, exist_ok=True)
    status = 0
    with desk_with_rows(out) as desk:
        for journey in (one for one in JOURNEYS if one.__name__ in sys.argv[2:] or not sys.argv[2:]):
            try:
                print(f"{journey.__name__}: {journey(desk)}")
            except FailedError as failed:
                desk.picture(f"failed-{journey.__name__}")
                print(f"{journey.__name__}: FAILED: {failed}")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
