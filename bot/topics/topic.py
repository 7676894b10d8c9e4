"""A topic: all that the framework must know of one intent, in one value. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

#: What kind of thing a customer says with an intent:
#:
#: - `task`: asks for something that a form of its own arranges;
#: - `question`: asks something that a rule answers;
#: - `digression`: says something about the conversation ("hallo", "bent u een mens?"), which a rule
#:   answers;
#: - `ending`: ends what is going on;
#: - `sensitive`: tells something that ends what is going on and that a person should hear first;
#: - `answer`: says yes, no or a value, which has no subject of its own.
Kind = Literal["task", "question", "digression", "ending", "sensitive", "answer"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofSlots:
    """The slots in which a proof of identity is kept.

    Attributes:
        claim: slot for what the customer says is his or hers: an order, a library card.
        answer: slot for what only its owner knows.
        proved: slot with the list of claims that were proved in this session.
        noted_claim: slot for a claim that was given before any question was asked.
        noted_answer: slot for an answer that was given before any question was asked.
        entities: kinds of entity that claim and answer are read from.
        beside: kinds of entity that come with these and tell who is asking as well.
        labels: Dutch names of the slots that a person sees in a summary, by slot.
    """

    claim: str
    answer: str
    proved: str
    noted_claim: str
    noted_answer: str
    entities: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def personal(self) -> tuple[str, ...]:
        """The slots that show or prove an identity."""
        return (self.proved, self.answer, self.noted_answer)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: one intent, and all that the framework must know of it.

    Attributes:
        name: its intent; form, rules and texts are named after it.
        title: its Dutch name, such as `Afspraak maken`, as agents and customers read it;
            empty: it stands in no summary and is not offered.
        kind: what kind of thing a customer says with it.
        team: id of the team that answers a hand-over about it; empty: the default team.
        urgent: whether a hand-over about it goes before all others; a sensitive topic always does.
        offered: whether it is one of the subjects that a customer who waits can choose from; of
            many topics the few that say most.
        alone: whether a message about it is about nothing else, so that it is never taken for two
            requests, nor answered from the pages.
        pages_first: whether a general question about it ("hoe lang duurt dat?") is answered
            from the pages of `data/knowledge`, before the topic itself; None: for a task only.
        entities: kinds of entity that its answers are read from. A message that holds one is about
            the customer's own affairs.
        extractors: import paths of the assistant's readers of a format that only this topic asks
            for (`bot.dutch.extractors`); those with options stand in `config.yml`.
        belongings: nouns for what is the customer's own ("mijn afspraak"): a message that names one
            is about that, and no general question.
        called: what customers call that which it is about, besides its title and the names of its
            slots ("zwemmen"): a question in these words behind the task is about what it did.
        slots: its own slots, forgotten when its form starts, each with the Dutch name that a
            person sees in a summary; an empty name keeps the slot out of it.
        values: of slots whose values are never shown to customers: Dutch names, by slot and value.
        told: slots that say what was asked about, such as the day whose opening hours were told. To
            ask the same about another is no repetition.
        fleeting: slots that do not survive a pause: a new session begins without them.
        personal: slots that show or prove an identity. They do not survive a pause, and do not
            go along when the conversation goes on on another channel.
        proof: where the proof of identity is kept that comes first; None: no proof is asked for.
        started: name of the form that a rule starts by it; empty: the one of its own name.
    """

    name: str
    title: str = ""
    kind: Kind = "question"
    team: str = field(default="", kw_only=True)
    urgent: bool = field(default=False, kw_only=True)
    offered: bool = field(default=True, kw_only=True)
    alone: bool = field(default=False, kw_only=True)
    pages_first: bool | None = field(default=None, kw_only=True)
    entities: tuple[str, ...] = field(default=(), kw_only=True)
    extractors: tuple[str, ...] = field(default=(), kw_only=True)
    belongings: tuple[str, ...] = field(default=(), kw_only=True)
    called: tuple[str, ...] = field(default=(), kw_only=True)
    slots: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict, kw_only=True)
    told: tuple[str, ...] = field(default=(), kw_only=True)
    fleeting: tuple[str, ...] = field(default=(), kw_only=True)
    personal: tuple[str, ...] = field(default=(), kw_only=True)
    proof: ProofSlots | None = field(default=None, kw_only=True)
    started: str = field(default="", kw_only=True)

    @property
    def starts(self) -> str:
        """Name of the form that it starts; empty: it starts none."""
        return self.started or (self.form if self.kind == "task" else "")

    @property
    def form(self) -> str:
        """Name of its form, when it has one."""
        return f"{self.name}_form"

    @property
    def goes_first(self) -> bool:
        """Whether a hand-over about it goes before all others."""
        return self.urgent or self.kind == "sensitive"

    @property
    def is_alone(self) -> bool:
        """Whether a message about it is about nothing else."""
        return self.alone or self.kind == "sensitive"

    @property
    def is_joined(self) -> bool:
        """Whether it can be asked for in one breath with another topic, to be offered later."""
        return self.kind in ("task", "question") and bool(self.title) and not self.alone

    @property
    def asks_pages_first(self) -> bool:
        """Whether a general question about it is answered from the pages."""
        chosen = self.kind == "task" if self.pages_first is None else self.pages_first
        return chosen and not self.is_alone

    @property
    def labels(self) -> dict[str, str]:
        """Dutch names of what a summary shows: slots, and values as `slot=value`."""
        named = {**(self.proof.labels if self.proof else {}), **self.slots}
        shown = {slot: label for slot, label in named.items() if label}
        shown |= {
            f"{slot}={value}": label
            for slot, names in self.values.items()
            for value, label in names.items()
        }
        return shown
