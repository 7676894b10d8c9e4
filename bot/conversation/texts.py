"""The few sentences Loket says itself, when there is no model to say the designers' ones.

Everything else a customer reads stands in `domain.yml`. Dutch, level B1, "u".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.messages import Attachment, Choice, Notice, Option, RatingRequest, Text

MEDEWERKER = Option("Medewerker", "/medewerker")
#: Payload of the way back from the queue; the worker handles it, no model needed.
RESUME = "/resume_bot"
BACK_TO_BOT = Option("Verder met de AI-assistent", RESUME)

DISCLOSURE = Notice(
    "U chat met een AI-assistent, geen mens. Wilt u een mens spreken? Typ ‘medewerker’.",
    "disclosure",
)
TO_HUMAN = Notice(
    "U gaat nu naar een medewerker. Uw vraag en dit gesprek gaan mee: u hoeft niets te herhalen.",
    "to_human",
)
FAILED = Text("Er gaat hier iets mis. Daarom vraag ik een medewerker om u verder te helpen.")
TO_BOT = Notice("U praat weer met de AI-assistent.", "to_bot")
STILL_WAITING_FOR_BOT = Text(
    "De AI-assistent werkt nu niet. Uw vraag blijft bij onze medewerkers staan. "
    "U krijgt hier antwoord."
)
NOTED = Choice(
    "Uw bericht is toegevoegd. Een medewerker leest het en antwoordt hier.", (BACK_TO_BOT,)
)
ALREADY_QUEUED = Choice(
    "Uw vraag staat al bij onze medewerkers. U krijgt hier antwoord. U mag alvast meer vertellen.",
    (BACK_TO_BOT,),
)
NOTHING_VISIBLE = Choice(
    "Uw bericht is leeg bij ons aangekomen. Typ uw vraag in een paar woorden.", (MEDEWERKER,)
)
STALE = "Deze keuze hoort bij een eerdere vraag. Kies opnieuw, of typ wat u wilt."
QUIET = RatingRequest("Bent u geholpen? Geef met één tik een cijfer: 1 is slecht, 5 is goed.")

#: What a message holds besides words, as a person who reads the conversation sees it.
ATTACHMENTS: Final[Mapping[Attachment, str]] = {
    "voice": "[spraakbericht]",
    "audio": "[geluid]",
    "image": "[foto]",
    "video": "[video]",
    "document": "[bestand]",
    "sticker": "[sticker]",
    "location": "[locatie]",
    "contacts": "[contactgegevens]",
    "order": "[bestelling]",
    "other": "[bericht dat niet kan worden getoond]",
}
_CANNOT: Final[Mapping[Attachment, str]] = {
    "voice": "geen spraakbericht afluisteren",
    "audio": "geen geluid afluisteren",
    "image": "geen foto bekijken",
    "video": "geen video bekijken",
    "document": "geen bestand openen",
    "sticker": "geen sticker lezen",
    "location": "geen locatie openen",
    "contacts": "geen contactgegevens openen",
    "order": "geen bestelling uit de chat verwerken",
    "other": "dit soort bericht niet lezen",
}


def unreadable(attachment: Attachment, offered: Sequence[Option]) -> Choice:
    """What the bot says to a message without words.

    Args:
        attachment: what the customer sent.
        offered: the options the customer could choose from; they stay on the table.
    """
    others = tuple(option for option in offered if option != MEDEWERKER)
    way_out = "Typ uw antwoord of kies hieronder" if others else "Typ uw vraag"
    text = f"Ik kan {_CANNOT[attachment]}. {way_out}, of typ ‘medewerker’."
    return Choice(text, (*others, MEDEWERKER))


def unreadable_in_queue(attachment: Attachment) -> Choice:
    """What is said to a message without words while the customer waits for a person."""
    text = f"Wij kunnen hier {_CANNOT[attachment]}. Typ uw bericht: een medewerker leest het."
    return Choice(text, (BACK_TO_BOT,))


OPTED_IN = Notice("U krijgt weer berichten van ons. Stuur gerust uw vraag.")
