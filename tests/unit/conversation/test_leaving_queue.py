"""Leaving the queue in words: at once, with what else is asked; doubt is no leaving."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.leaving_queue import leaving

LEAVES = [
    ("laat maar", ""),
    ("laat maar zitten", ""),
    ("hoeft niet meer", ""),
    ("toch maar niet", ""),
    ("toch niet meer nodig, dank u", ""),
    ("ik mail wel zelf", ""),
    ("dan bel ik zelf wel", ""),
    ("ik wacht wel tot de buren terug zijn", ""),
    ("Nee laat maar, ik wacht wel tot de buren terug zijn. Dank u voor de moeite", ""),
    ("laat maar dan, probeer jij het eens", ""),
    ("geen mens", ""),
    ("gin medewerker", ""),
    ("ik wil niet meer wachten", ""),
    ("laat maar dan, ik mail wel zelf. wat is het mailadres?", "wat is het mailadres?"),
    (
        "duurt lang.. toch maar niet, zeg jij maar of mijn factuur betaald is. PP-1 1234 AB",
        "zeg jij maar of mijn factuur betaald is. PP-1 1234 AB",
    ),
    (
        "hmm laat maar, probeer jij het eens. ik wil weten of mijn retour al binnen is",
        "ik wil weten of mijn retour al binnen is",
    ),
    ("of laat maar, jij ook goed. wat kost het als ik stop", "wat kost het als ik stop"),
    ("laat maar wat kost een retour", "wat kost een retour."),
]
STAYS = [
    "laat maar weten wanneer iemand er is",
    "laat maar komen die medewerker",
    "laat hem maar bellen",
    "ik wacht wel",
    "doe maar niet, ik wacht wel",
    "ik wacht wel tot er iemand is",
    "ik wacht wel tot u terugbelt",
    "zal ik het laat maar?",
    "moet ik wachten of hoeft dat niet meer?",
    "hoeft niet vandaag",
    "de bezorging hoeft niet meer",
    "ik wil mijn abonnement stoppen",
    "ik krijg geen medewerker",
    "ik weet zelf wel dat het niet klopt",
    "ik ben morgen wel thuis",
    "ik wacht al een uur",
    "",
]


@pytest.mark.parametrize(("text", "rest"), LEAVES)
def test_it_leaves(text: str, rest: str) -> None:
    """What is asked besides is kept word for word."""
    found = leaving(text)
    assert found is not None
    assert found.rest == rest


@pytest.mark.parametrize("text", STAYS)
def test_doubt_is_no_leaving(text: str) -> None:
    """A question, a sentence that goes on, and patience."""
    assert leaving(text) is None


@given(
    st.sampled_from(["laat maar", "hoeft niet meer", "toch maar niet", "ik mail wel zelf"]),
    st.sampled_from(["", "nee, ", "ach, ", "ok ", "Nee! "]),
    st.sampled_from(["", ".", "!", " hoor", ", bedankt", ". Dank u wel"]),
)
def test_politeness_changes_nothing(core: str, before: str, after: str) -> None:
    """Around words of leaving may stand what says nothing."""
    found = leaving(f"{before}{core}{after}")
    assert found is not None
    assert found.rest == ""


@given(st.text(max_size=200))
def test_what_is_left_was_said(text: str) -> None:
    """Nothing is made up, and nothing fails."""
    found = leaving(text)
    assert found is None or set(found.rest.split()) <= {
        *text.split(),
        *(f"{word}." for word in text.split()),
    }
