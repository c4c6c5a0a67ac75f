"""Amounts of money: a decimal and a currency, and the written forms they come in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from bri_desktop.domain.errors import ValueProblemError
from bri_desktop.domain.habits import OPEN_DOT, POINT, THOUSANDS
from bri_desktop.domain.text import squeeze

HOME_CURRENCY = "CNY"
_OTHER = "USD"
"""Any other currency: what would be taken for a column of it names none itself."""
MAX_AMOUNT = Decimal(9 * 10**14)
MAX_DECIMALS = 4

# The name written in Chinese amounts comes first; the others are read only.
CURRENCIES: dict[str, tuple[str, ...]] = {
    "CNY": ("元", "人民币", "元人民币", "人民币元", "rmb", "cny", "¥", "cn¥", "yuan"),
    "USD": ("美元", "美金", "usd", "us$", "$", "usdollars", "dollars"),
    "EUR": ("欧元", "eur", "€", "euro", "euros"),
    "GBP": ("英镑", "gbp", "£"),
    "JPY": ("日元", "日圆", "円", "jpy", "jp¥", "yen"),
    "HKD": ("港元", "港币", "hkd", "hk$"),
    "MOP": ("澳门元", "mop", "mop$"),
    "TWD": ("新台币", "twd", "nt$"),
    "KRW": ("韩元", "韩圆", "krw", "₩"),
    "RUB": ("卢布", "rub", "₽"),
    "AUD": ("澳元", "澳大利亚元", "aud", "a$"),
    "NZD": ("新西兰元", "nzd"),
    "CAD": ("加元", "加拿大元", "cad", "c$"),
    "SGD": ("新加坡元", "新元", "sgd", "s$"),
    "CHF": ("瑞士法郎", "chf"),
    "SEK": ("瑞典克朗", "sek"),
    "NOK": ("挪威克朗", "nok"),
    "DKK": ("丹麦克朗", "dkk"),
    "CZK": ("捷克克朗", "czk"),
    "PLN": ("兹罗提", "pln"),
    "HUF": ("匈牙利福林", "福林", "huf"),
    "THB": ("泰铢", "thb", "฿"),
    "VND": ("越南盾", "vnd", "₫"),
    "IDR": ("印尼盾", "印度尼西亚盾", "idr"),
    "MYR": ("林吉特", "马来西亚林吉特", "马币", "myr"),
    "PHP": ("菲律宾比索", "php", "₱"),
    "INR": ("印度卢比", "inr", "₹"),
    "PKR": ("巴基斯坦卢比", "pkr"),
    "KZT": ("坚戈", "kzt"),
    "UZS": ("苏姆", "uzs"),
    "MNT": ("图格里克", "mnt"),
    "TRY": ("土耳其里拉", "try"),
    "ZAR": ("兰特", "zar"),
    "BRL": ("雷亚尔", "brl"),
    "AED": ("阿联酋迪拉姆", "aed"),
    "SAR": ("沙特里亚尔", "sar"),
}

_BY_NAME = {name: code for code, names in CURRENCIES.items() for name in names}
_SCALES = {
    "": 1, "百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
    "thousand": 10**3, "million": 10**6, "mn": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12,
}  # fmt: skip


def _either(words: Iterator[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_CURRENCY = _either(iter(_BY_NAME))
_SCALE = _either(word for word in _SCALES if word)
_NUMBER = r"[+-]?\d[\d.,']*+"
"""Possessive: a long run of digits that is no amount would be tried split in every way."""
_AMOUNT = re.compile(
    rf"(?P<prefix>{_CURRENCY})?(?P<body>(?:{_NUMBER}(?:{_SCALE})?)+?)"
    rf"(?:\(?(?P<suffix>{_CURRENCY})(?:\((?P<again>{_CURRENCY})\))?\)?)?"
)
_BODY_PART = re.compile(rf"({_NUMBER})({_SCALE})?")
_UNIT = re.compile(rf"(?P<front>{_CURRENCY})?(?P<scale>{_SCALE})?(?P<back>{_CURRENCY})?")
_PLAIN = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_VAGUE = re.compile(
    r"^(?:大约|约合|约为|约|近|超过|超|逾|不足|至少|最多|最高|达到|达|[~≈><≥≤])+|(?:左右|上下|以上|以下|不等)$|(?<=[\d万亿千百])[余多](?=[万亿千百\D])"
)
_SYMBOLS = frozenset(name for name in _BY_NAME if name[-1] in "$¥€£₩₽₱₹฿₫")
_NO_AMOUNT = re.compile(
    "(?:待|未|另|待确)定|待核实|面议|保密|不(?:详|明|便公开)|暂?无|未知|tb[da]|n/a|none|unknown|confidential"
)
_SWAPPED = str.maketrans(".,", ",.")
_INSIDE = re.compile(rf"(?:{_CURRENCY})?\d[\d.,]*(?:{_SCALE})?(?:{_CURRENCY})?")


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount; ``currency`` is an ISO 4217 code. At most four decimals are kept."""

    amount: Decimal
    currency: str = HOME_CURRENCY


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """What a bare number counts: ``factor`` of ``currency`` (``None``: not said)."""

    factor: int
    currency: str | None


