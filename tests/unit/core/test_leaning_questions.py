"""A question is looked up once more when the dialogue is known, and only where that can help."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core.leaning_questions import context_of, look_again
from bot.knowledge.answering import LEANING, asks_pages
from bot.knowledge.follow_up_model import Context
from bot.knowledge.search_index import SearchResult
from bot.topics.facts import TopicFacts

PASSAGE = {"slug": "lid", "heading": "Kosten", "text": "Gratis.", "marks": ((0, 7),)}
OTHER = {**PASSAGE, "slug": "lenen"}
FOUND = {"passage": PASSAGE, "near": ("lid#1",), "confidence": 0.9}
SLOTS = [
    AnySlot(name, mappings=[{"type": "custom"}], influence_conversation=False)
    for name in ("quoted_passage", "topic", "requested_slot", "kind")
]
Tracker = DialogueStateTracker


class Search:
    """Finds the same in every context, and keeps what it was asked."""

    def __init__(self) -> None:
        self.facts = TopicFacts(
            pages_first=frozenset({"renew_loan"}), joined=frozenset({"renew_loan"})
        )
        self.about = {"renew_loan": {"entities": ["date"]}}
        self.topics = frozenset({"membership"})
        self.index = SimpleNamespace(model=SimpleNamespace(threshold=0.7))
        self.asked: list[tuple[str, Context]] = []
        self.first: list[str] = []

    def is_at_hand(self, slug: str, context: Context) -> bool:
        return slug == context.page or (context.task == "renew_loan" and slug == "lenen")

    def chosen(self, task: str, slots: dict[str, Any]) -> str:
        return {"dvd": "een film"}.get(slots.get("kind") or "", "")

    def of_nothing_known(self, text: str, entities: Any) -> SearchResult | None:
        self.first.append(text)
        return None

    def leaning(self, text: str, context: Context) -> dict[str, Any]:
        self.asked.append((text, context))
        return FOUND

    def is_own(self, entities: Any, text: str) -> bool:
        return bool(list(entities)) or "mijn boek" in text

    def tells_who(self, entity: dict[str, Any]) -> bool:
        return entity["entity"] == "loan_number"


def tracker_of(*events: Event) -> Tracker:
    return DialogueStateTracker.from_events("a", list(events), SLOTS, domain=Domain.empty())


def message(text: str, intent: str = "nlu_fallback", sure: float = 0.9, **found: Any) -> Event:
    meant = {"name": intent, "confidence": sure}
    parse = {
        "text": text,
        "intent": meant,
        "entities": [],
        **({"knowledge": found} if found else {}),
    }
    return UserUttered(text, meant, [], parse)


QUOTED = (message("hoe word ik lid"), SlotSet("quoted_passage", "lid#Lid worden"))


def looked_up(*events: Event) -> tuple[dict[str, Any], Search]:
    tracker, search = tracker_of(*events), Search()
    look_again(tracker, search)  # type: ignore[arg-type]
    assert tracker.latest_message is not None
    return tracker.latest_message.parse_data.get("knowledge") or {}, search


def test_a_question_leans_on_the_page_quoted_last() -> None:
    """With the question that the page answered."""
    found, search = looked_up(*QUOTED, message("hoe lang duurt dat dan"))
    assert search.asked[0][1] == Context("lid", "hoe word ik lid")
    assert found[LEANING] == FOUND
    assert asks_pages(found, "", running=False)


@pytest.mark.parametrize(
    "event",
    [
        message("dank u wel", "thank"),
        message("/greet", "greet"),
        message("hoe lang mag ik mijn boek houden"),
        message("waar is de bus?", "track_bus", 0.95),
        message("wat kost lenen?", "ask_knowledge", passage=OTHER, confidence=0.9),
    ],
    ids=["no question", "a tap", "own affairs", "clearly something else", "answered"],
)  # fmt: skip
def test_nothing_is_looked_up_in_vain(event: Event) -> None:
    """A turn stays quick, and an answer stands."""
    _, search = looked_up(*QUOTED, event)
    assert search.asked == []


def test_going_on_from_an_answer_asks_for_another() -> None:
    """The same passage again would be no answer to "en ...?"."""
    same = {"passage": {**PASSAGE, "heading": "Lid worden"}, "confidence": 0.7}
    _, search = looked_up(*QUOTED, message("en kinderen dan?", "ask_knowledge", **same))
    assert search.asked[0][1].told == "Lid worden"
    _, again = looked_up(*QUOTED, message("hoe word je lid?", "ask_knowledge", **same))
    assert again.asked == []


def test_within_a_task_its_pages_are_at_hand() -> None:
    """Whatever the question was taken for."""
    events = (
        message("verleng"),
        ActiveLoop("renew_loan_form"),
        message("zit daar iets aan vast?", "renew_loan"),
    )
    assert context_of(tracker_of(*events), Search()) == Context(task="renew_loan")
    found, _ = looked_up(*events)
    assert asks_pages(found, "renew_loan", running=True)


def test_what_was_told_goes_before_the_pages() -> None:
    """The fact of this customer's own affair."""
    told = (message("verleng"), BotUttered("Breng het terug op vrijdag 4 december."))
    found, search = looked_up(*told, message("wanneer moet het terug zijn?"))
    assert found[LEANING] == {"fact": "Breng het terug op vrijdag 4 december."}
    assert search.asked == []


