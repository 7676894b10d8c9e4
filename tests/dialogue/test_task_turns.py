"""What customers say to a task besides answers, in conversations with the trained assistant."""

from __future__ import annotations

import pytest

from tests.support.dialogue import Customer

pytestmark = pytest.mark.model

DELIVERY = "pakket andere dag laten bezorgen / PP-100234 1234 AB"
RETURN = "ik wil iets terugsturen / PP-100871 3511 LX"
BOX = "ik wil mijn box pauzeren / PP-100456 9712 HM"
STOP_BOX = "box opzeggen PP-100456 9712 HM"
QUEUE = "medewerker"
METER = "meterstand doorgeven / PP-100456 9712 HM"
LEFT = "Er is niets veranderd"
#: What is said (parted by ` / `), what the last reply must hold (parted by `|`), and must not.
CONVERSATIONS = [
    # Dropped, at any place.
    (f"{DELIVERY} / laat dan maar, ik blijf wel thuis", LEFT, "Klopt"),
    (f"{DELIVERY} / ach laat ook maar, donderdag komt mijn zoon langs", LEFT, "deel van de dag"),
    (f"{DELIVERY} / stoppen, laat hem maar staan op donderdag", LEFT, "deel van de dag"),
    (f"{DELIVERY} / nee hoor, overdag is prima", LEFT, "geen dag"),
    (f"{DELIVERY} / zaterdag avond / NEE niet s avonds, niks wijzigen", LEFT, "anders"),
    (f"{DELIVERY} / zaterdag / hmm toch maar niet, ik ben er donderdag gewoon", LEFT, "aangepast"),
    ("ik wil iets terugsturen / nee dank je", LEFT, "bestelnummer"),
    ("ik wil iets terugsturen / hoeft al niet meer hoor", LEFT, "bestelnummer"),
    (f"{METER} / dat doe ik een andere keer wel", LEFT, "stand"),
    (f"{RETURN} / nee / ja", LEFT, "artikel uit"),
    (f"{RETURN} / nee / nee ga maar door", "artikel uit", LEFT),
    # Outside a task.
    ("laat maar, het is al opgelost", "dan laten we het zo", "loopt nu niets"),
    ("laat dan maar, ik blijf wel thuis", "dan laten we het zo", "bestelnummer"),
    ("ok, dan laat ik het zo", "dan laten we het zo", "pagina"),
    ("ja oke maar doe maar niet, ik wacht wel", "dan laten we het zo", "begrijp"),
    # With another value it is a correction.
    (f"{DELIVERY} / vrijdag ochtend / nee niet vrijdag, doe maar zaterdag", "zaterdag", LEFT),
    # It goes the wrong way.
    (f"{DELIVERY} / nee ik vroeg welke dag hij nu staat", "", "geen dag"),
    (f"{DELIVERY} / nee ik vroeg waar mijn pakket nu is", "is onderweg|Verder waar", "geen dag"),
    (f"{DELIVERY} / nee ik bedoel of jullie een winkel hebben", "geen winkel", "geen dag"),
    (f"{DELIVERY} / nee ik bedoel of ge een winkel hebt", "geen winkel", "verkeerd begrepen"),
    (f"{DELIVERY} / dat zei ik net al", "verkeerd begrepen", "Op welke dag"),
    (f"{RETURN} / u begrijpt me niet / u begrijpt me nog steeds niet", "medewerker", "artikel uit"),
    (
        f"{RETURN} / ik stuur niks terug, ik wil weten of mijn retour is aangekomen",
        "verkeerd begrepen", "vind ik niet",
    ),
    # Yes with fillers; unclear words show the summary.
    (f"{BOX} / 8 weken / hmm ja doe maar", "Gedaan", "Klopt"),
    (f"{METER} / 51200 / ja maar klopt dat wel met vorig jaar / ja prima", "Genoteerd", "Klopt"),
    (f"{METER} / 51200 / is het nu doorgegeven?", "nog niets gedaan|Klopt dit", "pagina"),
    # No value is lost, and what cannot be done is said.
    (f"{DELIVERY} / zaterdag / Middag. Kost dat nog wat extra?", "middag|Klopt dit", "Welk deel"),
    ("waar is mijn pakket / PP-100234 1234 BA / sorry, AB natuurlijk", "is onderweg", "postcode"),
    (f"{BOX} / 4 weken, maar pas vanaf 20 december", "20 december|niet regelen|4 weken", "Hoelang"),
    (f"{BOX} / 4 weken / nee hij moet pas ingaan op 20 december", "niet regelen", "bezorgd"),
    (
        "wil iets wijzigen aan de levering / PP-100234 1234 AB / het huisnummer, 23b / 8011 PE",
        "23B|Klopt dit", "welk huisnummer",
    ),
    ("ik wil het pakketje op mijn werk laten bezorgen / PP-100234 1234 AB", "postcode", "de dag"),
    # A question or a report starts no change.
    ("welke dag komt de bezorger en kan ik ook s avonds?", "avond: van", "bestelnummer"),
    ("ik wil mijn box toch maar niet opzeggen", "dan laten we het zo", "bestelnummer"),
    # A question gets an answer, or is said to have none; then the question once.
    (f"{DELIVERY} / vrijdag avond / kost dat extra", "Dit weet ik erover: |€ 1,50|Klopt", "gratis"),
    (f"{DELIVERY} / kan dat ook op zondag", "bezorgen wij niet", "zijn wij gesloten"),
    (f"{RETURN} / hoeveel tijd heb ik nog", "30 dagen|artikel uit", "energie"),
    # What drops and goes on otherwise changes the answer, its number in a longer text.
    ("ik wil mijn box 8 weken pauzeren PP-101159 3313 KC / niet doen toch, maar 4", "4 weken|Klopt",
     "stoppen hiermee"),
    (f"{RETURN} / en als de doos weg is", "doos is niet nodig|artikel uit", "vind ik niet"),
    (f"{RETURN} / de trui / moet het kaartje er nog aan zitten", "Waarom stuurt", "adeaukaart"),
    (f"{RETURN} / de trui / ik heb m een keer gedragen, mag dat", "medewerker weet", "past"),
    (
        f"{STOP_BOX} / krijg ik nog een doos dan / hoe zit dat met het geld van deze maand",
        "medewerker dit overneemt", "laatste dag",
    ),
    (f"{STOP_BOX} / kan ik later weer beginnen", "Klopt dit", LEFT),
    ("meterstand doorgeven PP-100558 7511 JE / 21500 / en wat gebeurt er met mijn termijnbedrag",
     "maandbedrag|lage tarief", "Er gaat hier iets mis"),
    # The words of stopping may mean what the task does; and not what it does.
    ("box opzeggen PP-101159 3313 KC / gewoon verder, zeg maar op", "Gedaan", "Klopt"),
    (f"{STOP_BOX} / ja zeg maar op bij mijn moeder", "nog niets gedaan|Klopt", LEFT),
    (f"{STOP_BOX} / nee stop daar maar mee, laat mijn box gewoon doorlopen", LEFT, "anders"),
    (f"{DELIVERY} / zaterdag / laat maar avond worden", "avond|Klopt", LEFT),
    (f"{RETURN} / fleecetrui / niet meer nodig", "toch niet nodig|Klopt", LEFT),
    (f"{RETURN} / gewoon verder gaan", "artikel uit", LEFT),
    # What was told is not asked again: while waiting, before the proof, in a report.
    (f"{QUEUE} / het gaat om PP-100234 1234 AB / laat maar / kan hij vrijdag komen",
     "deel van de dag", "nummer"),
    (f"waar is mijn pakket / {QUEUE} / PP-100234, 1234 AB / terug naar de bot / ja", "is onderweg",
     "bestelnummer?"),
    (
        f"retour / {QUEUE} / het is de fleecetrui uit PP-100871 3511 LX, te groot / terug / ja",
        "Fleecetrui|past niet goed|Klopt", "Waarom",
    ),
    ("ik wil mn regenjas terugsturen, te klein / PP-100871 3511 LX", "Regenjas|Klopt", "Waarom"),
    ("box pauzeren voor 8 weken / PP-100456 9712 HM", "8 weken|Klopt", "Hoelang"),
    (f"{QUEUE} / mijn box moet 4 weken op pauze PP-100456 9712 HM / laat maar / box pauzeren",
     "4 weken|Klopt", "Hoelang"),
    (
        "de regenjas is kapot aangekomen / ik wil hem terugsturen / PP-100871 3511 LX",
        "Regenjas|beschadigd|Klopt", "Waarom",
    ),
    # A complaint that tells its story goes to a person with it.
    ("klacht! de bezorger was onbeschoft", "medewerker gaat u helpen", "Wat is er gebeurd"),
    ("ik heb een klacht over jullie bezorger", "Wat is er gebeurd", "medewerker gaat u helpen"),
    ("ik ben echt boos, pakket kapot en niemand helpt / [1]", "medewerker gaat u helpen",
     "Wat is er gebeurd"),
    # What came broken is replaced, whatever was asked.
    (f"{RETURN} / regenjas / kapot / nieuw artikel", "nieuw artikel kan", "Direct ruilen"),
    ("mijn jas is gescheurd aangekomen / nieuw artikel graag", "medewerker gaat", "Bedoelt"),
    ("mijn jas is gescheurd aangekomen / kan ik m ruilen", "regelt een medewerker", "Bedoelt"),
    # What a page answered before is told in short, with ways on.
    ("wat kost verzenden / zijn jullie open / wat kost verzenden", "Dat vertelde ik al|€ 3,95",
     "Zo komen we niet verder"),
    (f"{RETURN} / hoe lang mag ik iets terugsturen / regenjas / hoeveel tijd heb ik nog",
     "Dat vertelde ik al|Waarom stuurt", "Is er iets anders mee bedoeld"),
    # So is the answer to a matter.
    ("dit pakket is van iemand anders / zijn jullie open / ik heb het pakket van iemand anders",
     "Dat vertelde ik al|Is er iets anders mee bedoeld", "Dank u dat u het meldt"),
    # What was declined is not offered again; "gewoon verder gaan" agrees to nothing.
    (f"{DELIVERY} / vrijdag kan ik niet / weet ik nog niet", "geen dag", "Vr "),
    (f"{STOP_BOX} / gewoon verder gaan", "Klopt dit", "opgezegd"),
    # Answers stay answers.
    (f"{DELIVERY} / laat maar komen op zaterdag", "deel van de dag", LEFT),
    (f"{DELIVERY} / zaterdag / stop het maar in de avond", "avond|Klopt", LEFT),
    (f"{RETURN} / de jas niet, de trui / toch niet nodig", "toch niet nodig|Klopt", LEFT),
    (f"{RETURN} / de trui / hij is niet kapot maar te klein", "past niet goed", "beschadigd"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "holds", "lacks"), CONVERSATIONS)
def test_conversation(said: str, holds: str, lacks: str, customer: Customer) -> None:
    """Each as a customer said it, or in other words."""
    customer.follow(said.split(" / "))
    for words in holds.split("|"):
        assert words in customer.text
    assert lacks not in customer.text
