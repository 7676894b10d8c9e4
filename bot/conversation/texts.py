"""The few sentences Loket says itself, when there is no model to say the designers' ones.

Everything else a customer reads stands in `domain.yml`. Dutch, level B1, "u".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from bot.messages import Attachment, Choice, Notice, Option, RatingRequest, Subject, Text

#: What became of a score; see `bot.store.ratings`.
ScoreOutcome = Literal["given", "changed", "final"]
MEDEWERKER = Option("Medewerker", "/medewerker")
#: Payload of the way back from the queue; the worker handles it, no model needed.
RESUME = "/resume_bot"
#: At most 20 characters, so that every channel shows a button.
BACK_TO_BOT = Option("Naar AI-assistent", RESUME)
ANOTHER_QUESTION = Option("Nog een vraag", "/another_question")

DISCLOSURE = Notice(
    "U chat met een AI-assistent, geen mens. Wilt u een mens spreken? Typ ‘medewerker’.",
    "disclosure",
)
TO_HUMAN = Notice(
    "Een medewerker gaat u helpen. Uw vraag en dit gesprek gaan mee: u hoeft niets te herhalen.",
    "to_human",
)
FAILED = Text("Er gaat hier iets mis.")
TO_BOT = Notice("U praat weer met de AI-assistent.", "to_bot")
STILL_WAITING_FOR_BOT = Text(
    "De AI-assistent werkt nu niet. Uw vraag blijft bij onze medewerkers staan. "
    "U krijgt hier antwoord."
)
#: What a customer hears whose number was taken out of a message, by `private_numbers.Kind`.
NUMBER_TAKEN_OUT: Final[Mapping[str, str]] = {
    "bsn": (
        "Voor uw veiligheid is uw BSN uit het bericht gehaald. Heeft een medewerker het nodig? Dan "
        "vraagt die erom."
    ),
    "iban": (
        "Voor uw veiligheid is het rekeningnummer uit het bericht gehaald. Heeft een medewerker "
        "het nodig? Dan vraagt die erom."
    ),
    "card": (
        "Voor uw veiligheid is het kaartnummer uit het bericht gehaald. Wij hebben het nooit nodig."
    ),
}
#: Said in place of a hand-over when too many from one network address wait already.
QUEUE_FULL = (
    "Vanaf uw internetaansluiting wachten al meer gesprekken op een medewerker. Daarom kan dit "
    "gesprek er nu niet bij. Probeer het later opnieuw{call}."
)
QUEUE_FULL_CALL = ", of bel {phone}"
#: Of a request to be called or written back, when the customer leaves the queue.
STAYS_NOTED = "Uw verzoek blijft bij onze medewerkers staan."
#: Said to the first message of who waits.
NOTED = "Uw bericht is toegevoegd. Een medewerker leest het en antwoordt hier."
#: Said in turn to the next ones, when there is nothing new to tell.
NOTED_SHORT = ("Genoteerd.", "Ook dit staat erbij.")
ALREADY_QUEUED = "Uw vraag staat al bij onze medewerkers. U krijgt hier antwoord."
STILL_WAITING = "Er is nog geen medewerker vrij. U blijft in de rij staan."
LEAVE_QUEUE = "Wilt u uit de rij? Kies ‘Naar AI-assistent’. Anders blijft uw vraag staan."
WHICH_TOPIC = "Waar gaat uw vraag over?"
CALL_BACK_OFFER = "Wilt u liever dat wij u bellen of mailen? Kies dan ‘Bel of mail mij’."
FORM_LEFT = "Goed, wij bellen of mailen u niet. Uw vraag blijft bij onze medewerkers staan."
CLOSED_NOW = "Er is nu geen medewerker. Wij zijn er weer {when}."
CLOSED_LONG = "Er is nu geen medewerker."
STAYS_PUT = "Uw vraag blijft staan: u krijgt hier antwoord."
#: In a confirmation: from when people work.
BACK_AT = "Wij zijn er weer {when}."
INTAKE = "Genoteerd: {topic}."
#: `{link}` is the mark that becomes the address (`bot.conversation.links`).
TRANSCRIPT = "Hier kunt u dit gesprek lezen en opslaan:\n{link}"
NO_TRANSCRIPT = Choice(
    "Een kopie van dit gesprek kan ik nu niet maken. Vraag het aan een medewerker.", (MEDEWERKER,)
)
STAY_HERE = Choice(
    "Dit gesprek kan daar niet verder. Ga gerust hier verder: typ uw vraag.", (MEDEWERKER,)
)
HUMAN_RATING = RatingRequest(
    "Hoe heeft de medewerker u geholpen? 1 is slecht, 5 is goed.", of="human"
)
CHANGE_RATING = Option("Cijfer wijzigen", '/rate{"of": "human"}')
LOOK_AGAIN_QUESTION = "Wilt u dat een medewerker er nog eens naar kijkt?"
#: Its payload is the worker's own: it hands over without a model.
LOOK_AGAIN = Option("Medewerker", '/medewerker{"reason": "low_rating"}')
#: After "dat klopt niet"; as the one before.
STILL_OPEN = Option("Medewerker", '/medewerker{"reason": "asked"}')
NOTHING_VISIBLE = Choice(
    "Uw bericht is leeg bij ons aangekomen. Typ uw vraag in een paar woorden.", (MEDEWERKER,)
)
#: Said by the worker when the assistant gives one answer again and again.
LOOP_OFFER = Choice(
    "U krijgt steeds hetzelfde antwoord. Wilt u een medewerker spreken?", (MEDEWERKER,)
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


def unreadable_in_queue(attachment: Attachment, offered: Sequence[Option]) -> Choice:
    """What is said to a message without words while the customer waits for a person.

    Args:
        attachment: what the customer sent.
        offered: what can be chosen.
    """
    text = f"Wij kunnen hier {_CANNOT[attachment]}. Typ uw bericht: een medewerker leest het."
    return Choice(text, tuple(offered))


def thanks_for_score(score: int, outcome: ScoreOutcome, of: Subject = "human") -> str:
    """What is said to a score.

    Args:
        score: the score that stands.
        outcome: what became of the new one.
        of: who was rated.
    """
    named = "Uw cijfer voor de medewerker" if of == "human" else "Uw cijfer"
    if outcome == "final":
        return "U heeft uw cijfer al een keer gewijzigd. Het blijft zo staan. Dank u."
    if outcome == "changed":
        return f"{named} is nu een {score}. Dank u."
    return f"Dank u. {named} is een {score}."


OPTED_IN = Notice("U krijgt weer berichten van ons. Stuur gerust uw vraag.")