def parse_currency(text: str) -> str:
    """Return the ISO code of a written currency; raise ``ValueProblemError`` ``currency_unknown``."""
    code = _BY_NAME.get(squeeze(text).lower())
    if code is None:
        raise ValueProblemError("currency_unknown", text)
    return code


def parse_unit(text: str) -> MoneyUnit:
    """Read a unit as headers give it (万元, 亿美元, USD million); raise ``money_unit_unknown`` where it is none."""
    match = _UNIT.fullmatch(squeeze(text).lower().removeprefix("单位").lstrip(":"))
    if match is None or not match[0] or (match["front"] and match["back"] and not _agree(match)):
        raise ValueProblemError("money_unit_unknown", text)
    name = match["back"] or match["front"]
    return MoneyUnit(_SCALES[match["scale"] or ""], _BY_NAME[name] if name else None)


def is_unit(text: str) -> bool:
    """Tell whether ``text`` is a unit of money."""
    try:
        parse_unit(text)
    except ValueProblemError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Reading:
    """How bare numbers are read: ``dots`` is ``point``, ``thousands`` or ``None`` (asked); ``needs_unit``: a number
    without any unit is asked about, too."""

    dots: str | None = POINT
    needs_unit: bool = False


USUAL = Reading()


def is_no_amount(text: str) -> bool:
    """Tell whether a text in the place of an amount says that there is none or none known: 待定, 面议, 保密."""
    return _NO_AMOUNT.fullmatch(squeeze(text).strip(".。()").lower()) is not None


def parse_money(
    value: str | int | float | Decimal,
    *,
    unit: str | None = None,
    currency: str | None = None,
    reading: Reading = USUAL,
) -> Money:
    """Read a written amount exactly.

    ``unit`` is the header's (万元) and counts for bare numbers only; ``currency`` is that of a column of its own.
    A float is taken to the 15 digits that a spreadsheet shows. Raises :class:`ValueProblemError`:
    ``money_unreadable`` (also 约2亿美元: offered without 约), ``money_ambiguous`` (1.234,5, a sign without a unit under
    万元, two currencies), ``money_dots`` and ``money_unit_needed`` where ``reading`` leaves that open,
    ``money_too_precise``, ``money_too_large``, ``money_negative``, and those of :func:`parse_unit` and
    :func:`parse_currency`.
    """
    header = parse_unit(unit) if unit else MoneyUnit(1, None)
    column = parse_currency(currency) if currency else None
    if isinstance(value, bool):
        raise ValueProblemError("money_unreadable", value)
    needs_unit = reading.needs_unit and not unit and column is None
    if not isinstance(value, str):
        if needs_unit and value:
            raise ValueProblemError("money_unit_needed", value)
        return _checked(value, _exact(value) * header.factor, _home(value, header, column))
    return _from_text(value, header, column, unit or "", replace(reading, needs_unit=needs_unit))


def assumes_currency(text: str) -> bool:
    """Tell whether a readable written amount names no currency, so that the home one is taken."""
    try:
        return parse_money(text).currency == HOME_CURRENCY and parse_money(text, currency=_OTHER).currency == _OTHER
    except ValueProblemError:
        return False


def _from_text(raw: str, header: MoneyUnit, column: str | None, unit: str, reading: Reading) -> Money:
    text = _without_unit_brackets(squeeze(raw).lower()).replace("个亿", "亿")
    match = _AMOUNT.fullmatch(text)
    if match is None or len(text) > 60:
        raise ValueProblemError("money_unreadable", raw, offers=_offers(text))
    parts = _BODY_PART.findall(match["body"])
    names = [match[group] for group in ("prefix", "suffix", "again") if match[group]]
    written = {_BY_NAME[name] for name in names}
    if len(written) > 1 or (written and column and column not in written):
        both = sorted({*written, *([column] if column else [])})
        raise ValueProblemError(
            "money_ambiguous", raw, offers=tuple(f"{match['body'].rstrip('.,')}{name_zh(code)}" for code in both)
        )
    bare = not any(scale for _, scale in parts)
    if bare and header.factor != 1 and names and all(name in _SYMBOLS for name in names):
        code = name_zh(next(iter(written)))
        scale = next(word for word, factor in _SCALES.items() if factor == header.factor)
        body = match["body"].rstrip(".,")
        raise ValueProblemError("money_ambiguous", raw, offers=(f"{body}{scale}{code}", f"{body}{code}"))
    amount = _total(raw, parts, header.factor if bare and not names else 1, reading.dots)
    if reading.needs_unit and bare and not names and amount:
        raise ValueProblemError("money_unit_needed", raw)
    return _checked(raw, amount, next(iter(written)) if written else _home(raw, header, column))


