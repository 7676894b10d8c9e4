"""The shop's order numbers and meter readings are read however they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.extractors import OrderNumbers, Reading, find_reading, parse_reading

ORDERS = OrderNumbers("PP", 6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PP-100234", "PP-100234"),
        ("PP-100234 1234 AB", "PP-100234"),
        ("pp 100234", "PP-100234"),
        ("PP100234", "PP-100234"),
        ("pp_100 234", "PP-100234"),
        ("P.P. 100234", "PP-100234"),
        ("mijn bestelnummer is pp: 100-234.", "PP-100234"),
        ("100234", "PP-100234"),
        ("order #100234 graag", "PP-100234"),
        ("1002345", None),
        ("10023", None),
        ("06 12345678", None),
        ("app 100", None),
        ("NL91ABNA0417164300", None),
        ("100.234", None),
    ],
)
def test_order_number(text: str, expected: str | None) -> None:
    """With the prefix tolerant, without it only the exact number of digits."""
    assert ORDERS.parse(text) == expected


def test_order_numbers_of_another_shop() -> None:
    """Prefix and length come from the configuration; impossible ones are refused."""
    assert OrderNumbers("WEB", 4).parse("web 1234") == "WEB-1234"
    assert OrderNumbers("WEB", 4).parse("PP-100234") is None
    with pytest.raises(ValueError, match="order number"):
        OrderNumbers("", 6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12345", Reading(single=12345)),
        ("12.345", Reading(single=12345)),
        ("12345 kWh", Reading(single=12345)),
        ("12345kwh", Reading(single=12345)),
        ("12.345,6 kWh", Reading(single=12345)),
        ("3321 m3", Reading(single=3321)),
        ("4431 kuub gas", Reading(single=4431)),
        ("de stand is 18455", Reading(single=18455)),
        ("mijn meterstand is: 9876", Reading(single=9876)),
        ("mijn meter staat nu op 23111", Reading(single=23111)),
        ("hij staat op 3321", Reading(single=3321)),
        ("bij mij geeft de teller 30220 aan", Reading(single=30220)),
        ("hoog 4512 laag 3890", Reading(high=4512, low=3890)),
        ("laag 3344 en hoog 8899", Reading(high=8899, low=3344)),
        ("4512 hoog 3890 laag", Reading(high=4512, low=3890)),
        ("4512 (hoog), 3890 (laag)", Reading(high=4512, low=3890)),
        ("dal 8120 normaal 9233", Reading(high=9233, low=8120)),
        ("normaal tarief 15600 daltarief 13.200", Reading(high=15600, low=13200)),
        ("dagstand 5512 nachtstand 6120", Reading(high=5512, low=6120)),
        ("t1 8812 t2 9012", Reading(high=9012, low=8812)),
        ("hoog 4512", Reading(high=4512)),
        ("de stand is 12", Reading(single=12)),
        ("stand elektra 4512", Reading(single=4512)),
        ("stroom: 15002", Reading(single=15002)),
        ("de gasmeter zegt 3321", Reading(single=3321)),
        ("12", None),
        ("de meterstand van 2025", None),
        ("meterstanden van 1 januari", None),
        ("ik wil gas 2 jaar vastzetten", None),
        ("ik wil mijn meterstand doorgeven", None),
        ("ik heb 2 pakketten besteld", None),
        ("29-11", None),
        ("PP-100234", None),
    ],
)
def test_meter_reading(text: str, expected: Reading | None) -> None:
    """One number or two tariffs, with or without unit, thousands or decimals."""
    assert parse_reading(text) == expected


def test_reading_as_json() -> None:
    """A number for one tariff, names for two."""
    assert Reading(single=7).as_json() == 7
    assert Reading(high=2, low=1).as_json() == {"high": 2, "low": 1}


@given(st.text(max_size=60))
def test_never_fails(text: str) -> None:
    """No text makes one of them fail."""
    ORDERS.find(text)
    find_reading(text)


@given(st.integers(0, 999_999))
def test_order_number_comes_back(number: int) -> None:
    """Every number of the right length is read, whatever stands between prefix and digits."""
    digits = f"{number:06}"
    for written in (f"PP-{digits}", f"pp{digits}", f"Pp {digits[:3]} {digits[3:]}"):
        assert ORDERS.parse(f"het is {written}, dank u") == f"PP-{digits}"
