"""The vocabulary of this repository's assistant, as far as it can be from its own files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from actions.backends.tables import METADATA
from bot.dutch.readers import NAMES
from bot.topics import built_in, declared

ROOT: Final = Path(__file__).parents[2]

#: Intents that built-in actions, policies and safeguards of the framework answer or set.
FRAMEWORK_INTENTS: Final = frozenset(
    """affirm another_question ask_knowledge back_to_bot bot_challenge cancel_task capabilities
    contact_details continue_elsewhere deny goodbye greet inform medewerker nlu_fallback
    opening_hours out_of_scope rate sensitive_matter thank transcript_request""".split()
)
#: Slots and entities with which the framework keeps its books, beside those of its Dutch readers.
FRAMEWORK_SLOTS: Final = frozenset(NAMES) | frozenset(
    """asked_day channel checked_slots confirmed declined_options edit form_outcome
    handover_reason of offered_reason page paused_tasks quoted_passage rating_asked ratings_given
    refusals refused_pairs resume_asked second_request summary_shown topic
    verification_attempts""".split()
)
#: Responses of the framework that no scaffold has: they are for an assistant with a proof of
#: identity.
FRAMEWORK_RESPONSES: Final = frozenset(
    """utter_refusal_verification utter_refusal_verification_same utter_verification_failed
    utter_verification_later""".split()
)
#: Names that are English words of the framework too, and what they mean there.
FRAMEWORK_WORDS: Final = {
    "complaint": "a reason for which a conversation goes to a person (bot.messages.Reason)",
    "customers": "those who write to any organisation",
    "deliveries": "Loket's own table of messages that are on their way",
    "orders": "commands, and sequences",
    "returns": "what functions do",
    "subscription": "of a provider's webhook, and of a customer who wants no more messages",
}
#: Colours of the web chat, the desk and the transcripts, with which the demo page goes along.
FRAMEWORK_STYLES: Final = ("channels/webchat/static", "bot/desk/static", "bot/transcripts/static")

#: What people write and read about in this shop, as stems: a compound with one in it counts.
STEMS: Final = {
    "abonnement": "abonnement",
    "artikel": "artikel|(?:web|\\b)winkel(?:en|s)?\\b",
    "bestel": "bestel",
    "bezorg": "(?<!ver)bezorg",
    "box": r"(?<![\w-])box(?:en)?(?![\w-])",
    "energie": "energie|\\bkwh\\b|\\bzonnepane|\\bstroom",
    "factuur": "factu[ur]",
    "invoice": "\\binvoice",
    "levering": "levering",
    "meterstand": "meterstand|\\bmeters?\\b|\\bmeter[ _]readings?\\b",
    "order number": "\\border[ _]?(?:number|nummer|nr)",
    "pakket": "pak(?:ket|je|kie|ete|etje)|\\bpaket",
    "parcel": "\\bparcel",
    "retour": "retour|\\bruil",
    "shop": "(?<!work)shop(?!t)",
    "terugsturen": "terugst?uu?r",
    "zending": "\\bzending",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the shop.

    Attributes:
        name: by which lists of exceptions call it.
        pattern: what finds it in a text in lower case.
    """

    name: str
    pattern: re.Pattern[str]

    def first(self, text: str) -> int | None:
        """Where a text has it first; None when it does not."""
        found = self.pattern.search(text.lower())
        return None if found is None else found.start()

    def stands_in(self, text: str) -> bool:
        """Whether a text has it."""
        return self.first(text) is not None


