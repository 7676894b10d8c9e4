"""Says what actions reply: responses of domain.yml with values and buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog

from bot.catalogue import say
from bot.dialogue.buttons import Button, leave, person, topics
from bot.dialogue.declined_options import Declined, without
from bot.dialogue.response_placeholders import names, sent

log = structlog.get_logger(__name__)

#: Said when an answer does not fit and the designer wrote no `utter_refusal_<slot>`; the second
#: offers the ways out. `{question}` is the question once more.
FORM_REFUSAL: Final = "utter_form_refusal"
FORM_REFUSAL_AGAIN: Final = "utter_form_refusal_again"
#: Said in place of the first where the answer has limits; `{limit}` names them.
FORM_LIMIT: Final = "utter_form_limit"
#: Said to a customer who does not know the answer, in a form of YAML; offers the ways out.
FORM_UNKNOWN: Final = "utter_form_unknown"
#: Said in a form to a message that is understood, and that no rule answers; the question follows.
FORM_ASIDE: Final = "utter_form_aside"
#: Said to a customer who gets no further outside a form; with a person first.
BREAK_LOOP: Final = "utter_break_loop"
#: Said to a question whose answer stands in what was just told: `{fact}` is that sentence.
FACT_AGAIN: Final = "utter_fact_again"
#: Said to who asks whether a task was carried out that was, a moment ago; `{fact}` is the outcome.
DONE_AGAIN: Final = "utter_done_again"
#: Said to a question that a page answered before in this session: `{fact}` is that answer in short.
TOLD_AGAIN: Final = "utter_told_again"
#: Said below it outside a form, with ways on.
TOLD_AGAIN_WAYS: Final = "utter_told_again_ways"
#: Said at a summary to who asks whether it was carried out; the summary follows.
NOT_DONE: Final = "utter_not_done"
#: Said in place of a reply that was just given, to who asks on or objects.
NOT_THAT: Final = "utter_not_that"
#: Said when a task is left and an earlier one, which was set aside, is offered.
CANCELLED_BRIEFLY: Final = "utter_cancelled_briefly"
#: Said to who drops what was carried out a moment ago; a person is offered.
ALREADY_DONE: Final = "utter_already_done"
#: Said when something else than what was asked was given; the question follows.
NOTED: Final = "utter_noted"
#: Said when none of the choices fits; offers the ways out.
NONE_OF_THESE: Final = "utter_none_of_these"
#: Said to an answer that may be more than one day, and in other words to the second; the days that
#: fit follow. The last is said when only `{day}` of them fits.
WHICH_DAY: Final = "utter_form_which_day"
WHICH_DAY_AGAIN: Final = "utter_form_which_day_again"
ONE_DAY: Final = "utter_form_one_day"
#: Said to a customer who may want to stop, and to one who was misunderstood; with ways on.
LEAVE_QUESTION: Final = "utter_leave_question"
MISUNDERSTANDING: Final = "utter_misunderstood"
#: Said of what a task has no question for: `{words}`. `utter_beyond_<task>` goes before it.
BEYOND: Final = "utter_beyond"
#: Said of what is wanted besides, in a task that does one at a time: `{title}` comes after it.
ONE_BY_ONE: Final = "utter_one_by_one"
#: Said to a "ja" where more than one subject was offered; the same ones follow.
WHICH_ONE: Final = "utter_which_one"
#: Responses that a domain may leave out, with what is said then: the catalogue's key.
OPTIONAL: Final = {
    FACT_AGAIN: "reply.fact_again",
    DONE_AGAIN: "reply.done_again",
    TOLD_AGAIN: "reply.told_again",
    TOLD_AGAIN_WAYS: "reply.told_again_ways",
    NOT_DONE: "reply.not_done",
    NOT_THAT: "reply.not_that",
    WHICH_ONE: "reply.which_one",
    FORM_REFUSAL: "form.refusal",
    FORM_REFUSAL_AGAIN: "form.refusal_again",
    FORM_LIMIT: "form.out_of_limits",
    FORM_UNKNOWN: "form.unknown",
    FORM_ASIDE: "form.aside",
    CANCELLED_BRIEFLY: "form.cancelled_briefly",
    ALREADY_DONE: "form.already_done",
    NOTED: "form.noted",
    NONE_OF_THESE: "form.none_of_these",
    WHICH_DAY: "form.which_day",
    WHICH_DAY_AGAIN: "form.which_day_again",
    ONE_DAY: "form.one_day",
    LEAVE_QUESTION: "form.leave_question",
    MISUNDERSTANDING: "form.misunderstood",
    BEYOND: "form.beyond",
    ONE_BY_ONE: "form.one_by_one",
}
#: Key of a message that holds what those options of its response send that are not shown.
LEFT_OUT: Final = "left_out"
_WITH_WAYS_OUT: Final = frozenset({FORM_REFUSAL_AGAIN, FORM_UNKNOWN, NONE_OF_THESE})


class Replies:
    """The replies of an action in this turn.

    Attributes:
        topics: what the bot can help with, by intent.
        declined: options that the customer declined, which are offered only when no others are.
    """

    def __init__(self, dispatcher: Any, domain: Mapping[str, Any]) -> None:
        """Takes what rasa-sdk hands to an action."""
        self._dispatcher = dispatcher
        self._responses = domain.get("responses", {})
        self.topics = topics(domain)
        self._said: list[str] = []
        self.declined: Declined = {}

    def has_said(self, response: str) -> bool:
        """Whether a response was said in this turn by this action."""
        return response in self._said

    def knows(self, response: str) -> bool:
        """Whether designers wrote this response."""
        return response in self._responses

    def has(self, response: str) -> bool:
        """Whether there is this response, of the designers or in the catalogue."""
        return self.knows(response) or response in OPTIONAL

    def is_whole(self, response: str, values: Mapping[str, Any]) -> bool:
        """Whether a response is there and has a value for each of its placeholders.

        Args:
            response: its name.
            values: what fills it, by name; None is no value.
        """
        wanted = names(self._responses.get(response) or ())
        return self.knows(response) and all(values.get(name) is not None for name in wanted)

    def is_fixed(self, response: str) -> bool:
        """Whether a response says the same each time: there is nothing in it to fill in."""
        return self.knows(response) and not names(self._responses[response])

    def buttons(self, response: str) -> list[Button]:
        """The options that designers wrote below a response, without a person."""
        variants = self._responses.get(response) or [{}]
        own = [
            Button(title=str(each.get("title")), payload=sent(str(each.get("payload")), {}))
            for each in variants[0].get("buttons") or ()
        ]
        return [each for each in own if each["payload"] != person()["payload"]]

    def text(self, response: str) -> str:
        """A response's own words, for use within another message; empty if there is none."""
        variants = self._responses.get(response) or [{}]
        return str(variants[0].get("text") or "")

    def metadata(self, response: str) -> Mapping[str, Any]:
        """The metadata that designers gave a response; empty when they gave none."""
        variants = self._responses.get(response) or [{}]
        return variants[0].get("metadata") or {}

    def say(self, response: str, buttons: Sequence[Button] = (), **values: Any) -> None:
        """Says a response of domain.yml, or of the catalogue where that has none.

        Args:
            response: its name.
            buttons: come after the response's own buttons, unless they are among these.
            **values: for the `{names}` in its text.
        """
        self._said.append(response)
        if response not in self._responses and response in OPTIONAL:
            ways_out = (leave(), person()) if response in _WITH_WAYS_OUT else ()
            text = say(OPTIONAL[response], **values)
            offered = without([*buttons, *ways_out], self.declined)
            self._dispatcher.utter_message(text=text, buttons=list(offered))
            return
        if response not in self._responses:
            # The customer gets a person; who mends it needs the name.
            log.error("response_missing", response=response)
        variants = self._responses.get(response) or [{}]
        own: list[Button] = [
            {"title": str(each.get("title")), "payload": sent(str(each["payload"]), values)}
            for each in variants[0].get("buttons") or ()
        ]
        shown = {each["payload"] for each in own}
        new = [each for each in buttons if sent(each["payload"], values) not in shown]
        kept = {each["payload"] for each in without([*own, *new], self.declined)}
        if left_out := [payload for payload in shown if payload not in kept]:
            values[LEFT_OUT] = left_out
        new = [each for each in new if each["payload"] in kept]
        self._dispatcher.utter_message(response=response, buttons=new, **values)

    def send(self, message: Mapping[str, Any]) -> None:
        """Sends one of Loket's own values in JSON form (`bot.messages.encode`)."""
        self._dispatcher.utter_message(json_message=dict(message))
