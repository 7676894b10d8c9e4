"""The escape word: recognise that a customer asks for a person.

One matcher for every depth: the NLU component, the safeguard policy and the worker's fallback all
call `asks_for_person`. It errs towards handing over for short messages and towards *not* handing
over for long ones, because a sentence that merely mentions an employee ("uw medewerker heeft mij
gisteren geholpen, waar is mijn boek") is an ordinary question.

A message asks for a person when one of these holds:

1. it, or one of its clauses, is, politeness and filler apart, nothing but a word for a person
   ("MEDEWERKER!!", "een medewerker aub", "waar is het? medewerker!", "mdewerker");
2. a wish leads straight to such a word ("... dus geef me gewoon een medewerker"), or stands near it
   in a short message, or comes with a verb of talking ("kan ik iemand spreken over mijn pas");
3. a short message opens with the escape word ("medewerker ik snap dit niet") or closes with it;
4. it asks to be put through or called, or whether anybody is there;
5. it refuses the machine ("ik wil geen robot", "geen chatbot meer").

A person that is declined (`bot.conversation.declined_person`) is none that is asked for, and
neither is a question for a number or for hours (`bot.conversation.contact_questions`) a wish to be
spoken with: both are left out before.

The words themselves are in `bot.conversation.escape_words`.
"""

from __future__ import annotations

import re
import unicodedata

from bot.conversation import contact_questions
from bot.conversation.declined_person import without_declined
from bot.conversation.escape_words import (
    ABLE,
    AFTER_SOMEONE,
    ANYBODY,
    ANYBODY_NOW,
    ANYONE,
    CALL_ME,
    CHALLENGE,
    CONVERSES,
    FILLER,
    GREETINGS,
    HOURS,
    JOB,
    LINKS,
    MACHINE,
    MENTION,
    NOT_OURS,
    NOT_PUT_THROUGH,
    PAST_TALK,
    PUT_THROUGH,
    REFUSES_MACHINE,
    SALUTATION,
    SHORT,
    SOMEONE,
    TALK,
    TO_COLLEAGUE,
    TOLD,
    WANTS_NOW,
    WEAK,
    WISH,
    is_escape_word,
    is_person,
)
from bot.dutch import clauses

#: More of a message than this is not read.
_READ = 2000


def normalise(text: str) -> str:
    """Normalises a text: lower case, no accents or punctuation, runs of one letter shortened.

    Args:
        text: anything a customer typed.

    Returns:
        Words separated by one space; empty when there are none.
    """
    bare = text.lower()
    if not bare.isascii():
        decomposed = unicodedata.normalize("NFKD", bare)
        bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    bare = re.sub(r"['’`´]", "", bare)
    words = re.sub(r"[^a-z0-9]+", " ", bare)
    return re.sub(r"([a-z])\1{2,}", r"\1", words).strip()


def asks_for_person(text: str) -> bool:
    """Whether a customer asks, in these words, to talk to a person.

    Args:
        text: what the customer typed; any length, any script.

    Returns:
        True when the conversation must be handed over now.
    """
    if text.startswith("/"):
        return re.match(r"/medewerker\b", text) is not None
    text = _wanted(text[:_READ])[0]
    plain = _prepared(text)
    words = plain.split()
    if not words:
        return False
    if _a_clause_asks(text) or _refuses_machine(plain, words):
        return True
    if _asks_nobody(plain):
        return False
    if len(words) <= SHORT and _asks_without_naming(plain):
        return True
    people = [word for word in words if is_person(word)]
    if not people or (HOURS.search(plain) and set(people) <= {"klantenservice", "helpdesk"}):
        return False
    if all(word in people or word in FILLER for word in words):
        return _bare_request(plain, people, words)
    return _requests(plain, words, people)


def declines_person(text: str) -> bool:
    """Whether a customer says that no person is wanted: "ik wil geen medewerker"."""
    return _wanted(text[:_READ])[1] and not asks_for_person(text)


def _wanted(text: str) -> tuple[str, bool]:
    """The text without the persons it declines, and whether it declines any.

    A clause that asks for a number, an address or hours is left out as well: it is no plea.
    """
    kept, declined = [], False
    for clause in clauses.cut(text):
        plain = _joined(normalise(clause.text))
        bare, refuses = without_declined(plain)
        declined = declined or refuses
        if not contact_questions.of_clause(bare):
            kept.append(bare if refuses else text[clause.start : clause.end])
        if refuses:
            kept.append(". ")
    return "".join(kept), declined


def _prepared(text: str) -> str:
    """The normalised text with split words joined and persons that are not ours left out."""
    joined = _joined(normalise(text))
    ours = ABLE.sub(" ", NOT_OURS.sub(" ", SALUTATION.sub(" ", joined)))
    if not (TALK.search(ours) or PUT_THROUGH.search(ours)):
        ours = TO_COLLEAGUE.sub(" ", ours)
    return " ".join(ours.split())


