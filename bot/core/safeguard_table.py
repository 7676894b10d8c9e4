"""The table of what each of the four safeguards needs of an assistant's content.

Training, start, loading a model and the policies read it; none of them imports Rasa for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ESCAPE_INTENT: Final = "medewerker"
HANDOVER: Final = "action_handover"
BREAK: Final = "action_break_loop"
#: Says what to do in danger; the slot tells it the kind. Every domain gets both by itself.
SAFETY: Final = "action_safety"
DANGER: Final = "danger"
DISCLOSURE: Final = "utter_disclosure"
#: Component and policy, as `config.yml` names them.
DETECTOR: Final = "bot.core.components.escape_word.EscapeWordDetector"
POLICY: Final = "bot.core.policies.safeguard_policy.SafeguardPolicy"
RULE_POLICY: Final = "RulePolicy"
#: Priority of `SafeguardPolicy`: one above RulePolicy's.
PRIORITY: Final = 7
#: Priorities that policies have when `config.yml` gives none, by the last part of their names.
DEFAULT_PRIORITIES: Final = {
    "AugmentedMemoizationPolicy": 3,
    "KnowledgePolicy": 6.5,
    "MemoizationPolicy": 3,
    "RulePolicy": 6,
    "TEDPolicy": 1,
    "UnexpecTEDIntentPolicy": 2,
    "UnsureStartPolicy": 6.4,
}
#: Options of `SafeguardPolicy` that count turns. A threshold of more turns than a tracker holds
#: (`bot.core.checkpoint.KEEP_TURNS`) would never be reached; without a memory of the first loop no
#: second one leads to a person.
COUNTS: Final = ("not_understood", "same_reply", "slot_refused", "alternation", "memory")
MOST_TURNS: Final = 12


@dataclass(frozen=True, slots=True)
class Safeguard:
    """A safeguard, with what it needs of the content.

    Attributes:
        title: how a designer knows it.
        intents: intents in the domain.
        entities: entities in the domain; of a tapped option Rasa leaves out what is not there.
        slots: slots in the domain.
        actions: custom actions in the domain.
        responses: responses in the domain that say something; with the `kind` of custom message
            that one must be, or empty where any text will do.
        rules: intents that lead to an action by a rule without condition.
        components: components in the pipeline that stand before every intent classifier.
        policies: policies, by the names in `config.yml`.
    """

    title: str
    intents: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    responses: tuple[tuple[str, str], ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    components: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()


SAFEGUARDS: Final = (
    Safeguard(
        title="the escape word",
        intents=(ESCAPE_INTENT,),
        slots=("handover_reason",),
        actions=(HANDOVER,),
        responses=(("utter_handover", ""),),
        rules=((ESCAPE_INTENT, HANDOVER),),
        components=(DETECTOR,),
        policies=(RULE_POLICY, POLICY),
    ),
    Safeguard(
        title="loop detection",
        actions=(BREAK, HANDOVER),
        responses=(("utter_break_loop", ""), ("utter_break_loop_form", "")),
        policies=(POLICY,),
    ),
    Safeguard(
        title="the AI disclosure",
        actions=("action_session_start",),
        responses=((DISCLOSURE, "notice"),),
    ),
    Safeguard(
        title="the rating",
        intents=("rate", "goodbye"),
        entities=("score", "of"),
        slots=("rating_asked", "ratings_given"),
        actions=("action_rate", "action_goodbye"),
        responses=(
            ("utter_goodbye", ""),
            ("utter_rating_bot", "rating"),
            ("utter_rating_human", "rating"),
            ("utter_rating_thanks", ""),
            ("utter_rating_low", ""),
            ("utter_rating_changed", ""),
            ("utter_rating_final", ""),
        ),
        rules=(("rate", "action_rate"), ("goodbye", "action_goodbye")),
        policies=(RULE_POLICY,),
    ),
)
