"""Which of the fonts that official documents are written with are installed on this computer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FontOfOffice:
    """A font by the name that offices use, and whether the PDF can embed it here."""

    name: str
    is_installed: bool


def office_fonts() -> tuple[FontOfOffice, ...]:
    """Return the four fonts of official documents."""
    from bri_desktop.reports.fonts import face_of
    from bri_desktop.reports.paper import Role

    names: dict[Role, str] = {"title": "方正小标宋", "heading": "黑体", "kai": "楷体", "body": "仿宋"}
    return tuple(FontOfOffice(name, face_of(role).is_own) for role, name in names.items())
