"""The custom actions that provide the safeguards, and the place to replace one.

Loket brings them along (`bot.dialogue.actions`); they are imported here so that a reader of this
assistant finds them. To change one, subclass it below: an action of this package takes the place
of the built-in one with the same name.

    class Handover(ActionHandover):
        async def run(self, dispatcher, tracker, domain):
            ...  # what has to happen first
            return await super().run(dispatcher, tracker, domain)
"""

from __future__ import annotations

from bot.dialogue.actions.break_loop import ActionBreakLoop
from bot.dialogue.actions.clarify import ActionClarify
from bot.dialogue.actions.handover import ActionHandover, ActionSensitiveMatter
from bot.dialogue.actions.rating import ActionGoodbye, ActionRate
from bot.dialogue.actions.session_start import ActionSessionStart

#: The escape word ("medewerker"), and whatever else calls for a person.
ESCAPE_WORD = (ActionHandover, ActionSensitiveMatter)
#: Loop detection: a way out of a circle, and a question instead of a guess.
LOOP_DETECTION = (ActionBreakLoop, ActionClarify)
#: The disclosure: "U chat met een AI-assistent", first of all.
AI_DISCLOSURE = (ActionSessionStart,)
#: The rating: a score at the end of a conversation.
RATING = (ActionGoodbye, ActionRate)
