"""The acts that a message can be, as far as an assistant answers them differently.

They follow the speech acts of linguistics (Searle: "A classification of illocutionary acts", 1976).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

#: - `request`: wants something done or arranged;
#: - `question`: wants to know something;
#: - `report`: tells a fact or a problem, and asks for nothing yet;
#: - `object`: says that it was not understood, or goes the wrong way;
#: - `withdraw`: drops it, stops, postpones, leaves it as it is;
#: - `accept`: says yes, in any words;
#: - `decline`: says no, and nothing more;
#: - `courtesy`: greets, thanks, says goodbye, chats;
#: - `data`: gives what was asked for;
#: - `person`: wants a human being.
Act = Literal[
    "request", "question", "report", "object", "withdraw", "accept", "decline", "courtesy", "data",
    "person",
]  # fmt: skip
ACTS: Final[tuple[Act, ...]] = get_args(Act)


#: Key of a parsed message under which the likely acts stand, a share by act.
ACT: Final = "act"


@dataclass(frozen=True, slots=True)
class ActShares:
    """How likely a message is each act.

    Attributes:
        shares: by act, together 1; empty when nobody looked.
    """

    shares: Mapping[str, float] = field(default_factory=dict)

    def of(self, *acts: Act) -> float:
        """How likely the message is one of these, 0 to 1."""
        return sum(self.shares.get(act, 0.0) for act in acts)
