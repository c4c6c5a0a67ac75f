"""Every table of the ledger in one place: what migrations are compared with."""

from bri_desktop.db import exchange_models, integrity_models, measure_models, record_models, year_models
from bri_desktop.db.models import Base

MODULES = (exchange_models, integrity_models, measure_models, record_models, year_models)
metadata = Base.metadata
