"""What derives from the topics of an assistant, without any of its files."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.topics import built_in
from bot.topics.facts import TopicFacts
from bot.topics.topic import KINDS, ProofSlots, Topic
from bot.topics.topics import Topics

CARD = ProofSlots(
    claim="card",
    answer="birthday",
    proved="proved_cards",
    noted_claim="noted_card",
    noted_answer="noted_birthday",
    entities=("card_number", "date"),
    beside=("name",),
    labels={"card": "Pasnummer"},
)
RENEW = Topic(
    "renew_loan",
    "Lening verlengen",
    "task",
    team="leden",
    entities=("title",),
    belongings=("boek",),
    slots={"loan": "", "weeks": "Weken", "reason": "Reden"},
    values={"reason": {"ill": "ziek"}},
    proof=CARD,
)
FINES = Topic("fines", "Boetes", team="leden", personal=("debt",), fleeting=("asked_year",))
BRANCHES = Topic("branches", "Vestigingen", told=("branch",), pages_first=True)
LIBRARY = Topics((*built_in.TOPICS, RENEW, FINES, BRANCHES))

topics = st.builds(
    Topic,
    st.from_regex(r"[a-z_]{1,8}", fullmatch=True),
    st.sampled_from(["", "Titel"]),
    st.sampled_from(KINDS),
    urgent=st.booleans(),
    alone=st.booleans(),
    pages_first=st.sampled_from([None, True, False]),
    fleeting=st.lists(st.sampled_from("abc"), max_size=2).map(tuple),
    personal=st.lists(st.sampled_from("abc"), max_size=2).map(tuple),
    proof=st.sampled_from([None, CARD]),
)


def test_what_nobody_declared_is_a_question() -> None:
    """An intent with a rule alone is answered within a form, too."""
    assert LIBRARY.of("vacatures") == Topic("vacatures", kind="question")
    assert LIBRARY.kind("vacatures") == "question"


def test_what_was_not_understood_has_no_subject() -> None:
    """Nor have yes, no and bare data: in a form they are tries to answer."""
    unclear = {None, "nlu_fallback", "affirm", "deny", "inform"}
    assert {LIBRARY.kind(each) for each in unclear} == {"answer"}


def test_a_summary_shows_what_has_a_name() -> None:
    """Proof first, then the task's own slots and values; titles last."""
    shown = LIBRARY.labels
    assert list(shown)[:4] == ["card", "weeks", "reason", "reason=ill"]
    assert shown["renew_loan"] == "Lening verlengen"
    assert "loan" not in shown
    assert "goodbye" not in shown


def test_who_somebody_is_stays_in_the_session() -> None:
    """What proves it, and what a topic calls personal, survives no pause."""
    assert LIBRARY.personal == {"proved_cards", "birthday", "noted_birthday", "debt"}
    assert LIBRARY.fleeting == LIBRARY.personal | {"asked_year", "asked_day"}
    assert LIBRARY.told == {"branch", "asked_day", "quoted_passage"}


def test_entities_tell_who_asks_and_what_is_the_customers_own() -> None:
    """A name beside a card number says who is asking; it is no answer of a task."""
    assert LIBRARY.who_entities == {"card_number", "date", "name"}
    assert LIBRARY.own_entities == {"card_number", "date", "title"}


def test_teams_answer_what_names_them_and_the_default_team_the_rest() -> None:
    """Only what has a title can be chosen."""
    assert LIBRARY.of_team("leden", default=False) == ("renew_loan", "fines")
    rest = LIBRARY.of_team("balie", default=True)
    assert rest == ("sensitive_matter", "opening_hours", "contact_details", "branches")


def test_requests_are_joined_by_kind() -> None:
    """Tasks and questions; never what calls for a person."""
    assert LIBRARY.joined == {
        "renew_loan", "fines", "branches", "opening_hours", "contact_details",
    }  # fmt: skip
    assert LIBRARY.alone == {"medewerker", "sensitive_matter"}
    assert LIBRARY.pages_first == {"renew_loan", "branches", "contact_details"}
    assert LIBRARY.urgent == ("sensitive_matter",)


def test_a_topic_cannot_be_changed() -> None:
    """It is read by threads and processes alike."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        RENEW.title = "Anders"  # type: ignore[misc]


@given(st.lists(topics, max_size=6))
def test_no_topic_is_joined_and_alone(found: list[Topic]) -> None:
    """Whatever is declared: alone is alone, and personal slots never survive a pause."""
    registry = Topics(found)
    assert not registry.joined & registry.alone
    assert not registry.pages_first & registry.alone
    assert registry.personal <= registry.fleeting
    assert all(registry.of(each.name) == each for each in registry)
    assert set(registry.urgent) >= {each.name for each in registry if each.kind == "sensitive"}


def test_what_a_model_keeps_comes_back(tmp_path: Path) -> None:
    """The same facts make the same text, in whatever order they were declared."""
    facts = TopicFacts.of(LIBRARY)
    facts.save(tmp_path)
    assert TopicFacts.load(tmp_path) == facts
    assert TopicFacts.of(Topics(reversed(list(LIBRARY)))).dumps() == facts.dumps()
    assert facts.belongings == {"boek"}


def test_tasks_of_two_forms_are_two_requests() -> None:
    """Though one team answers both, and one is offered in no list; a matter is within a task."""
    topics = Topics(
        (
            Topic("lend", kind="task", team="members"),
            Topic("stop_card", kind="task", team="members", offered=False, started="card_form"),
            Topic("pause_card", kind="task", team="members", offered=False, started="card_form"),
            Topic("fine", team="members", offered=False),
        )
    )
    assert "lend stop_card" not in topics.kin
    assert {"stop_card pause_card", "lend fine", "fine stop_card"} <= topics.kin
