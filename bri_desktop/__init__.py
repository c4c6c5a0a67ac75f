"""A desktop ledger of international city cooperation for foreign-affairs offices."""

__version__ = "0.1.0"
