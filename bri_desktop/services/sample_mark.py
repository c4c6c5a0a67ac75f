"""Whether the ledger holds the sample, so that no figure of it is taken for an official one."""

from sqlalchemy.orm import Session

from bri_desktop.db.models import Meta

SAMPLE = "sample"


def is_sample(session: Session) -> bool:
    """Tell whether the sample was taken into this ledger."""
    return session.get(Meta, SAMPLE) is not None


def mark_sample(session: Session, name: str) -> None:
    """Mark the ledger as holding the sample file ``name``."""
    session.merge(Meta(name=SAMPLE, value=name))
