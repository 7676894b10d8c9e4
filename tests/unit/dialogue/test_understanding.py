"""What a message to a running task asks of it, without a model: commands in, commands out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.acts.acts import ActShares
from bot.dialogue.commands import Answer, Ask, AskBeside, AskWhy, Leave, Repeat, Unclear
from bot.dialogue.questions import Question
from bot.dialogue.situation import Situation
from bot.dialogue.turn_message import Entity, TurnMessage
from bot.dialogue.understanding import commands_of
from bot.topics import built_in
from bot.topics.topic import KINDS, Topic
from bot.topics.topics import Topics

DAY = Question("visit_day", entity="date")
TOPICS = Topics(
    (*built_in.TOPICS, Topic("book_visit", kind="task"), Topic("renew_loan", kind="task"))
)


def taken(
    intent: str | None,
    typed: str,
    confidence: float = 0.99,
    question: Question = DAY,
    topics: Topics = TOPICS,
    own: tuple[str, ...] = ("book_visit",),
) -> type:
    """The kind of the one command that a message stands for."""
    message = TurnMessage(
        intent, confidence, typed, (), started=False, resumed=False, left=None, renewed=False
    )
    now = Situation((question,), question, {}, frozenset(), own, topics)
    (command,) = commands_of(message, now)
    return type(command)


@pytest.mark.parametrize(
    "typed", ["vacatures", "hebben jullie nog vacatures", "ik zoek werk bij jullie in de winkel"]
)
def test_an_intent_that_nobody_declared_is_answered_by_its_rule(typed: str) -> None:
    """As outside the form; the form then asks on."""
    assert taken("vacatures", typed) is Ask


def test_yes_no_and_data_are_tries_to_answer() -> None:
    """They name no subject: the question says what would be an answer."""
    for intent in ("affirm", "deny", "inform", None):
        assert taken(intent, "misschien wel dan toch") is Unclear


def test_another_task_must_be_named_for_sure() -> None:
    """A word or two that may be about this task do not leave it; tapping does."""
    assert taken("renew_loan", "verlengen") is Ask
    assert taken("renew_loan", "verlengen", 0.7) is Unclear
    assert taken("renew_loan", "wat kost dat", 0.95) is AskBeside
    assert taken("renew_loan", "", 0.5) is Ask
    assert taken("book_visit", "langskomen graag bij jullie") is Unclear


def test_an_intent_that_answers_the_question_is_no_other_subject() -> None:
    """`Question.intents` may hold any intent, declared or not."""
    question = Question("visit_day", intents={"as_soon_as_possible": "today"})
    found = taken("as_soon_as_possible", "zo snel als maar mogelijk is", question=question)
    assert found is Answer


def test_a_person_is_heard_at_any_confidence() -> None:
    """The escape word goes before every answer."""
    free = Question("story", parse=str, free=True)
    assert taken(built_in.ESCAPE, "medewerker", 0.1, free) is Ask


@given(
    st.sampled_from(KINDS),
    st.floats(0, 1),
    st.sampled_from(["iets", "een hele zin vol woorden"]),
)
def test_where_any_words_answer_only_endings_and_the_ai_question_are_heard(
    kind: str, confidence: float, typed: str
) -> None:
    """A complaint may name every subject there is."""
    free = Question("story", parse=lambda text: text or None, free=True)
    topics = Topics((*built_in.TOPICS, Topic("named", kind=kind)))  # type: ignore[arg-type]
    found = taken("named", typed, confidence, free, topics)
    ends = kind in {"ending", "sensitive"} and confidence >= 0.6
    assert found is (Ask if ends else Answer)


NAME = Question("name", parse=lambda text: text or None, any_words=True)


@pytest.mark.parametrize(
    ("intent", "typed", "confidence", "found"),
    [
        ("parking", "wat kost parkeren?", 0.97, Ask),
        ("wifi", "wifi?", 0.95, Ask),
        ("greet", "hoi", 0.99, Ask),
        ("renew_loan", "verlengen", 0.95, Ask),
        ("parking", "is er een stalling bij u", 0.7, Ask),
        ("parking", "waar kan ik parkeren", 0.7, Ask),
        # A name, a street, a story: what is like a subject, or like none, is an answer.
        ("wifi", "Jansen", 0.6, Answer),
        ("parking", "Parkweg 12", 0.95, Answer),
        (built_in.OUT_OF_SCOPE, "de vuilniszak ligt er al drie dagen", 0.9, Answer),
        (None, "mijn buurman maakt herrie", 0.4, Answer),
        ("deny", "nee", 0.99, Answer),
        ("inform", "voor vier personen graag", 0.99, Answer),
    ],
)
def test_where_any_words_answer_a_known_subject_is_still_heard(
    intent: str | None, typed: str, confidence: float, found: type
) -> None:
    """A short question is no name; what nobody knows is no other subject."""
    assert taken(intent, typed, confidence, NAME) is found


@pytest.mark.parametrize(
    ("typed", "confidence", "found"),
    [
        ("misschien", 0.99, Unclear),
        ("misschien wel", 0.99, Unclear),
        ("tja", 0.82, Unclear),
        ("ik weet het niet", 0.95, Unclear),
        ("wij eten graag om een uur of zes", 0.7, Unclear),
        ("stop", 0.4, Leave),
        ("annuleer dit", 0.5, Leave),
        ("hou er maar mee op", 0.5, Leave),
        ("dit is niet wat ik zoek", 0.95, Leave),
        ("", 1.0, Leave),
    ],
)
def test_a_form_ends_when_the_customer_surely_wants_that(
    typed: str, confidence: float, found: type
) -> None:
    """A word says so, or several words that can mean nothing else; a tap always does."""
    assert taken("cancel_task", typed, confidence) is found


@pytest.mark.parametrize("intent", ["affirm", "deny"])
@pytest.mark.parametrize(
    "typed", ["ik weet het niet", "geen idee", "weet ik nog niet", "misschien", "ja misschien wel"]
)
def test_doubt_is_neither_yes_nor_no(intent: str, typed: str) -> None:
    """Nothing may be kept that the customer did not say."""
    asked = Question("outside", intents={"affirm": "yes", "deny": "no"})
    assert taken(intent, typed, 0.95, asked) is Unclear


@pytest.mark.parametrize(
    ("intent", "typed"), [("deny", "nee die heb ik niet"), ("affirm", "ja graag"), ("deny", "nee")]
)
def test_a_plain_yes_or_no_is_an_answer(intent: str, typed: str) -> None:
    """However many words stand around it."""
    asked = Question("outside", intents={"affirm": "yes", "deny": "no"})
    assert taken(intent, typed, 0.95, asked) is Answer


@given(
    st.sampled_from(KINDS), st.floats(0, 1), st.sampled_from(["tafel", "ik wil graag een tafel"])
)
def test_the_forms_own_request_is_no_other_subject(
    kind: str, confidence: float, typed: str
) -> None:
    """Whichever of its intents, and whatever kind of topic that is."""
    if kind in {"ending", "sensitive"}:
        return
    topics = Topics((*built_in.TOPICS, Topic("eat", kind=kind)))  # type: ignore[arg-type]
    assert taken("eat", typed, confidence, DAY, topics, ("book_visit", "eat")) is Unclear


def test_any_words_need_no_parser() -> None:
    """A question that takes any words keeps them as they were typed."""
    name = Question("child", any_words=True)
    message = TurnMessage(None, 0.2, "Sanne", (), started=False, resumed=False, left=None)
    now = Situation((name,), name, {}, frozenset(), ("book_visit",), TOPICS)
    assert commands_of(message, now) == (Answer("child", "Sanne"),)


@pytest.mark.parametrize("typed", ["zeven", "ze is toch al zeven"])
def test_a_number_is_no_score_where_nobody_asked_for_one(typed: str) -> None:
    """The classifier takes most numbers for a score; a tapped one is."""
    assert taken(built_in.RATE, typed) is Unclear
    assert taken(built_in.RATE, "") is Ask


@pytest.mark.parametrize(
    "typed",
    [
        "wat is het verschil tussen die twee",
        "en als ik dan op vakantie ben",
        "moet ik dan iets meenemen?",
        "ik heb mijn pas niet bij me, mag dat",
    ],
)
@pytest.mark.parametrize(("intent", "confidence"), [(None, 0.5), ("book_visit", 0.8)])
def test_a_question_without_an_answer_is_no_refused_answer(
    typed: str, intent: str | None, confidence: float
) -> None:
    """It is said that nobody here knows, and the task asks on."""
    assert taken(intent, typed, confidence) is AskBeside


@pytest.mark.parametrize(("confidence", "found"), [(0.7, AskBeside), (0.9, Ask)])
def test_a_question_is_about_the_task_unless_it_surely_names_another_subject(
    confidence: float, found: type
) -> None:
    """A guess at another subject would answer what nobody asked."""
    assert taken("parking", "moet het kaartje er nog aan zitten", confidence) is found


def test_a_question_whether_a_value_will_do_is_an_answer_to_check() -> None:
    """The task knows whether Sunday will do; opening hours do not."""
    typed = "kan dat ook op zondag"
    entity = Entity("date", "2026-12-06", 11, len(typed))
    message = TurnMessage("parking", 0.9, typed, (entity,), started=False, resumed=False, left=None)
    now = Situation((DAY,), DAY, {}, frozenset(), ("book_visit",), TOPICS)
    assert commands_of(message, now) == (Answer(DAY.slot, "2026-12-06"),)
    about = replace(
        message, typed="zijn jullie open op zondag", entities=(replace(entity, start=16),)
    )
    assert commands_of(about, now) == (Ask(),)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kan ik later weer beginnen", AskBeside),
        ("mag ik tussentijds stoppen met dat contract", AskBeside),
        ("kunnen we hier mee stoppen", Leave),
    ],
)
def test_a_question_about_ending_ends_nothing(typed: str, found: type) -> None:
    """Who asks what ending would mean has not chosen it."""
    assert taken("cancel_task", typed, 0.97) is found


@given(
    st.sampled_from(["wat", "hoe", "wanneer", "waarom", "moet ik", "mag ik"]),
    st.text("abcdefghijklmnop ", min_size=3, max_size=30),
    st.floats(0, 0.74),
    st.sampled_from([None, "parking", "renew_loan", "book_visit", "cancel_task"]),
)
def test_no_unsure_question_is_refused_or_leaves(
    word: str, rest: str, confidence: float, intent: str | None
) -> None:
    """Whatever it is taken for: it is answered, or said to have no answer."""
    assert taken(intent, f"{word} {rest}?", confidence) in {Ask, AskBeside, AskWhy}


REASON = Question(
    "reason", parse=lambda text: "regret" if "niet meer nodig" in text else None, keen=True
)


@pytest.mark.parametrize(
    ("typed", "question", "found"),
    [
        ("gewoon verder gaan", DAY, Repeat),
        ("ga maar door", DAY, Repeat),
        ("laat hem maar komen", DAY, Unclear),
        ("niet meer nodig", REASON, Answer),
        ("laat maar, niet meer nodig", REASON, Leave),
        ("stop daar maar mee", DAY, Leave),
        ("hou op met verlengen", DAY, Leave),
    ],
)
def test_words_near_to_stopping_are_read_by_what_they_say(
    typed: str, question: Question, found: type
) -> None:
    """Whatever the message is taken for."""
    assert taken("cancel_task", typed, 0.97, question) is found


@pytest.mark.parametrize(
    ("typed", "asks", "found"),
    [
        ("moet ik daar een formulier voor invullen?", 0.95, Ask),
        ("moet ik daar een formulier voor invullen?", 0.5, Answer),
        ("waarom duurt het zo lang?", 0.95, Answer),
        ("hoe kan het dat niemand belt?", 0.95, Answer),
        ("jullie bellen nooit terug", 0.1, Answer),
    ],
)
def test_a_question_that_a_page_answers_is_no_story(typed: str, asks: float, found: type) -> None:
    """Where one's own words are wanted, a question may be how that goes; a complaint stays one."""
    free = Question("story", parse=str, free=True)
    message = TurnMessage(
        None, 0.4, typed, (), started=False, resumed=False, left=None, asks_pages=True,
        acts=ActShares({"question": asks}),
    )  # fmt: skip
    now = Situation((free,), free, {}, frozenset(), ("book_visit",), TOPICS)
    (command,) = commands_of(message, now)
    assert type(command) is found


@pytest.mark.parametrize(
    ("typed", "found"), [("les", Answer), ("mijn les", Answer), ("kan ik een les boeken?", Ask)]
)
def test_a_word_that_answers_is_no_other_subject(typed: str, found: type) -> None:
    """Though a page or another task is about that very word."""
    which = Question("which", parse=lambda text: "lesson" if "les" in text else None)
    message = TurnMessage(
        "renew_loan", 0.99, typed, (), started=False, resumed=False, left=None, asks_pages=True,
    )  # fmt: skip
    now = Situation((which,), which, {}, frozenset(), ("book_visit",), TOPICS)
    (command,) = commands_of(message, now)
    assert type(command) is found
