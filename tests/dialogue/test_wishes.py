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
    # What is wanted in the place of the task's deed, and the task that is denied.
    ("box pauzeren PP-101159 3313 KC / ik wil de box opzeggen niet pauzeren", "Ik zeg|Klopt",
     "4 of 8 weken"),
    (f"{RETURN} / ik wil ruilen niet terugsturen", "Direct ruilen|Verder waar we waren",
     "Welk artikel"),
    (f"{DELIVERY} / nee niks wijzigen", "Er is niets veranderd", "aanpassen"),
    (f"{DELIVERY} / nee ik wil hem niet verzetten / ja", "Er is niets veranderd", "welke dag"),
    (f"{DELIVERY} / laat maar, waar is mijn pakket nu", "PP-100234|Verder waar we waren",
     "Er is niets veranderd"),
    ("box opzeggen PP-101159 3313 KC / nee ik wil niet opzeggen", "Zal ik hiermee stoppen",
     "opzegtermijn"),
    # Another one besides comes after the first.
    (f"{RETURN} / regenjas / te klein / ook de trui", "één voor één|Regenjas|Klopt", "aangepast"),
    (f"{RETURN} / regenjas / te klein / ja en ook de trui / ja",
     "Regenjas|Fleecetrui, maat L terugsturen", "nog iets"),
    ("box opzeggen PP-100456 9712 HM / en ook mijn energie", "één voor één|box op|Klopt",
     "opzegvergoeding"),
    # Another meter loses nothing that was told of this one.
    ("meterstand doorgeven PP-100456 9712 HM / 51200 / en hoe zit het met gas?",
     "alleen stroomstanden|51.200 kWh|Klopt", "nog iets"),
    ("meterstand doorgeven PP-100456 9712 HM / 51200 en gas 3400 / ja", "Genoteerd: 51.200 kWh",
     "3.400"),
    # A yes takes the one subject that was offered; of several it is asked which.
    ("wil wat veranderen / ja", "bestelnummer", "Kies een onderwerp"),
    ("moet ik nog betalen of niet / ja", "Welke van deze", "Kies een onderwerp"),
    # A question at a summary is not passed over, and one about two things gets the page of both.
    (f"{RETURN} / regenjas / te klein / kunnen jullie hem komen halen", "medewerker|Regenjas|Klopt",
     "nog niets gedaan"),
    ("kan ik een cadeaubon en een kortingscode tegelijk gebruiken?", "eerst de kortingscode",
     "Nee, per bestelling"),
    # Without an account the invoice comes from a person, who knows the order.
    ("mail de factuur / [1] / PP-100519 4811CA", "mailt u de factuur|medewerker gaat u helpen",
     "in uw account"),
    ("kunt u de factuur mailen, ik heb geen account", "mailt een medewerker", "Mijn bestellingen"),
    # What is known of the order goes first, and nobody goes in circles about it.
    ("waar is PP-100234 1234 AB / waar blijft hij nou", "Meer nieuws|wij bezorgen", "pagina"),
    ("waar is PP-100234 1234 AB / ik heb het niet ontvangen / ik heb het nog steeds niet ontvangen",
     "vijf werkdagen|medewerker gaat u helpen", "Zo komen we niet verder"),
    ("waar is PP-100640 5611 AZ / nee de buren hebben het ook niet", "medewerker gaat u helpen",
     "kaartje"),
    # Who ordered the wrong size got what was ordered.
    ("ik heb de verkeerde maat besteld PP-100871 3511 LX / de jas", "past niet goed|Klopt",
     "verkeerd artikel"),
    ("kan mijn box groter PP-100456 9712 HM / de grote doe maar", "grote box|Klopt",
     "Kies wat u met"),
    # Talk is no name.
    ("medewerker / bel me maar / hmm ja zal wel", "geen naam", "telefoonnummer of"),
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
