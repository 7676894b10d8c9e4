"""A question for a number, an address or hours is one, and no wish to be spoken with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import callback_texts
from bot.conversation.asked_details import details_in, only_details
from bot.conversation.escape import asks_for_person

ASKS = [
    ("Hoe kan ik jullie bellen?", {"phone"}),
    ("hoe laat kan ik bellen", {"hours"}),
    ("laat maar dan. hoe laot kan ik bellen?", {"hours"}),
    ("nee gin medewerker, allinnig d'n uren van de telefoon", {"hours"}),
    ("Ik zoek alleen het nummer", {"phone"}),
    ("wat is het mailadres", {"email"}),
    ("wat is het mailadres?", {"email"}),
    ("Ik wil geen terugbelverzoek, alleen het mailadres", {"email"}),
    ("naar welk adres kan ik mailen", {"email"}),
    ("op welk nummer kan ik de klantenservice bellen", {"phone"}),
    ("tot hoe laat kan ik jullie bellen", {"hours"}),
    ("op welke dagen kan ik jullie bellen", {"hours"}),
    ("mag ik het telefoonnummer", {"phone"}),
    ("ik wil weten hoe ik jullie kan bellen", {"phone"}),
    ("wat zijn de openingstijden", {"hours"}),
]
OTHERS = [
    "kan ik bellen",
    "bel me",
    "ik wil bellen over mijn factuur",
    "hoe kan ik een medewerker bellen",
    "mijn mailadres klopt niet",
    "wat is mijn bestelnummer",
    "ik wil mijn e-mailadres wijzigen",
    "wanneer bellen jullie mij terug",
    "hoe laat komt mijn pakket",
    "hoe laat is het pakketpunt open",
    "openingstijden pakketpunt",
    "ik zoek het nummer even op",
    "waar staat het nummer",
    "welk nummer bedoelt u",
    "wat voor nummer",
    "ik heb het nummer niet",
    "factuur nummer",
    "uren aan de telefoon gehangen voor niks",
    "met welk emailadres ben ik aangemeld",
    "ik weet niet meer met welk mailadres ik me heb aangemeld",
    "wat is jullie whatsapp nummer",
    "wat is het telefoonnummer van de bezorger",
    "wanneer kan de bezorger mij bellen",
]


@pytest.mark.parametrize(("text", "asked"), ASKS)
def test_it_is_known(text: str, asked: set[str]) -> None:
    """As customers put it; it is never a plea, and never a wish to be called."""
    assert details_in(text) == asked
    assert only_details(text) == asked
    assert not asks_for_person(text)
    assert not callback_texts.wishes(text)


@pytest.mark.parametrize("text", OTHERS)
def test_it_is_something_else(text: str) -> None:
    """A plea, a wish, a matter of the customer's own, or somebody else's number."""
    assert details_in(text) == set()


def test_a_message_that_asks_more() -> None:
    """The plea stands, and so does another request."""
    assert asks_for_person("wat is jullie nummer? ik wil een medewerker spreken")
    assert only_details("waar is mijn pakket? en wat is jullie nummer") == set()


@given(
    st.sampled_from(["hoe", "hoe laat", "wanneer", "op welk nummer", "waar", "tot hoe laat"]),
    st.sampled_from(["kan", "kunnen", "mag", "moet"]),
    st.sampled_from(["bellen", "opbellen", "mailen", "bereiken"]),
    st.sampled_from(["jullie ", "u ", "de klantenservice ", ""]),
)
def test_how_to_reach_is_no_plea(lead: str, modal: str, verb: str, whom: str) -> None:
    """Whatever verb and whoever is named, as long as it is no person."""
    subject = "we" if modal == "kunnen" else "ik"
    text = f"{lead} {modal} {subject} {whom}{verb}"
    assert not asks_for_person(text)
    assert details_in(text) or not whom
