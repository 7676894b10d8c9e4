"""The trained assistant: Rasa's agent with Loket's actions and tracker store around it.

Importing this module imports Rasa, which takes seconds, and TensorFlow unless it is kept out before
(`bot.core.stand_ins`); a module that only needs the types imports `bot.core.interface`.
"""

from __future__ import annotations

import asyncio
import gc
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.policies.rule_policy import RulePolicy
from threadpoolctl import threadpool_limits

from bot.acts.acts import ACT, ActShares
from bot.core import complete_replies, rasa_versions
from bot.core.agent_loading import load_agent
from bot.core.garbage import uncollected
from bot.core.graph_runner import SequentialGraphRunner
from bot.core.in_process_actions import InProcessActions, failed_actions
from bot.core.interface import AssistantTurn, Parsed, Unwritten
from bot.core.noted_messages import note
from bot.core.policies.safeguard_policy import SafeguardPolicy
from bot.core.rasa_clock import follow_clock
from bot.core.rasa_patches import components, let_sessions_begin
from bot.core.safeguard_check import refuse
from bot.core.safeguard_model import model_problems, rule_problems
from bot.core.safeguard_table import DISCLOSURE
from bot.core.tracker_store import LoketTrackerStore, Memory
from bot.core.tracker_turns import FALLBACKS
from bot.core.translate import Said, translate
from bot.dialogue.message_reading import NOTED
from bot.dutch import private_numbers
from bot.errors import ConfigurationError, ModelMissing
from bot.messages import Notice, Text, decode
from bot.safety.kinds import Kind
from bot.store.sql.database import Database

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = structlog.get_logger(__name__)

#: Whether the running turn begins a new session, however short ago the last message was.
_begins_anew: ContextVar[bool] = ContextVar("begins_anew", default=False)


#: Said when a message held a BSN, a bank account or a card.
PRIVATE_NUMBER = "utter_private_number"


