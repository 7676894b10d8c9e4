"""A written conversation goes on as its sentences are understood, and each difference is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rasa.core.actions.action import action_for_name_or_text
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.core import story_player
from bot.core.story_player import Difference, Played, play
from bot.errors import ConfigurationError

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet", "track", "inform"],
        "entities": ["number", "day"],
        "slots": {"heard": {"type": "any", "mappings": [{"type": "custom"}]}},
        "forms": {"track_form": {"required_slots": []}},
        "actions": ["action_greet", "action_more", "action_answer"],
    }
)
Decide = Callable[[DialogueStateTracker], str]


def found(text: str, entity: str, value: object, start: int) -> dict[str, Any]:
    return {"entity": entity, "value": value, "start": start, "end": start + len(text)}


#: How the model understands each sentence.
SENTENCES: Mapping[str, tuple[str, list[dict[str, Any]]]] = {
    "hoi": ("greet", []),
    "waar is 12": ("track", [found("12", "number", 12, 8)]),
    "om 7 uur met 12": ("inform", [found("7", "number", 7, 3), found("12", "number", 12, 13)]),
    "morgen": ("inform", [found("morgen", "day", "2026-12-01", 0)]),
}


class Model:
    """Plays the processor's part: understands by a table, decides by a function."""

    domain = DOMAIN
    graph_runner = None

    def __init__(self, decide: Decide) -> None:
        self._decide = decide

    async def parse_message(self, message: Any) -> dict[str, Any]:
        intent, entities = SENTENCES[message.text]
        named = {"name": intent, "confidence": 0.9}
        return {"text": message.text, "intent": named, "entities": entities, "acts": "all"}

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> Any:
        name = self._decide(tracker)
        chosen = action_for_name_or_text(name, DOMAIN, None)
        events = [SlotSet("heard", name)]
        return chosen, PolicyPrediction([1.0], "Policy", events=events)


def answering(tracker: DialogueStateTracker) -> str:
    """Greets whoever greets, and starts the form for any other; once, then it listens."""
    last = next(
        event
        for event in reversed(tracker.events)
        if isinstance(event, UserUttered | ActionExecuted)
    )
    if isinstance(last, ActionExecuted):
        return "action_listen"
    return "action_greet" if last.intent_name == "greet" else "track_form"


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Plays the stories of a file with a model, and returns them."""

    async def run(steps: str, decide: Decide = answering, name: str = "a") -> list[Played]:
        path = tmp_path / "tests" / "stories" / "test_a.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'version: "3.1"\nstories:\n- story: {name}\n  steps:\n{steps}')
        agent = SimpleNamespace(processor=cast(MessageProcessor, Model(decide)))
        monkeypatch.setattr(story_player, "load_agent", lambda _: agent)
        monkeypatch.setattr(story_player.SequentialGraphRunner, "taking_over", lambda _: None)
        return await play(tmp_path / "model.tar.gz", tmp_path, [path])

    return run


def says(text: str, intent: str) -> str:
    return f"  - user: |\n      {text}\n    intent: {intent}\n"


def does(*names: str) -> str:
    return "".join(f"  - action: {name}\n" for name in names)


async def test_a_story_that_goes_as_it_says(played: Any) -> None:
    """Its name, its file, and no difference."""
    steps = says("hoi", "greet") + does("action_greet") + says("waar is 12", "track")
    assert await played(steps + does("track_form")) == [Played("a", "tests/stories/test_a.yml", ())]


async def test_a_sentence_that_is_taken_for_something_else(played: Any) -> None:
    """It is told, and the story goes on as if it had been understood as it says."""
    (story,) = await played(says("hoi", "track") + does("track_form"))
    assert story.differences == (Difference(0, "hoi", "intent", "track", "greet", 0.9),)


async def test_an_action_that_does_not_come(played: Any) -> None:
    """What comes instead is told; behind it only sentences are compared."""
    steps = (
        says("hoi", "greet") + does("action_answer", "action_more") + says("waar is 12", "inform")
    )
    (story,) = await played(steps + does("action_more"))
    assert story.differences == (
        Difference(1, "hoi", "action", "action_answer", "action_greet"),
        Difference(3, "waar is 12", "intent", "inform", "track", 0.9),
    )


async def test_an_action_too_few_or_too_many(played: Any) -> None:
    """The bot listens where the story has it do something, or the other way round."""
    (story,) = await played(says("hoi", "greet") + does("action_greet", "action_more"))
    assert story.differences == (Difference(2, "hoi", "action", "action_more", None),)
    (story,) = await played(says("hoi", "greet"))
    assert story.differences == (Difference(0, "hoi", "action", None, "action_greet"),)


async def test_entities_that_are_not_marked_are_no_difference(played: Any) -> None:
    """Whatever an extractor finds besides, also beside one that is marked."""
    (story,) = await played(says("om 7 uur met [12](number)", "inform") + does("track_form"))
    assert not story.differences


@pytest.mark.parametrize(
    ("marked", "right"),
    [
        ("[morgen](day)", True),
        ('[morgen]{"entity": "day", "value": "2026-12-01"}', True),
        ('[morgen]{"entity": "day", "value": "2026-12-02"}', False),
        ("[morgen](number)", False),
        ("[mor](day)gen", False),
        ('[morgen]{"entity": "day", "role": "first"}', False),
    ],
)
async def test_an_entity_that_is_marked_must_be_found(
    played: Any, marked: str, right: bool
) -> None:
    """As these words and this kind; with a value only where the story gives one."""
    (story,) = await played(says(marked, "inform") + does("track_form"))
    if right:
        assert not story.differences
    else:
        (told,) = story.differences
        assert (told.step, told.kind, told.said) == (0, "entity", "morgen")
        assert told.came == '[morgen]{"entity": "day", "value": "2026-12-01"}'


async def test_what_is_marked_and_missed_is_told_as_it_is_marked(played: Any) -> None:
    """Nothing is found in this sentence."""
    (story,) = await played(says("[hoi](day)", "greet") + does("action_greet"))
    assert story.differences == (Difference(0, "hoi", "entity", "[hoi](day)", None),)


async def test_what_follows_is_decided_by_all_that_was_understood(played: Any) -> None:
    """Not by the story's intent alone: what else is in the parse, entities, what was decided."""
    seen: list[Any] = []

    def decide(tracker: DialogueStateTracker) -> str:
        message = tracker.latest_message
        assert message is not None
        seen.append((message.parse_data["acts"], len(message.entities), tracker.get_slot("heard")))
        return answering(tracker)

    await played(says("waar is 12", "track") + does("track_form"), decide)
    assert seen == [("all", 1, None), ("all", 1, "track_form")]


