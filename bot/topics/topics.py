"""The topics of an assistant, and what derives from them all. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from bot.topics.topic import Kind, ProofSlots, Topic


class Topics:
    """The topics of an assistant, by name.

    A name that nobody declared is a question that a rule answers: so that an intent is understood
    everywhere as soon as content and a rule are there.
    """

    def __init__(self, topics: Iterable[Topic] = ()) -> None:
        """Takes the topics in the order in which they are shown; the last of a name counts."""
        self._topics: Mapping[str, Topic] = {topic.name: topic for topic in topics}

    def __iter__(self) -> Iterator[Topic]:
        return iter(self._topics.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Topics) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self._topics))

    def of(self, name: str) -> Topic:
        """The topic of an intent; a plain question where none was declared."""
        return self._topics.get(name) or Topic(name)

    def kind(self, name: str | None) -> Kind:
        """The kind of an intent's topic; `answer` for a message that was not understood."""
        return self.of(name).kind if name else "answer"

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Dutch names for a summary: slots, their values (`slot=value`), and topics."""
        shown: dict[str, str] = {}
        for topic in self:
            shown |= topic.labels
        return shown | {topic.name: topic.title for topic in self if topic.title}

    @cached_property
    def proofs(self) -> tuple[ProofSlots, ...]:
        """The slots of each proof of identity, each proof once."""
        found: list[ProofSlots] = []
        for topic in self:
            if topic.proof is not None and topic.proof not in found:
                found.append(topic.proof)
        return tuple(found)

    @cached_property
    def personal(self) -> frozenset[str]:
        """Slots that show or prove an identity."""
        own = (slot for topic in self for slot in topic.personal)
        return frozenset([*own, *(slot for proof in self.proofs for slot in proof.personal)])

    @cached_property
    def fleeting(self) -> frozenset[str]:
        """Slots that do not survive a pause."""
        return self.personal | {slot for topic in self for slot in topic.fleeting}

    @cached_property
    def told(self) -> frozenset[str]:
        """Slots that say what a question was about."""
        return frozenset(slot for topic in self for slot in topic.told)

    @cached_property
    def joined(self) -> frozenset[str]:
        """Topics that can be asked for in one breath."""
        return frozenset(topic.name for topic in self if topic.is_joined)

    @cached_property
    def alone(self) -> frozenset[str]:
        """Topics that are never one of two requests."""
        return frozenset(topic.name for topic in self if topic.is_alone)

    @cached_property
    def kin(self) -> frozenset[str]:
        """Pairs of topics of one team, "a b", of which one or both are offered in no list.

        What starts two forms is two, whoever answers it.
        """
        named = [each for each in self if each.team]
        return frozenset(
            f"{one.name} {other.name}"
            for one in named
            for other in named
            if one.team == other.team
            and not (one.offered and other.offered)
            and not (one.starts and other.starts and one.starts != other.starts)
        )

    @cached_property
    def tasks(self) -> frozenset[str]:
        """Topics that ask for something that a form arranges."""
        return frozenset(each.name for each in self if each.kind == "task")

    @cached_property
    def sensitive(self) -> frozenset[str]:
        """Topics that a person is offered for."""
        return frozenset(each.name for each in self if each.kind == "sensitive")

    @cached_property
    def pages_first(self) -> frozenset[str]:
        """Topics about which a general question is answered from the pages."""
        return frozenset(topic.name for topic in self if topic.asks_pages_first)

    @cached_property
    def who_entities(self) -> frozenset[str]:
        """Kinds of entity that tell which customer is asking."""
        found = ((*proof.entities, *proof.beside) for proof in self.proofs)
        return frozenset(name for names in found for name in names)

    @cached_property
    def own_entities(self) -> frozenset[str]:
        """Kinds of entity that tell that a message is about the customer's own affairs."""
        asked = (name for proof in self.proofs for name in proof.entities)
        return frozenset([*asked, *(name for topic in self for name in topic.entities)])

    @cached_property
    def extractors(self) -> frozenset[str]:
        """Import paths of readers of formats that only one topic asks for."""
        return frozenset(path for topic in self for path in topic.extractors)

    @cached_property
    def belongings(self) -> frozenset[str]:
        """Nouns for what is the customer's own."""
        return frozenset(noun for topic in self for noun in topic.belongings)

    @cached_property
    def urgent(self) -> tuple[str, ...]:
        """Topics that go before all others, in order."""
        return tuple(topic.name for topic in self if topic.goes_first)

    def of_team(self, team: str, *, default: bool) -> tuple[str, ...]:
        """Topics that a team answers, as far as they have a title.

        Args:
            team: its id.
            default: whether it answers what no other team does.
        """
        ours = {team, ""} if default else {team}
        return tuple(topic.name for topic in self if topic.title and topic.team in ours)
