"""What customers want of a task: more than one thing, something else, and to know what was done."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import fill_anew
from tests.support.dialogue import Customer, Shop

pytestmark = pytest.mark.model

DELIVERY = "bezorging wijzigen PP-100234 1234 AB"
FRIDAY = f"{DELIVERY} / volgende week vrijdag / middag"
ELSEWHERE = f"{DELIVERY} / naar een ander adres / 6822 AA 14"
BOTH = "verplaats naar volgende week vrijdag en bezorg bij de buren op nr 12"
RETURN = "retour PP-100871 3511 LX"
PAUSE = "box pauzeren PP-100456 9712 HM"
ENERGY = "energie wijzigen PP-100456 9712 HM"
CALL = (
    "medewerker / bel me volgende week donderdag om 10 uur op 0612345678, Jan de Boer, over mijn"
    " factuur"
)
#: What is said (parted by ` / `), what the last reply must hold (parted by `|`), and must not.
CONVERSATIONS = [
    # Nothing that was told is lost: both in one summary.
    (f"{DELIVERY} / {BOTH} / middag / dezelfde",
     "1234 AB, huisnummer 12|vrijdag|middag|Klopt", "aangepast"),
    (f"{DELIVERY} / ander adres én een andere dag", "welke dag", "dag of het adres"),
    (f"{FRIDAY} / en ook naar een ander adres, 6822 AA 14", "6822 AA, huisnummer 14|vrijdag|Klopt",
     "Naar welke"),
    (f"{ELSEWHERE} / en dan volgende week zaterdag graag / ochtend",
     "6822 AA, huisnummer 14|zaterdag|ochtend|Klopt", "welke dag"),
    (f"{FRIDAY} / nee niet de dag maar het adres / 6822 AA 14", "6822 AA|Klopt", "vrijdag"),
    # Or one after the other, by its name.
    (f"{RETURN} / de regenjas en de trui / te klein / ja",
     "Regenjas|Fleecetrui, maat L terugsturen", "nog iets"),
    (f"{RETURN} / allebei / te klein / ja / ja", "Waarom stuurt u het terug", "Welk artikel"),
    ("box opzeggen en energie naar variabel PP-100456 9712 HM / ja / ja", "box op|Klopt",
     "Kies een onderwerp"),
    ("kan mijn factuur gemaild worden en ik wil mijn box pauzeren PP-100456 9712 HM",
     "Box pauzeren", "nog iets"),
    # Two tasks of one team are two.
    (f"{PAUSE} 4 weken en mijn meterstand doorgeven / ja", "Meterstand doorgeven", "nog iets"),
    ("ik wil mijn meterstand doorgeven en mijn box opzeggen PP-100456 9712 HM / 51200 / ja / ja",
     "Ik zeg|Klopt", "Kies een onderwerp"),
    # What was carried out, or is about to be, is known.
    (f"{PAUSE}, 4 weken / vanaf wanneer krijg ik hem weer?", "Hij begint weer|Klopt", "pagina"),
    (f"{PAUSE}, 4 weken / ja / vanaf wanneer krijg ik hem weer?", "begint uw box", "pagina"),
    (f"{PAUSE}, 4 weken / ja / is dat nu doorgegeven", "Ja, dat is gedaan", "slimme meter"),
    ("meterstand doorgeven PP-100456 9712 HM / 51200 / ja / heb je de stroom opgeslagen?",
     "Ja, dat is gedaan|51.200", "Bedankt"),
    (f"{FRIDAY} / ja / en wanneer komt hij nu", "vrijdag", "bestelnummer"),
    (f"{FRIDAY} / ja / top, is het gelukt?", "Ja, dat is gedaan|vrijdag", "betaling"),
    (f"{FRIDAY} / is het nu geregeld?", "nog niets gedaan|Klopt", "Ja, dat is"),
    (f"{ENERGY} / variabel / ja / welk tarief heb ik nu?", "variabel tarief", "pagina"),
    ("energie opzeggen PP-100456 9712 HM / ja / tot wanneer heb ik nog stroom",
     "De laatste dag is", "vast contract"),
    (f"{RETURN} / regenjas / te klein / ja / wat was mijn code ook alweer", "R100871-1", "pagina"),
    (f"{RETURN} / regenjas / te klein / ja / is mijn retour al binnen?", "Medewerker",
     "dat is gedaan"),
    # A changed mind at a summary.
    (f"{RETURN} / fleecetrui / te klein / nee, de regenjas en niet de trui", "Regenjas|Klopt",
     "Fleecetrui"),
    (f"{RETURN} / fleecetrui / te klein / hij is kapot eigenlijk, niet te klein",
     "beschadigd|Klopt", "foto"),
    ("box wijzigen PP-100456 9712 HM / de kleine / toch liever de grote", "grote box|Klopt",
     "kleine"),
    (f"{DELIVERY} / volgende week maandag / middag / doe dan maar de maandag erna",
     "aangepast|maandag|Klopt", "welke dag"),
    # Another wish of the same task.
    (f"{PAUSE} / zeg dan maar op", "Ik zeg|Klopt", "Er is niets veranderd"),
    (f"{PAUSE}, 4 weken / ik wil de hele box stoppen", "Ik zeg|Klopt", "opgezegd"),
    ("box opzeggen PP-100456 9712 HM / pauzeer hem dan maar 4 weken", "4 weken|Klopt", "Hoelang"),
    (f"{PAUSE} / stop maar", "Er is niets veranderd", "Klopt"),
    (f"{ENERGY} / ik bedoel of ik bij variabel ook boete betaal", "Wat wordt het", "Klopt"),
    (f"{ENERGY} / nee ik bedoelde of dynamisch duurder is", "", "Klopt"),
    # A device that does not work, and an article that is missing.
    ("mijn nieuwe waterkoker springt niet aan", "Wat vervelend|foto", "bestelnummer"),
    ("een van de twee artikelen zat er niet in", "ontbreekt", "bestelnummer"),
    # Nothing came, however it is said; or nothing is wanted any more.
    ("waar is PP-100640 5611 AZ / nee ik heb niks gehad", "vijf werkdagen|medewerker gaat u helpen",
     "pagina"),
    ("waar is PP-100640 5611 AZ / hij is er niet", "medewerker gaat u helpen", "Bedankt"),
    ("waar is PP-100640 5611 AZ / nee niks meer dank je", "Bedankt", "vijf werkdagen"),
    # A request to be called is changed in words.
    (f"{CALL} / ja / toch liever volgende week woensdag", "woensdag|Klopt dit", "donderdag"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _as_delivered(shop: Shop) -> None:
    """Each conversation finds the orders as they are: many change them."""
    fill_anew(shop)


@pytest.mark.parametrize(("said", "holds", "lacks"), CONVERSATIONS)
def test_conversation(said: str, holds: str, lacks: str, customer: Customer) -> None:
    """Each as a customer said it, or in other words."""
    customer.follow(said.split(" / "))
    shown = "\n".join([customer.text, *(each.title for each in customer.options)])
    for words in holds.split("|"):
        assert words in shown
    assert lacks not in customer.text
