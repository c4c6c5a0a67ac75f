"""Column types that keep exact values exact in every database."""

from decimal import Decimal

from sqlalchemy import BigInteger
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bri_desktop.db.scaled import LARGEST as LARGEST
from bri_desktop.db.scaled import SCALE as SCALE
from bri_desktop.db.scaled import from_scaled as from_scaled
from bri_desktop.db.scaled import to_scaled as to_scaled


class ScaledDecimal(TypeDecorator[Decimal]):
    """A decimal of at most four places and about 9.2e14 in size, stored as an integer of ten-thousandths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else to_scaled(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else from_scaled(value)
