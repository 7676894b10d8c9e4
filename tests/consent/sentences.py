"""What customers of the shop say to its tasks, and values for bare commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

YES: Final = (
    "ja", "Ja!", "ja hoor", "ja, dat klopt", "oké", "klopt", "prima", "ja graag", "akkoord",
    "ja doe maar", "is goed", "ok", "\U0001f44d", "hmm ja doe maar", "jazeker", "ga maar door",
)  # fmt: skip
ATTACHED: Final = (
    "maar ik wil eerst mijn man vragen", "bijna", "nee", "doe maar niet", "maar pas morgen",
    "als het niets kost", "toch?", "denk ik", "maar wat kost het", "of nee wacht", "morgen",
    "behalve het adres", "maar niet deze", "onder voorbehoud", "en waar is PP-100733", "12",
    "tenzij het geld kost", "misschien", "maar dan zaterdag", "\U0001f914", "zodra ik terug ben",
)  # fmt: skip
NO: Final = (
    "nee", "Nee!", "nee dat klopt niet", "nee dank u", "neuh", "nee liever niet", "\U0001f44e",
    "nee, het is anders", "nee laat maar", "helemaal niet", "absoluut niet akkoord",
)  # fmt: skip
#: Words that the task, the dialogue or nobody acts upon.
PLAIN_WORDS: Final = (
    "terug", "vorige vraag", "stop", "laat maar", "wacht even", "iets anders", "verder", "opnieuw",
    "geen van deze", "waarom wilt u dat weten?", "gewoon verder gaan", "zal ik doen", "huh",
    "ok dan", "is dat nu gewijzigd of niet?", "is het nu geregeld?", "klopt dat wel?",
    "weet ik niet", "blub",
    "dat bedoel ik niet", "laat hem dan maar staan denk ik", "zeg maar op",
    "gewoon stoppen graag",
    "ja zeg maar op", "terug naar mijn retour", "verder met mijn bezorging", "de tweede", "1", "2",
    "toch niet", "hoeft niet meer", "het klopt niet", "wat gebeurt er als ik ja zeg?", "nee hoor",
    "kost dat iets?", "middag. kost dat iets?", "ja. kost dat iets?", "bedankt", "en nu?", "a",
)  # fmt: skip
#: Answers to questions, as sentences.
ANSWERS: Final = (
    "vrijdag", "zaterdag", "donderdag", "maandag", "volgende week dinsdag", "een dag later",
    "tussen dinsdag en donderdag", "elke dag behalve vrijdag", "ochtend", "in de middag", "avond",
    "vrijdag avond", "niet vrijdag", "1234 AB", "6822 AA 12", "13", "huisnummer 12a", "2511 BT 7",
    "dag of tijd", "ander adres", "de trui", "het eerste artikel", "de jas", "de tas", "te klein",
    "kapot", "toch niet nodig", "verkeerd artikel", "andere reden", "51100", "51200",
    "21600 en 19050", "21700", "19100", "50901",
    "box", "energie", "pauzeren", "opzeggen", "ander tarief", "variabel",
    "dynamisch", "grote box", "kleine box", "4 weken", "acht weken", "stroom",
    "laag moet 19060 zijn",
    "andere postcode", "de dag klopt niet", "andere dag", "ik bedoel zaterdag", "toch 13",
)  # fmt: skip
#: Openings that come near to a summary, with the order that they are about.
OPENINGS: Final = (
    ("change_delivery", "mag PP-100234 1234 AB vrijdagavond komen", "PP-100234"),
    ("change_delivery", "verplaats PP-100733 6811 KM naar dinsdag 1 december middag", "PP-100733"),
    ("change_delivery", "ander adres voor PP-100234 1234 AB", "PP-100234"),
    ("change_delivery", "ik wil een andere bezorgdag", "PP-100234"),
    ("return_item", "PP-100871 3511 LX terugsturen, te groot", "PP-100871"),
    ("return_item", "ik wil iets retourneren uit PP-100871", "PP-100871"),
    ("change_subscription", "energie opzeggen PP-100456 9712 HM", "PP-100456"),
    ("change_subscription", "box pauzeren PP-100456 9712 HM 4 weken", "PP-100456"),
    ("change_subscription", "naar variabel met mijn energie, PP-100558 7511 JE", "PP-100558"),
    ("change_subscription", "abonnement wijzigen", "PP-100456"),
    ("change_subscription", "ander pakket voor de box, PP-100456 9712 HM", "PP-100456"),
    ("box_stop", "box opzeggen PP-100456 9712 HM", "PP-100456"),
    ("energy_stop", "stop mijn energiecontract", "PP-100456"),
    ("submit_meter_reading", "mijn meterstand is 51100, PP-100456 9712 HM", "PP-100456"),
    ("submit_meter_reading", "meterstand hoog 21600 laag 19050 PP-100558 7511 JE", "PP-100558"),
    ("submit_meter_reading", "meterstand doorgeven", "PP-100558"),
    ("track_order", "waar is PP-100733 6811 KM", "PP-100733"),
    ("invoice_payment", "is PP-100640 5611 AZ betaald", "PP-100640"),
    ("cancel_order", "annuleer PP-100234 1234 AB", "PP-100234"),
    ("complaint", "ik heb een klacht", "PP-100519"),
)  # fmt: skip
VALUES: Final[Mapping[str, Sequence[Any]]] = {
    "delivery_date": ("2026-11-27", "2026-11-28", "2026-12-01", "2026-11-29"),
    "day_part": ("ochtend", "middag", "avond", "nacht"),
    "delivery_change": ("moment", "address"),
    "new_postcode": ("6822 AA", "2511 BT"),
    "new_house_number": ("12", "13a"),
    "return_article": ("1", "2", "9"),
    "return_reason": ("damaged", "size", "regret", "weer"),
    "subscription": ("box", "energy"),
    "subscription_change": ("pause", "stop", "plan"),
    "subscription_plan": ("small", "large", "variable", "fixed", "dynamic"),
    "pause_weeks": ("4", "8", "5"),
    "meter_reading": (51100, 51200, 21700),
    "meter_reading_low": (19050, 19100),
    "order_number": ("PP-100234", "PP-100456", "PP-100871", "PP-100558"),
    "postcode": ("1234 AB", "9712 HM", "3511 LX", "7511 JE", "9999 ZZ"),
    "confirmed": ("yes", "no", "yes"),
}
#: What answers a question, by its slot.
TO_THE_POINT: Final[Mapping[str, Sequence[str]]] = {
    "delivery_change": ("dag of tijd", "ander adres", "vrijdag"),
    "delivery_date": ("vrijdag", "zaterdag", "volgende week dinsdag", "een dag later"),
    "day_part": ("ochtend", "in de middag", "avond"),
    "new_postcode": ("6822 AA 12", "2511 BT"),
    "new_house_number": ("13", "12a"),
    "return_article": ("1", "2", "de tweede", "het eerste artikel"),
    "return_reason": ("te klein", "kapot", "toch niet nodig", "andere reden"),
    "subscription": ("box", "energie"),
    "subscription_change": ("pauzeren", "opzeggen", "ander tarief"),
    "subscription_plan": ("variabel", "vast tarief", "dynamisch", "grote box", "kleine box"),
    "pause_weeks": ("4 weken", "acht weken"),
    "meter_reading": ("51100", "21600 en 19050", "21700"),
    "meter_reading_low": ("19050", "19100"),
    "meter_solar": ("nee", "ja"),
    "meter_kind": ("stroom", "gas"),
    "complaint_text": ("de bezorger gooide mijn pakket over de heg",),
}
