"""Plays a conversation to Rasa's own policies and to the indexed ones, and compares the answers."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.utils.io import read_yaml_file

from bot.core.policies.indexed import indexed
from bot.core.policies.indexed_rules import IndexedRules
from bot.core.policies.memoised_stories import IndexedStories
from bot.core.tracker_replay import ReplayingTracker
from tests.support.own_code import none_imported

ROOT = Path(__file__).parents[2]
#: The shop, and two other assistants.
CONTENT = {
    "shop": ROOT,
    "library": ROOT / "tests" / "other_assistant",
    "table": ROOT / "tests" / "assistants" / "table",
    "every shape of a rule": ROOT / "tests" / "assistants" / "rule_shapes",
}
_KINDS = {"RulePolicy": RulePolicy, "MemoizationPolicy": MemoizationPolicy}


@dataclass(frozen=True)
class Trained:
    """The two policies as a model's content trains them, twice.

    Attributes:
        domain: of the content.
        scripts: the events of every story and rule.
        theirs: Rasa's own.
        ours: with an index.
        rule_only: slots and forms that only rules know.
    """

    domain: Domain
    scripts: list[list[Event]]
    theirs: list[Policy]
    ours: list[Policy]
    rule_only: dict[str, Any]


def train(folder: Path, into: Path) -> Trained:
    """Trains what Rasa would train of an assistant's content, with its options.

    Args:
        folder: of the assistant.
        into: an empty folder for what is learned.
    """
    with none_imported(), pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.syspath_prepend(str(folder))
        return _train(folder, into)


def _train(folder: Path, into: Path) -> Trained:
    files = [str(folder / name) for name in ("config.yml", "domain.yml")]
    importer = TrainingDataImporter.load_from_config(*files, [str(folder / "data")])
    domain = importer.get_domain()
    trackers = TrainingDataGenerator(
        importer.get_stories(), domain, augmentation_factor=0
    ).generate()
    options = {each["name"]: each for each in read_yaml_file(files[0])["policies"]}
    storage, context = LocalModelStorage.create(into), ExecutionContext(GraphSchema({}))

    def given(name: str) -> tuple[Any, ...]:
        config = {**_KINDS[name].get_default_config(), **options.get(name, {})}
        return config, storage, Resource(name), context

    for name, kind in _KINDS.items():
        kind(*given(name)).train(trackers, domain)
    theirs, ours = ([kind.load(*given(name)) for name, kind in _KINDS.items()] for _ in range(2))
    ours = [indexed(policy) for policy in ours]
    assert [type(policy) for policy in ours] == [IndexedRules, IndexedStories]
    lookup = theirs[0].lookup
    rule_only = {key: lookup.get(key, []) for key in ("rule_only_slots", "rule_only_loops")}
    return Trained(domain, [list(each.events) for each in trackers], theirs, ours, rule_only)


class Trial:
    """One conversation, in Rasa's tracker and in Loket's."""

    def __init__(self, trained: Trained) -> None:
        """Nothing was said yet."""
        self._trained = trained
        self.theirs = DialogueStateTracker("x", trained.domain.slots)
        self.ours = ReplayingTracker("x", trained.domain.slots)

    def add(self, events: Iterable[Event]) -> None:
        """Something happens; each tracker has an event of its own, as policies change them."""
        for event in events:
            self.theirs.update(event)
            self.ours.update(copy.deepcopy(event))

    def compare(self) -> PolicyPrediction:
        """Predicts with both.

        Returns:
            What Rasa's ensemble makes of Rasa's predictions.

        Raises:
            AssertionError: a policy predicts another action, with another confidence, in another
                name, or with other events.
        """
        domain, data = self._trained.domain, self._trained.rule_only
        both = [
            [policy.predict_action_probabilities(tracker, domain, data) for policy in policies]
            for policies, tracker in (
                (self._trained.theirs, self.theirs),
                (self._trained.ours, self.ours),
            )
        ]
        for theirs, ours in zip(*both, strict=True):
            assert _told(ours) == _told(theirs)
        theirs, ours = (
            DefaultPolicyPredictionEnsemble().combine_predictions(given, tracker, domain)
            for given, tracker in zip(both, (self.theirs, self.ours), strict=True)
        )
        assert _told(ours) == _told(theirs)
        return theirs

    def compare_copies(self) -> None:
        """Copies both trackers, as Rasa does for every action.

        Raises:
            AssertionError: the copies differ in something that an action or a policy may look at.
        """
        theirs, ours = self.theirs.copy(), self.ours.copy()
        assert held(ours) == held(theirs)
        assert _state(ours) == _state(theirs)
        assert ours.applied_events() == theirs.applied_events()
        assert ours.past_states(self._trained.domain) == theirs.past_states(self._trained.domain)
        assert held(self.ours) == held(self.theirs)


def _told(prediction: PolicyPrediction) -> dict[str, Any]:
    events = [_plain(each) for each in (*prediction.events, *prediction.optional_events)]
    return {**vars(prediction), "events": events, "optional_events": None}


def _state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What an action is told, without the times of events."""
    state: dict[str, Any] = tracker.current_state(EventVerbosity.ALL)
    events = [{**event, "timestamp": None} for event in state["events"]]
    return {**state, "events": events, "latest_event_time": None}


def _plain(event: Event) -> dict[str, Any]:
    return {name: value for name, value in event.as_dict().items() if name != "timestamp"}


def held(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What an action or a policy may look at in a tracker, for comparison."""
    kept = vars(tracker)
    return {
        **{name: kept[name] for name in sorted(kept) if name not in _OF_OTHERS},
        "slots": {name: vars(slot) for name, slot in tracker.slots.items()},
        "events": [_plain(event) for event in tracker.events],
        "latest": [
            _plain(each) if each else None
            for each in (tracker.latest_message, tracker.latest_bot_utterance)
        ],
    }


#: Compared in another way, or Loket's own.
_OF_OTHERS = {
    "events", "slots", "latest_message", "latest_bot_utterance",
    "_defined", "_applied", "_told", "_moments", "_turns", "_seen",
}  # fmt: skip