async def test_an_intent_without_a_sentence_is_taken_as_it_stands(played: Any) -> None:
    """Nothing to understand; it is told as a payload."""
    (story,) = await played("  - intent: greet\n" + does("action_more"))
    assert story.differences == (Difference(1, "/greet", "action", "action_more", "action_greet"),)


async def test_a_sentence_without_an_intent_may_be_taken_for_anything(played: Any) -> None:
    """What follows is compared."""
    (story,) = await played("  - user: hoi\n" + does("action_more"))
    assert story.differences == (Difference(1, "hoi", "action", "action_more", "action_greet"),)


async def test_a_form_leaves_the_message_alone_where_the_story_says_so(played: Any) -> None:
    """Forms are not run: something else follows in the story, and in the bot when it is asked."""

    def decide(tracker: DialogueStateTracker) -> str:
        last = tracker.events[-1]
        if isinstance(last, ActionExecutionRejected):
            return "action_answer"
        return answering(tracker)

    steps = says("waar is 12", "track") + does("track_form") + "  - active_loop: track_form\n"
    (story,) = await played(steps + says("morgen", "inform") + does("action_answer"), decide)
    assert not story.differences
    (story,) = await played(steps + says("morgen", "inform") + does("track_form"), decide)
    assert not story.differences


async def test_stories_that_differ_in_their_sentences_alone_are_all_played(played: Any) -> None:
    """Rasa takes them for one."""
    second = f"- story: b\n  steps:\n{says('morgen', 'greet')}{does('action_greet')}"
    stories = await played(says("hoi", "greet") + does("action_greet") + second)
    assert [(story.name, len(story.differences)) for story in stories] == [("a", 0), ("b", 1)]


async def test_a_file_that_rasa_refuses_is_named(
    played: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault of the content, and nothing of Rasa's is drawn."""
    with pytest.raises(
        ConfigurationError, match=r"in tests/stories/test_a\.yml:8: Key .actoin. was"
    ):
        await played(says("hoi", "greet") + "  - actoin: action_greet\n")
    assert not capsys.readouterr().err
