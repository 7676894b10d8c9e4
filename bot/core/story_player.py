"""Plays written conversations with a trained model, and tells where one goes otherwise.

Each sentence is understood by the model, and what follows is decided by that: by its intent, and by
what it does and what the pages say to it as well, as with a customer. (`rasa test core --e2e` reads
the sentences too, and then decides as if nothing had been understood but the intent, so that a
story passes which no customer gets.) Nothing is run: `slot_was_set` and `active_loop` say how a
form goes, and a story in which something else follows than the form says that the form leaves the
message alone.

Of entities only those are missed that a story marks. Who writes a story marks what the conversation
is about. What an extractor finds besides is no mistake of the story's: most sentences hold a
number, a day or a name that nothing is done with, and to have them all marked would fail stories
whenever an extractor learns something. A mark without a value asks for the words and the kind
alone: what `morgen` means is another day tomorrow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Literal

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, UserUttered
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.loading import load_data_from_files
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.exceptions import RasaException

from bot.core.agent_loading import load_agent
from bot.core.graph_runner import SequentialGraphRunner
from bot.errors import ConfigurationError

Entity = Mapping[str, Any]
#: What of a step is compared: a sentence's intent, an entity that is marked in it, an action.
Kind = Literal["intent", "entity", "action"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A step of a story that went otherwise.

    Attributes:
        step: which one of the story's sentences and actions, from 0.
        said: the customer's sentence, or the one that the action follows.
        kind: what of it.
        expected: what the story says; None: that the bot waits for the customer.
        came: what came instead; None: nothing did.
        confidence: how sure the model is of the intent, 0 to 1; 0 for the other kinds.
    """

    step: int
    said: str
    kind: Kind
    expected: str | None
    came: str | None
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Played:
    """A story that was played.

    Attributes:
        name: of the story.
        file: that it stands in.
        differences: where it went otherwise, in order. After an action that does not come the
            conversation is another one, so only sentences are compared from there on.
    """

    name: str
    file: str
    differences: tuple[Difference, ...]


async def play(model: Path, root: Path, files: Iterable[Path]) -> list[Played]:
    """Plays the stories of an assistant.

    Args:
        model: its trained model's archive.
        root: its folder.
        files: with the stories, below that folder.

    Raises:
        ConfigurationError: Rasa cannot read a file.
        ModelMissing: the model cannot be loaded.
    """
    processor = load_agent(model).processor
    processor.graph_runner = SequentialGraphRunner.taking_over(processor.graph_runner)
    return [
        Played(
            story.sender_id,
            Path(story.sender_source or "").relative_to(root).as_posix(),
            await differences(processor, story),
        )
        for story in _read(root, files, processor.domain)
    ]


def _read(root: Path, files: Iterable[Path], domain: Domain) -> Sequence[DialogueStateTracker]:
    try:
        # Rasa draws there how far it is.
        with redirect_stderr(StringIO()):
            graph = StoryGraph(load_data_from_files([str(file) for file in files], domain))
            # Two stories of which only the sentences differ are one to Rasa: here both count.
            generator = TrainingDataGenerator(
                graph,
                domain,
                remove_duplicates=False,
                augmentation_factor=0,
                use_story_concatenation=False,
            )
            return list(generator.generate_story_trackers())
    except RasaException as error:
        said = " ".join(str(error).split()).replace(f"{root}/", "")
        raise ConfigurationError(f"The stories cannot be read. {said}") from error


async def differences(
    processor: MessageProcessor, story: DialogueStateTracker
) -> tuple[Difference, ...]:
    """Plays one story.

    Args:
        processor: of the model.
        story: its events.
    """
    begin, *events = story.events
    domain = processor.domain
    tracker = DialogueStateTracker.from_events(
        story.sender_id, [begin], domain.slots, domain=domain
    )
    found: list[Difference] = []
    step, said, follows = -1, "", True
    for event in events:
        if isinstance(event, UserUttered):
            step, said = step + 1, event.text or f"/{event.intent_name}"
            heard, wrong = await _hear(processor, event)
            found += [Difference(step, said, *each) for each in wrong]
            tracker.update(heard, domain)
        elif isinstance(event, ActionExecuted):
            expected = _action(event)
            step += expected is not None
            if follows and (came := _follow(processor, tracker, event)) != expected:
                found.append(Difference(step, said, "action", expected, came))
                follows = False
        else:
            tracker.update(event, domain)
    return tuple(found)


async def _hear(
    processor: MessageProcessor, told: UserUttered
) -> tuple[UserUttered, list[tuple[Kind, str | None, str | None, float]]]:
    """A sentence as it was understood, and what of that is otherwise than the story says.

    The story goes on as if a sentence that was taken for something else were what it says. One of
    which it names no intent may be taken for anything.
    """
    if not told.text:
        return told, []
    parsed = await processor.parse_message(UserMessage(told.text))
    name, sure = parsed["intent"]["name"], float(parsed["intent"].get("confidence") or 0.0)
    if told.intent_name and name != told.intent_name:
        return told, [("intent", told.intent_name, name, sure)]
    entities = parsed["entities"]
    wrong: list[tuple[Kind, str | None, str | None, float]] = [
        ("entity", _shown(mark, told.text), _all_shown(entities, told.text), 0.0)
        for mark in told.entities
        if not any(_is(mark, entity, told.text) for entity in entities)
    ]
    return UserUttered(told.text, parsed["intent"], entities, parsed), wrong


def _is(mark: Entity, entity: Entity, text: str) -> bool:
    """Whether an entity is the one that a story marks."""
    value = mark["value"]
    return (
        all(mark.get(key) == entity.get(key) for key in ("entity", "start", "end"))
        and all(mark.get(key) in {None, entity.get(key)} for key in ("role", "group"))
        and (value == text[mark["start"] : mark["end"]] or value == str(entity["value"]))
    )


def _shown(entity: Entity, text: str) -> str:
    """An entity as it is marked in a story."""
    words = text[entity["start"] : entity["end"]]
    name, value = entity["entity"], str(entity["value"])
    if words == value:
        return f"[{words}]({name})"
    return f"[{words}]{json.dumps({'entity': name, 'value': value}, ensure_ascii=False)}"


def _all_shown(entities: Iterable[Entity], text: str) -> str | None:
    return ", ".join(_shown(entity, text) for entity in entities) or None


def _follow(
    processor: MessageProcessor, tracker: DialogueStateTracker, told: ActionExecuted
) -> str | None:
    """The action that comes, of which the tracker then knows; None: it waits for the customer."""
    expected = _action(told)
    action, prediction = processor.predict_next_with_tracker_if_should(tracker)
    form = tracker.active_loop_name
    if form and action.name() == form != expected:
        # The form does not run. The story says that it leaves the message alone.
        tracker.update(ActionExecutionRejected(form), processor.domain)
        action, prediction = processor.predict_next_with_tracker_if_should(tracker)
    tracker.update_with_events(prediction.events, processor.domain)
    done = action.event_for_successful_execution(prediction)
    tracker.update(done, processor.domain)
    return _action(done)


def _action(event: ActionExecuted) -> str | None:
    """The name of an action, or the words of one that is just these; None: listening."""
    name = event.action_name or event.action_text
    return None if name == ACTION_LISTEN_NAME else name