def _joined(plain: str) -> str:
    """Normalised words with those that were split joined: "mede werker" is common on phones."""
    spelt = re.sub(r"\b[a-z](?: [a-z]){3,}\b", lambda found: found[0].replace(" ", ""), plain)
    joined = re.sub(r"\bmede (werk\w+)", r"mede\1", spelt)
    return re.sub(r"\bcustomer (service|support|care)\b", "klantenservice", joined)


def _a_clause_asks(text: str) -> bool:
    """Whether a part between marks is the bare escape word, or asks to be called."""
    parts = [clause.split() for part in re.split(r"[.!?,;\n]", text) if (clause := _prepared(part))]
    if any(CALL_ME.search(" ".join(clause)) for clause in parts):
        return True
    return len(parts) > 1 and any(
        any(is_escape_word(word) for word in clause)
        and all(is_escape_word(word) or word in FILLER - GREETINGS for word in clause)
        and (clause[0] not in LINKS or (clause is parts[-1] and clause[0] in ("een", "n")))
        for clause in parts
    )


def _refuses_machine(plain: str, words: list[str]) -> bool:
    if not any(word in MACHINE for word in words) or len(words) > SHORT + 3:
        return False
    if re.search(r"\b(ben je|bent u|ben jij|is dit|are you)\b", plain):
        return False
    found = REFUSES_MACHINE.search(plain)
    # People own computers, and cannot log in with them.
    return found is not None and (found["device"] is None or CONVERSES.search(plain) is not None)


def _asks_nobody(plain: str) -> bool:
    """Whether the message looks for a job or asks who answers here."""
    if JOB.search(plain) and not TALK.search(plain):
        return True
    if NOT_PUT_THROUGH.search(plain) or CHALLENGE.search(plain):
        return WANTS_NOW.search(NOT_PUT_THROUGH.sub(" ", plain)) is None
    return False


def _asks_without_naming(plain: str) -> bool:
    return PUT_THROUGH.search(plain) is not None or _asks_anybody(plain) or _asks_someone(plain)


def _asks_anybody(plain: str) -> bool:
    found = ANYBODY.search(plain)
    if found is None or ANYBODY_NOW.fullmatch(plain):
        return False
    after = plain[found.end() :].strip()
    return found.group(0).endswith(("beschikbaar", "aanwezig", "vrij", "die", "daar")) or not after


def _asks_someone(plain: str) -> bool:
    found = SOMEONE.search(plain)
    if found is None:
        return False
    after = plain[found.end() :].strip()
    return AFTER_SOMEONE.match(after) is not None or all(word in FILLER for word in after.split())


def _bare_request(plain: str, people: list[str], words: list[str]) -> bool:
    if set(people) <= ANYONE and len(words) > 1:
        return WISH.search(plain) is not None
    return True


def _requests(plain: str, words: list[str], people: list[str]) -> bool:
    if (
        _wish_leads_to_person(words)
        or _opens_with_the_word(words)
        or _ends_in_the_word(plain, words)
    ):
        return True
    if not WISH.search(plain):
        return False
    if (MENTION.search(plain) or PAST_TALK.search(plain)) and not WANTS_NOW.search(plain):
        return False
    near = _wish_near_person(words)
    if len(words) > SHORT or all(word in WEAK for word in people) or MENTION.search(plain):
        return near and TALK.search(plain) is not None
    return near


def _wish_leads_to_person(words: list[str]) -> bool:
    """Whether only filler stands between a wish and a person's word ("geef me gewoon een mens").

    A weak word counts only where the sentence, filler apart, ends with it: "ik wil een persoon
    toevoegen" asks for something else.
    """
    for end, word in enumerate(words):
        if not is_person(word) or word in ANYONE:
            continue
        if word in WEAK and any(after not in FILLER for after in words[end + 1 :]):
            continue
        start = end
        while start > 0 and words[start - 1] in FILLER and not WISH.fullmatch(words[start - 1]):
            start -= 1
        if start > 0 and WISH.fullmatch(words[start - 1]):
            return True
    return False


def _opens_with_the_word(words: list[str]) -> bool:
    """Whether a short message opens with the escape word, and does not tell about an employee."""
    if len(words) > SHORT or not is_escape_word(words[0]):
        return False
    return TOLD.match(" ".join(words[1:])) is None or words[1] in ("ik", "nu")


def _ends_in_the_word(plain: str, words: list[str]) -> bool:
    """Whether a short message closes with the bare word: "dit werkt niet, medewerker"."""
    while words and words[-1] in FILLER:
        words = words[:-1]
    if not words or len(words) > SHORT or not is_person(words[-1]) or words[-1] in WEAK:
        return False
    before = words[-2] if len(words) > 1 else ""
    return before not in LINKS and not PAST_TALK.search(plain)


def _wish_near_person(words: list[str]) -> bool:
    """Whether a word of wishing or talking stands within six words of a person's word."""
    wishes = [i for i, word in enumerate(words) if WISH.fullmatch(word)]
    persons = [i for i, word in enumerate(words) if is_person(word)]
    return any(abs(wish - person) <= 6 for wish in wishes for person in persons)
