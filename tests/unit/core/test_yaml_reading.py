"""YAML is read as designers write it, by Rasa and by Loket."""

from __future__ import annotations

import pytest
from rasa.shared.utils.io import read_yaml
from ruamel.yaml import YAML


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{title: Waar is mijn pakket?, payload: /track_order}", "Waar is mijn pakket?"),
        ("{title: Om 9:00 uur, payload: /hours}", "Om 9:00 uur"),
    ],
)
def test_words_without_quotes_between_braces(written: str, read: str) -> None:
    """The parser in C refuses them, and ruamel would use it wherever it is installed."""
    assert YAML(typ="safe").load(written)["title"] == read
    assert read_yaml(written)["title"] == read