class RasaAssistant:
    """A loaded model that answers one message at a time per conversation."""

    def __init__(self, agent: Agent, store: LoketTrackerStore, safeguards: SafeguardPolicy) -> None:
        """Use `load`."""
        self._agent = agent
        self._store = store
        self._safeguards = safeguards

    @classmethod
    async def load(cls, model: Path, database: Database) -> RasaAssistant:
        """Loads a model without blocking the event loop (some seconds).

        Args:
            model: the model's archive.
            database: Loket's database, migrated.

        Raises:
            ModelMissing: the archive is missing, damaged, of another version, or lacks a safeguard.
            ConfigurationError: Rasa has a version that Loket was not made for.
        """
        rasa_versions.check()
        with uncollected():
            return await asyncio.to_thread(cls._load, model, database)

    @classmethod
    def _load(cls, model: Path, database: Database) -> RasaAssistant:
        store = LoketTrackerStore(None, database)
        actions = InProcessActions()
        follow_clock()
        agent = load_agent(model, action_endpoint=actions, tracker_store=store)
        _refuse_without_safeguards(model.name, agent)
        held = components(agent.processor.graph_runner)
        safeguards = next(each for each in held if isinstance(each, SafeguardPolicy))
        # Rasa's fail-safe wrapper would answer from memory when the database fails; a turn that
        # cannot be kept must fail instead, so that it is tried again.
        agent.processor.tracker_store = store
        let_sessions_begin(agent, _begins_anew.get)
        agent.processor.graph_runner = SequentialGraphRunner.taking_over(
            agent.processor.graph_runner
        )
        actions.use(agent.domain)
        complete_replies.use(agent)
        # Not for the multiplications of one message: a second thread of BLAS mostly waits for the
        # first, and it does that at full speed. Other workers have use for the processor.
        threadpool_limits(1, user_api="blas")
        # The first sentence loads the encoder and more; better now than while a customer waits.
        asyncio.run(agent.parse_message("hallo"))
        # What is loaded stays: the collector need not look through it in the middle of a turn.
        gc.collect()
        gc.freeze()
        return cls(agent, store, safeguards)

    @property
    def disclosure(self) -> Notice | None:
        """The designers' AI disclosure (`utter_disclosure`), or None when the domain has none."""
        for variant in self._agent.domain.responses.get(DISCLOSURE, ()):
            if variant.get("custom"):
                notice = decode(variant["custom"])
                return notice if isinstance(notice, Notice) else None
            return Notice(str(variant.get("text", "")), "disclosure")
        return None

    def danger(self, text: str) -> Kind | None:
        """The danger that a customer's words speak of, or None.

        Args:
            text: cleaned text, or a payload.
        """
        return self._safeguards.danger(private_numbers.mask(text))

    def recall(self, conn: Connection, conversation_id: str) -> Memory:
        """Reads what is remembered of a conversation, on any thread.

        Args:
            conn: a transaction.
            conversation_id: the tracker's name.

        Returns:
            The `memory` of the turn that begins now, for once.
        """
        return self._store.recall(conn, conversation_id)

    async def turn(
        self,
        conversation_id: str,
        text: str,
        message_id: str,
        channel: str,
        *,
        fresh: bool = False,
        memory: object = None,
    ) -> AssistantTurn:
        """Answers one message; writes nothing.

        Args:
            conversation_id: the tracker's name.
            text: cleaned text, or a payload (`/affirm`).
            message_id: the inbox id, kept in the tracker.
            channel: name of the customer's channel.
            fresh: whether a new session begins that takes up no form.
            memory: of `recall`; read anew when None.

        Raises:
            Exception: whatever went wrong in Rasa; the conversation is as it was before.
        """
        output = CollectingOutputChannel()
        failures: list[str] = []
        # The assistant asks for no such number: none is understood, remembered or repeated, also
        # when a person asked for it before.
        masked = private_numbers.mask(text)
        token, began = failed_actions.set(failures), _begins_anew.set(fresh)
        metadata = {"fresh": True} if fresh else None
        if isinstance(memory, Memory):
            self._store.use(conversation_id, memory)
        try:
            await self._agent.handle_message(
                UserMessage(masked, output, conversation_id, None, channel, message_id, metadata)
            )
            unwritten = self._store.take(conversation_id)
        except BaseException:
            self._store.take(conversation_id)
            raise
        finally:
            failed_actions.reset(token)
            _begins_anew.reset(began)
        events = unwritten.events if unwritten else ()
        heard = next((event for event in reversed(events) if event.type_name == "user"), None)
        intent = getattr(heard, "intent_name", None)
        said = translate(output.messages)
        return AssistantTurn(
            said=self._warned(said) if private_numbers.find(masked) else said,
            intent=None if intent == "nlu_fallback" else intent,
            slots=unwritten.slots if unwritten else {},
            unwritten=unwritten,
            failed=tuple(failures),
        )

    async def note(
        self, conversation_id: str, text: str, message_id: str, channel: str
    ) -> Unwritten | None:
        """Remembers a message without an answer: it is understood, and nothing follows from it.

        A task that comes later finds what was told, as of any message before it.

        Args:
            conversation_id: the tracker's name.
            text: cleaned text.
            message_id: the inbox id.
            channel: name of the customer's channel.
        """
        where = (conversation_id, None, channel, message_id, {NOTED: True})
        message = UserMessage(private_numbers.mask(text), None, *where)
        try:
            await note(self._agent, message)
        finally:
            unwritten = self._store.take(conversation_id)
        return unwritten

    def _warned(self, said: Said) -> Said:
        """Puts the designers' request not to send such numbers before all other replies."""
        texts = self._agent.domain.responses.get(PRIVATE_NUMBER, ())
        asked = tuple(Text(str(variant["text"])) for variant in texts[:1] if variant.get("text"))
        return Said((*asked, *said.messages), said.effects)

    async def parse(self, text: str) -> Parsed:
        """Understands a sentence outside any conversation."""
        data = await self._agent.parse_message(text)
        name = data["intent"].get("name")
        entities = tuple(
            {key: entity.get(key) for key in ("entity", "value", "start", "end")}
            for entity in data.get("entities", ())
        )
        known = name if name and name not in FALLBACKS - {"out_of_scope"} else None
        confidence = float(data["intent"].get("confidence") or 0.0)
        found, acts = data.get("knowledge") or {}, ActShares(data.get(ACT) or {})
        return Parsed(known, confidence, entities, found, acts)


def _refuse_without_safeguards(name: str, agent: Agent) -> None:
    """Refuses a model in which a safeguard would not work: it may have been trained elsewhere."""
    problems = (
        *model_problems(name, agent.domain, agent.processor.model_metadata.predict_schema),
        *(
            problem
            for component in components(agent.processor.graph_runner)
            if isinstance(component, RulePolicy)
            for problem in rule_problems(name, component)
        ),
    )
    try:
        refuse(problems)
    except ConfigurationError as error:
        raise ModelMissing(f"{error} Train a new one: loket train --force") from error
