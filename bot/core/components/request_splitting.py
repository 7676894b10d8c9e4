"""Splits two requests in one message: the first is answered, the second is offered.

`RequestSplitter` stands first in a pipeline and puts the parts of a message behind it, as messages
of their own; every component after it (any tokenizer, any classifier) works on all of them, in one
batch. `RequestJoiner` stands last and takes the parts away again, after it has seen what each
means. A message that is one request passes both unchanged.

Three other parts are looked at in the same way: what a message asks without its letter formulas and
without what it says it is not (`bot.dutch.essence`), the words around numbers, because a message
full of numbers looks like data alone ("verleng AB-123456 tot vrijdag"), and what stands behind a
yes or no ("nee ik heb niets gehad").
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.core import topic_facts
from bot.dutch.essence import essence
from bot.dutch.two_requests import around_numbers, behind_answer, split
from bot.topics.facts import TopicFacts

#: Set on a part: index of its first character in the whole message.
_PART_OF = "loket_part_of"
#: Set on a part: which one it is.
_KIND = "loket_part_kind"
_REQUEST, _ESSENCE, _AROUND_NUMBERS, _BEHIND = "request", "essence", "around_numbers", "behind"
#: Key of a message under which its essence is handed on: the words that searches should look at.
ESSENCE = "essence"
#: Key of a message under which the intent of what stands behind a yes or no is handed on, if clear.
CONTENT = "content"
#: Kind of entity that stands for a second request.
SECOND = "second_request"
#: Intents of a message without a request that was understood.
_DATA = frozenset({"inform", "nlu_fallback", "out_of_scope"})
_NO_TOPICS = TopicFacts()
#: Never handed on.
_PRIVATE = frozenset({"bsn", "iban"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RequestSplitter(GraphComponent):
    """Puts the parts of a message behind it, to be understood with it; see the module."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RequestSplitter:
        """A splitter; there is nothing to train or load."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages, each followed by its parts."""
        result: list[Message] = []
        for message in messages:
            result.append(message)
            text = message.get(TEXT) or ""
            if text.lstrip().startswith(INTENT_MESSAGE_PREFIX):
                continue
            parts = [(_REQUEST, part) for part in split(text)]
            others = (
                (_ESSENCE, essence(text)),
                (_AROUND_NUMBERS, around_numbers(text)),
                (_BEHIND, behind_answer(text)),
            )
            parts += [(kind, part) for kind, part in others if part is not None]
            result += [
                Message({TEXT: part.value, _PART_OF: part.start, _KIND: kind})
                for kind, part in parts
            ]
        return result


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RequestJoiner(GraphComponent):
    """Decides whether a message holds two requests, and takes the parts away.

    It does when two parts are clearly about different topics that can be joined
    (`bot.topics.topic.Topic.is_joined`), and the message as a whole is about one of them or about
    nothing clear. The message then gets the intent of the first, and an entity `second_request`,
    whose value is the payload that asks for the other (`/opening_hours{"date": "2026-11-29"}`).
    Entities that stand in the second part go with it; those that say who is asking stay as well. A
    message that may be about a topic that stands alone (a person is asked for, or needed) is left
    as it is.

    A message of one request means what its essence means: "ik wil niet opzeggen, alleen weten wat
    het kost" asks a price. A message that was taken for data alone gets the intent of the words
    around its numbers, when these are clear; what stands behind a yes or no is handed on under the
    key `content`.

    Options:
        threshold: confidence (0 to 1) from which a part is clearly about its topic.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults; see the class."""
        return {"threshold": 0.7}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Has Rasa train again after a change of the topics, instead of using its cache."""
        return topic_facts.present().dumps()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        facts: TopicFacts = _NO_TOPICS,
    ) -> None:
        """Keeps the options, and what the topics say."""
        self._threshold = float(config["threshold"])
        self._model_storage = model_storage
        self._resource = resource
        self._facts = facts

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RequestJoiner:
        """A joiner that knows no topics yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RequestJoiner:
        """A joiner with the topics that it was trained with."""
        facts = topic_facts.kept(model_storage, resource)
        return cls(config, model_storage, resource, facts)

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps what the topics say."""
        self._facts = topic_facts.keep(self._model_storage, self._resource)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the examples alone: each is one request."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages without their parts."""
        whole: list[Message] = []
        parts: dict[int, list[Message]] = {}
        for message in messages:
            if message.get(_PART_OF) is None:
                whole.append(message)
            elif whole:
                parts.setdefault(len(whole) - 1, []).append(message)
        for index, found in parts.items():
            self._join(whole[index], [each for each in found if each.get(_KIND) == _REQUEST])
            self._look_beside(whole[index], found)
        return whole

    def _look_beside(self, message: Message, parts: Sequence[Message]) -> None:
        """Uses what the essence means, the words around numbers, and those behind an answer."""
        meant = str((message.get(INTENT) or {}).get("name"))
        if meant in self._facts.alone:
            return
        joined = any(each["entity"] == SECOND for each in message.get(ENTITIES) or ())
        for part in parts:
            kind = part.get(_KIND)
            if kind == _ESSENCE and not joined:
                message.set(ESSENCE, part.get(TEXT))
                _mean_as(message, part)
                meant = _name(message)
            if kind in (_REQUEST, _ESSENCE) or not self._asks(part):
                continue
            if kind == _BEHIND:
                message.set(CONTENT, dict(part.get(INTENT)), add_to_output=True)
            elif meant in _DATA:
                _mean_as(message, part)

    def _join(self, message: Message, parts: Sequence[Message]) -> None:
        meant = str((message.get(INTENT) or {}).get("name"))
        intents = [str((part.get(INTENT) or {}).get("name")) for part in parts]
        if self._facts.alone & {meant, *intents}:
            return
        asked = [part for part in parts if self._asks(part)]
        first = asked[0] if asked else None
        others = (part for part in asked if _name(part) != _name(asked[0]))
        second = next((part for part in others if self._apart(asked[0], part)), None)
        if first is None or second is None:
            return
        if meant not in {_name(first), _name(second)} and meant in self._facts.joined:
            return
        _mean_as(message, first)
        message.set(
            ENTITIES, _shared_out(message, second, self._facts.who_entities), add_to_output=True
        )

    def _apart(self, one: Message, other: Message) -> bool:
        """Whether two parts are two subjects: "kapot, en ik wil mijn geld terug" is one."""
        return f"{_name(one)} {_name(other)}" not in self._facts.kin

    def _asks(self, part: Message) -> bool:
        intent = part.get(INTENT) or {}
        known = intent.get("name") in self._facts.joined
        return known and float(intent.get("confidence") or 0.0) >= self._threshold


