"""How the figures of each section are counted, in a sentence: what the page says of a number that was clicked."""

from bri_desktop.i18n import tr


def section_rule(code: str) -> str:
    """Return how figures of a section are counted that no table of the statistics words; "" where each has its own."""
    rules = {
        "overview": tr("Shares are of the projects on the books; changes are held against the year before."),
        "comparison": tr(
            "Each year counted in the same way; the growth is the yearly rate from the first to the last."
        ),
        "map": tr("Cities with projects on the books at the end of the year, and ties that stand then."),
        "results": tr(
            "Outcomes of the projects on the books at the end of the year; amounts at the rates of the year."
        ),
        "ties": tr("Ties that stand at the end of the year; anniversaries and dormancy by the rules of the office."),
        "approval": tr(
            "Steps decided in the year, from the first submission to the last decision, and those open at its end."
        ),
        "quality": _cells(),
        "outlook": tr("Planned dates, ends of agreements, anniversaries and follow-ups of next year, as recorded."),
        "sources": tr("The rate that was entered for the year; no record stands behind it."),
    }
    return rules.get(code, "")


def _cells() -> str:
    return tr("All records as they are today: cells that are filled in, of those expected.")


def baseline_rule() -> str:
    """Return how the shares are counted that others are held against."""
    return tr("Its countries among all those of the list; no record of the ledger stands behind it.")


def panel_rule(code: str) -> str:
    """Return how the figures of a complaint are counted."""
    rules = {
        "imbalance_region": tr(
            "Share of each continent against its share of the countries; what has several countries is divided."
        ),
        "imbalance_level": tr(
            "Share of each income group against its share of the countries; what has several countries is divided."
        ),
        "uncertainty": tr(
            "Projects that ended in the last five years by how they ended, and those planned to end then by when."
        ),
        "unsystematic": tr(
            "Over how many countries the projects of a city would spread evenly (1 ÷ the sum of the squared shares)."
        ),
        "homogeneous": tr("Cosine of the countries and domains of two cities: 0 nothing in common, 1 the same mix."),
        "approval": tr("Cases finished by the end of the year, from the first submission to the last decision."),
        "exchange_over_practical": tr("Practical projects among those of a known nature."),
        "statistics_missing": _cells(),
    }
    return rules[code]


def trend_rule(code: str) -> str:
    """Return what a complaint is followed by over the years."""
    rules = {
        "dissimilarity": tr("The share that would have to move for every share to equal that of the countries."),
        "broken": tr("Terminated and failed projects among those that ended in the year."),
        "median_countries": tr("The median over the cities with at least eight projects."),
        "mean": tr("The mean over all pairs of cities with at least eight projects each."),
        "median_total": tr("The median over the cases finished in the year."),
        "practical_share": tr("Practical projects among those of a known nature, on the books at the year's end."),
        "records": tr("Projects by the year in which they began."),
    }
    return rules[code]
