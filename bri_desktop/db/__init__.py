"""The store: SQLAlchemy lives here."""