def vocabulary() -> tuple[Word, ...]:
    """Every word of the shop that the framework must not know."""
    organisation = _yaml("data/organisation.yml")
    names = shop_names() - FRAMEWORK_WORDS.keys()
    contact = organisation["contact"]
    said = {
        organisation["organisation"]["name"],
        _yaml("config.yml")["assistant_id"],
        contact["phone"],
        contact["email"],
        contact["website"].removeprefix("www."),
        contact["website"].removeprefix("www.").partition(".")[0],
    }
    return (
        *(Word(name, _whole(name)) for name in sorted(names)),
        *(Word(each, re.compile(_spelled(each))) for each in sorted(said)),
        *(Word(each, _whole(each)) for each in sorted(_titles(organisation["teams"]))),
        *(Word(each, _whole(each)) for each in _prefixes()),
        *(Word(each, re.compile(stem)) for each, stem in STEMS.items()),
        *(Word(each, re.compile(re.escape(each))) for each in sorted(_colours())),
    )


def _yaml(path: str) -> Any:
    return YAML(typ="safe").load((ROOT / path).read_text(encoding="utf-8"))


def shop_names() -> set[str]:
    """The names that the shop's own files declare, beside those that every assistant has."""
    domain = _yaml("domain.yml")
    return {
        *(set(map(_name, domain["intents"])) - FRAMEWORK_INTENTS),
        *(set(map(_name, domain["entities"])) - FRAMEWORK_SLOTS),
        *(set(domain["slots"]) - FRAMEWORK_SLOTS),
        *(set(domain["responses"]) - FRAMEWORK_RESPONSES - _scaffold_responses()),
        *(f"{intent}_form" for intent in map(_name, domain["intents"])),
        *(each.name for each in METADATA.sorted_tables),
    }


def _scaffold_responses() -> set[str]:
    """What `loket new` writes into every assistant: the framework's own names."""
    return set(_yaml("bot/scaffold/template/domain.yml")["responses"])


def _titles(teams: list[dict[str, Any]]) -> set[str]:
    """What topics and teams are called, by people and in YAML; what a stem finds anyway aside.

    A title of one word ("Verhuizen") is a word of the language, which the framework reads too.
    """
    generic = {topic.title for topic in built_in.TOPICS}
    titles = {topic.title for topic in declared.load(ROOT)} - generic
    titles |= {each[key] for each in teams for key in ("id", "name")}
    return {
        title.lower()
        for title in titles
        if len(re.findall(r"\w+", title.replace("_", " "))) > 1
        and not any(re.search(stem, title.lower()) for stem in STEMS.values())
    }


def _name(entry: Any) -> str:
    return str(entry if isinstance(entry, str) else next(iter(entry)))


def _whole(name: str) -> re.Pattern[str]:
    """A name on its own: `box`, not the `box-shadow` of a style or a part of another word.

    A name of several words may have more before and after it: `action_track_order`.
    """
    # The name first and what stands before it after: then a search need not try every character.
    word = re.escape(name.lower())
    if "_" in name:
        return re.compile(rf"{word}(?<![a-z0-9]{word})(?![a-z0-9])")
    return re.compile(rf"{word}(?<![\w-]{word})(?!\w|-[a-z])")


def _spelled(name: str) -> str:
    """A name as HTML, YAML and people write it: with `&`, `&amp;`, or neither."""
    words = re.split(r"[^\w.@-]+", name.lower())
    return r"[^\w.@-]*(?:amp;|en)?[^\w.@-]*".join(map(re.escape, words))


def _prefixes() -> list[str]:
    """What the shop's own numbers begin with."""
    components = _yaml("config.yml")["pipeline"]
    extractors = [each for c in components for each in c.get("extractors", ())]
    return [each["prefix"] for each in extractors if "prefix" in each]


def _colours() -> set[str]:
    """Colours of the shop's page that no page of the framework has."""
    own = _colours_in("data/demo")
    return own - {colour for folder in FRAMEWORK_STYLES for colour in _colours_in(folder)}


def _colours_in(folder: str) -> set[str]:
    files = (path for path in (ROOT / folder).glob("*") if path.suffix in {".css", ".html", ".svg"})
    found = (re.findall(r"#[0-9a-f]{6}\b", path.read_text(encoding="utf-8")) for path in files)
    return {colour.lower() for colours in found for colour in colours}