def _mean_as(message: Message, part: Message) -> None:
    """Gives a message the intent of one of its parts, first in its ranking."""
    intent = dict(part.get(INTENT))
    ranking = [
        item
        for item in message.get(INTENT_RANKING_KEY) or []
        if item["name"] not in {intent["name"], "nlu_fallback"}
    ]
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent, *ranking], add_to_output=True)


def _name(part: Message) -> str:
    return str((part.get(INTENT) or {}).get("name"))


def _shared_out(message: Message, second: Message, who: Collection[str]) -> list[dict[str, Any]]:
    """Divides the entities: those of the first request, and one that stands for the second.

    Args:
        message: the whole.
        second: the part that is the second request.
        who: kinds of entity that tell who is asking: they hold for both requests.
    """
    start = int(second.get(_PART_OF))
    end = start + len(second.get(TEXT))
    own: list[dict[str, Any]] = []
    taken: dict[str, Any] = {}
    for entity in message.get(ENTITIES) or []:
        inside = start <= int(entity.get("start") or 0) < end
        if inside and entity["entity"] not in _PRIVATE:
            taken.setdefault(str(entity["entity"]), entity["value"])
        if not inside or entity["entity"] in _PRIVATE.union(who):
            own.append(entity)
    values = json.dumps(taken, ensure_ascii=False) if taken else ""
    offer = {
        "entity": SECOND,
        "value": f"/{_name(second)}{values}",
        "start": start,
        "end": end,
        "extractor": RequestJoiner.__name__,
    }
    return [*own, offer]