def format_money(value: Money, language: str) -> str:
    """Return the exact amount as written in ``zh_CN`` (1,800 万元, 231.18 亿元) or ``en`` (CNY 18,000,000).

    万 and 亿 are used where at most two decimals remain; :func:`parse_money` reads the result back.
    """
    if language == "en":
        return f"{value.currency} {plain(value.amount):,}"
    name = name_zh(value.currency)
    for scale, exponent in (("亿", 8), ("万", 4)):
        scaled = plain(value.amount.scaleb(-exponent))
        if abs(scaled) >= 1 and _decimals(scaled) <= 2:
            return f"{scaled:,} {scale}{name}"
    return f"{plain(value.amount):,} {name}"


def name_zh(currency: str) -> str:
    """Return the Chinese name of a currency, or its code where there is none here."""
    return CURRENCIES[currency][0] if currency in CURRENCIES else currency


def plain(amount: Decimal) -> Decimal:
    """Return the amount without an exponent and without trailing zeros after the point."""
    with localcontext() as context:
        context.prec = 100
        return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()


def _without_unit_brackets(text: str) -> str:
    """Turn 1800(万元) into 1800万元."""
    match = re.fullmatch(r"([^()]+)\(([^()]+)\)", text)
    return match[1] + match[2] if match is not None and is_unit(match[2]) and match[1][-1].isdigit() else text


def _agree(match: re.Match[str]) -> bool:
    return _BY_NAME[match["front"]] == _BY_NAME[match["back"]]


def _home(raw: object, header: MoneyUnit, column: str | None) -> str:
    """Return the currency of an amount that names none; a bare 元 in the header gives way to a currency column."""
    if column and header.currency not in (None, HOME_CURRENCY, column):
        raise ValueProblemError("money_ambiguous", raw)
    return column or header.currency or HOME_CURRENCY


def _exact(value: int | float | Decimal) -> Decimal:
    """Return a number cell as a decimal; beyond 15 digits a float holds noise that no spreadsheet shows."""
    if not isinstance(value, float):
        return Decimal(value)
    shown = Decimal(repr(value))
    if not shown.is_finite():
        raise ValueProblemError("money_unreadable", value)
    return shown if len(shown.as_tuple().digits) <= 15 else Decimal(f"{value:.15g}")


def _total(raw: str, parts: list[tuple[str, str]], unit: int, dots: str | None) -> Decimal:
    """Add up 1亿2000万, times ``unit``: every further part counts less than the one before."""
    total, last = Decimal(0), None
    for number, scale in parts:
        factor = _SCALES[scale]
        if last is not None and (factor >= last or number[0] in "+-"):
            raise ValueProblemError("money_unreadable", raw)
        last = factor
        with localcontext() as context:
            context.prec = 100
            total += read_number(raw, number, dots) * factor * unit
    return total


def read_number(raw: str, number: str, dots: str | None = POINT) -> Decimal:
    """Read digits with commas between thousands, with ``dots`` = ``thousands`` the other way round.

    Raises ``money_ambiguous`` where other habits are possible, ``money_dots`` for 1.234 where ``dots`` is ``None``.
    """
    if dots is None and OPEN_DOT.fullmatch(number):
        raise ValueProblemError("money_dots", raw, offers=(number.replace(".", ""), number))
    if dots == THOUSANDS:
        number = number.translate(_SWAPPED)
    if _PLAIN.fullmatch(number):
        return Decimal(number.replace(",", ""))
    raise ValueProblemError("money_ambiguous", raw, offers=tuple(_number_readings(number)))


def _number_readings(number: str) -> Iterator[str]:
    sign, digits = ("-", number[1:]) if number[0] == "-" else ("", number.lstrip("+"))
    dots, commas = digits.count("."), digits.count(",")
    if digits[-1] in ".,'" or "'" in digits:
        yield sign + re.sub(r"\D", "", digits)
    elif commas == 1:
        yield sign + digits.replace(".", "").replace(",", ".")
        if dots <= 1:
            yield sign + digits.replace(",", "")
    elif dots == 0 or commas == 0:
        yield sign + re.sub(r"\D", "", digits)


def _checked(raw: object, amount: Decimal, currency: str) -> Money:
    if amount < 0:
        raise ValueProblemError("money_negative", raw)
    if amount > MAX_AMOUNT:
        raise ValueProblemError("money_too_large", raw)
    amount = plain(amount)
    if _decimals(amount) > MAX_DECIMALS:
        offer = plain(round(amount, MAX_DECIMALS))
        raise ValueProblemError("money_too_precise", raw, offers=(f"{offer}{name_zh(currency)}",))
    return Money(amount, currency)


def _decimals(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _offers(text: str) -> tuple[str, ...]:
    """Return what can be read once words like 约 and 以上 are left out, or the amounts inside a longer text."""
    candidates = [_VAGUE.sub("", text), *(match[0] for match in _INSIDE.finditer(_VAGUE.sub("", text)))]
    offers: list[str] = []
    for candidate in candidates:
        if candidate != text and candidate not in offers and _AMOUNT.fullmatch(candidate):
            offers.append(candidate)
            if candidate is candidates[0]:
                break
    return tuple(offers[:4])