def test_a_page_of_long_ago_is_at_hand_no_more() -> None:
    """Four messages later the subject is another."""
    between = [message(f"bericht {number}", "inform") for number in range(5)]
    assert context_of(tracker_of(*QUOTED, *between, message("en dat dan?")), Search()) is None


def test_pages_near_are_offered_outside_a_task_only() -> None:
    """Within it the form asks on."""
    found = {LEANING: {"passage": None, "near": ("lid#0",), "confidence": 0.2}}
    assert asks_pages(found, "", running=False)
    assert not asks_pages(found, "renew_loan", running=True)


IN_TASK = (message("verleng"), ActiveLoop("renew_loan_form"))


def test_what_was_chosen_within_a_task_says_what_it_is_about() -> None:
    """Also for an answer about another of the task's subjects, unless that is beyond doubt."""
    events = (*IN_TASK, SlotSet("kind", "dvd"))
    doubtful = {"passage": OTHER, "confidence": 0.8}
    _, search = looked_up(*events, message("hoe lang duurt de film?", "renew_loan", **doubtful))
    assert search.asked[0][1] == Context(task="renew_loan", chosen="een film")
    sure = {"passage": OTHER, "confidence": 0.95}
    _, search = looked_up(*events, message("hoe lang duurt de film?", "renew_loan", **sure))
    assert search.asked == []


@pytest.mark.parametrize(
    ("text", "confidence", "stays"),
    [
        ("wat kost een pasje?", 0.6, False),
        ("wat kost een pasje?", 0.8, True),
        ("en die van de bibliotheek?", 0.94, False),
        ("en die van de bibliotheek?", 0.97, True),
    ],
)
def test_a_page_about_something_else_must_be_much_surer(
    text: str, confidence: float, stays: bool
) -> None:
    """Within a task; a question that points at what is at hand must be the page's own."""
    within = message(text, "ask_knowledge", passage=PASSAGE, confidence=confidence)
    found, _ = looked_up(*IN_TASK, within)
    assert (found["passage"] is not None) is stays


def test_behind_the_answer_of_a_task_its_first_words_say_what_was_asked() -> None:
    """Also of a topic that no form arranges."""
    ended = (message("verleng mijn film"), ActiveLoop("renew_loan_form"), ActiveLoop(None))
    tracker = tracker_of(*ended, SlotSet("topic", "renew_loan"), message("hoe lang duurt dat?"))
    assert context_of(tracker, Search()) == Context(task="renew_loan", chosen="verleng mijn film")
    tracker = tracker_of(message("lid worden", "membership"), message("hoe lang duurt dat?"))
    assert context_of(tracker, Search()) == Context(task="membership", chosen="lid worden")


def test_an_answer_may_be_about_what_was_just_quoted() -> None:
    """Of a question that points, and that another page has a word of."""
    other = {"passage": OTHER, "confidence": 0.7, "leads": True}
    _, search = looked_up(*QUOTED, message("kan ik hem dan ruilen?", "swap", **other))
    assert search.asked[0][1].page == "lid"


def test_a_few_words_go_on_from_the_page_just_quoted() -> None:
    """Though they ask by no grammar, and were taken for a task."""
    _, search = looked_up(*QUOTED, message("en de grote", "renew_loan", 0.9))
    assert search.asked[0][0] == "en de grote"


def test_where_nothing_is_known_nothing_is_pointed_at() -> None:
    """The pages are asked once, unless something was asked for."""
    asked = message("kan het ook op zondag?", "renew_loan", 0.7)
    found, search = looked_up(message("hallo", "greet"), asked)
    assert search.first == ["kan het ook op zondag?"]
    assert found == {LEANING: None}
    _, search = looked_up(message("verleng", "renew_loan"), asked)
    assert search.first == []
