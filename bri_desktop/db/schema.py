"""Every table of the ledger in one place: what migrations are compared with."""

from bri_desktop.db import exchange_models, measure_models
from bri_desktop.db.models import Base

MODULES = (exchange_models, measure_models)
metadata = Base.metadata
