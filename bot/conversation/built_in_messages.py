"""The few messages Loket says itself, when there is no model to say the designers' ones.

Their words stand in the catalogue (`bot.catalogue`), everything else a customer reads in
`domain.yml`. A message is made when it is said, so that an assistant's own words hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from bot.catalogue import group, say
from bot.messages import Attachment, Choice, Notice, Option, RatingRequest, Subject, Text
from bot.records.attachment import FileReason

#: The outcome of a score; see `bot.store.conversation.ratings`.
ScoreOutcome = Literal["given", "changed", "final"]
#: Payload that leads back from the queue; the worker handles it, no model needed.
RESUME: Final = "/resume_bot"
#: Payload that leads back as well, with the message that it was offered under.
CARRY_OUT: Final = "/resume_bot_with_message"
#: Payloads of the worker's own, which hand over without a model: after a low score, and after
#: "dat klopt niet".
LOOK_AGAIN: Final = '/medewerker{"reason": "low_rating"}'
STILL_OPEN: Final = '/medewerker{"reason": "asked"}'


def medewerker() -> Option:
    """The option that leads to a person."""
    return Option(say("button.person"), "/medewerker")


def back_to_bot() -> Option:
    """The option that leads back from the queue to the assistant."""
    return Option(say("button.back_to_bot"), RESUME)


def carry_out() -> Option:
    """The option that has the assistant do what the customer asked for while waiting."""
    return Option(say("button.carry_out"), CARRY_OUT)


def another_question() -> Option:
    """The option to ask a new question."""
    return Option(say("button.another_question"), "/another_question")


def change_rating(of: Subject) -> Option:
    """The option that shows the scores for a person once more."""
    return Option(say("button.change_rating"), f'/rate{{"of": "{of}"}}')


def look_again() -> Option:
    """The option to get a person after a low score."""
    return Option(say("button.person"), LOOK_AGAIN)


def still_open() -> Option:
    """The option to get a person after "dat klopt niet"."""
    return Option(say("button.person"), STILL_OPEN)


def disclosure() -> Notice:
    """Says that an AI assistant answers."""
    return Notice(say("chat.disclosure"), "disclosure")


def to_human() -> Notice:
    """Says that the conversation goes to a person."""
    return Notice(say("chat.to_human"), "to_human")


def to_bot() -> Notice:
    """Says that the assistant answers again."""
    return Notice(say("chat.to_bot"), "to_bot")


def left_for_bot() -> Notice:
    """Says that the customer left the queue and that the assistant answers again."""
    return Notice(say("queue.left_for_bot"), "to_bot")


def failed() -> Text:
    """Says that the assistant could not answer."""
    return Text(say("chat.failed"))


def still_waiting_for_bot() -> Text:
    """The message to a customer who leaves the queue while the assistant does not work."""
    return Text(say("queue.assistant_failed"))


def no_transcript() -> Choice:
    """Says that there can be no copy of the conversation now."""
    return Choice(say("transcript.unavailable"), (medewerker(),))


def stay_here() -> Choice:
    """Says that the conversation cannot go on on another channel."""
    return Choice(say("switch.stay_here"), (medewerker(),))


def nothing_visible() -> Choice:
    """The reply to a message that shows as empty."""
    return Choice(say("chat.nothing_visible"), (medewerker(),))


def loop_offer() -> Choice:
    """The way out that the worker offers when the assistant gives one answer again and again."""
    return Choice(say("chat.loop_offer"), (medewerker(),))


def quiet() -> RatingRequest:
    """The question for a score when a conversation went quiet."""
    return RatingRequest(say("rating.quiet"))


def human_rating() -> RatingRequest:
    """The question for a score of the person who helped."""
    return RatingRequest(say("rating.human"), of="human")


def opted_in() -> Notice:
    """The message to a customer who wants messages again."""
    return Notice(say("chat.opted_in"))


def noted_short() -> tuple[str, ...]:
    """The replies, in turn, to further messages of a customer who waits."""
    return tuple(group("queue.noted_short").values())


def attachment_shown(attachment: Attachment) -> str:
    """The words that stand for an attachment where a person reads the conversation."""
    return say(f"attachment.shown.{attachment}")


def unreadable(attachment: Attachment, offered: Sequence[Option], *, kept: bool = False) -> Choice:
    """The bot's reply to a message without words.

    Args:
        attachment: what the customer sent.
        offered: the options the customer could choose from; they stay on the table.
        kept: whether a person who takes the conversation sees what was sent.
    """
    person = medewerker()
    others = tuple(option for option in offered if option != person)
    key = "attachment.unreadable_choice" if others else "attachment.unreadable"
    if kept:
        key = "attachment.person_can_choice" if others else "attachment.person_can"
    return Choice(say(key, cannot=say(f"attachment.cannot.{attachment}")), (*others, person))


def unreadable_in_queue(
    attachment: Attachment, offered: Sequence[Option], *, kept: bool = False
) -> Choice:
    """The reply to a message without words while the customer waits for a person.

    Args:
        attachment: what the customer sent.
        offered: what can be chosen.
        kept: whether the person who takes the conversation sees what was sent.
    """
    if kept:
        return Choice(say(f"attachment.received.{attachment}"), tuple(offered))
    cannot = say(f"attachment.cannot.{attachment}")
    return Choice(say("attachment.unreadable_in_queue", cannot=cannot), tuple(offered))


def file_refused(reason: FileReason) -> Notice:
    """Says that what the customer sent to a person could not be shown, and what can."""
    return Notice(say(f"attachment.refused.{reason}"))


def thanks_for_score(score: int, outcome: ScoreOutcome, of: Subject = "human") -> str:
    """The reply to a score.

    Args:
        score: the score that stands.
        outcome: what became of the new one.
        of: the bot or the person, whichever was rated.
    """
    if outcome == "final":
        return say("rating.final")
    which = outcome if of == "human" else f"{outcome}_bot"
    return say(f"rating.{which}", score=score)
