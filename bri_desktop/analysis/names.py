"""Names of dimensions and measures as they are shown."""

from bri_desktop.i18n import tr


def dimension_name(code: str) -> str:
    """Return the name of a dimension; the code itself for one that is not known."""
    return _names().get(code, code)


def _names() -> dict[str, str]:
    return {
        "country": tr("Country"),
        "subregion": tr("Subregion"),
        "continent": tr("Continent"),
        "continent5": tr("Continent (five)"),
        "income": tr("Income group"),
        "bri": tr("Partner country"),
        "tier": tr("Financial integration"),
        "corridor": tr("Corridor"),
        "foreign_city": tr("Foreign city"),
        "province": tr("Province"),
        "prefecture": tr("Prefecture"),
        "city": tr("Domestic city"),
        "mode": tr("Mode"),
        "submode": tr("Sub-mode"),
        "domain": tr("Domain"),
        "field": tr("Sustainability field"),
        "sdg": tr("Development goal"),
        "status": tr("Status"),
        "nature": tr("Nature"),
        "level": tr("Level"),
        "pair_kind": tr("Kind of tie"),
        "department": tr("Responsible department"),
        "actor": tr("Actor"),
        "outcome_class": tr("Class of outcome"),
        "year": tr("Year"),
    }


def describe_measure(code: str) -> str:
    """Return the name of a measure; the code itself for one that is not known."""
    names = {
        "gini": tr("Gini"),
        "gini_normalised": tr("Gini, normalised"),
        "hhi": tr("HHI"),
        "n_eff": tr("Effective number of units"),
        "theil": tr("Theil"),
        "theil_between": tr("Theil between continents"),
        "theil_within": tr("Theil within continents"),
        "dissimilarity": tr("Dissimilarity"),
        "lorenz": tr("Lorenz curve"),
        "practical_share": tr("Share of practical cooperation"),
        "coverage": tr("Outcome coverage"),
        "yoy": tr("Year on year"),
        "attainment": tr("Targets reached"),
        "uncertainty": tr("Uncertainty"),
        "delay": tr("Delay"),
        "concentration": tr("Concentration of cities"),
        "homogeneity": tr("Likeness of cities"),
        "duplication": tr("Possible duplication"),
        "approval": tr("Approval"),
        "quality": tr("Data quality"),
        "profile": tr("Profile"),
        "index": tr("City index"),
        "outcomes": tr("Outcomes"),
        "volume": tr("Volume"),
    }
    return names.get(code, code)
