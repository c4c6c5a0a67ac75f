"""城市与友城: the places and the ties of the ledger."""

from bri_desktop.ui.cities.page import CitiesPage

__all__ = ["CitiesPage"]
