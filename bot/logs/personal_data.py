"""Takes personal data out of a log line: by the name of a field, and by the look of a value.

A safety net: Loket's own code logs ids only. What this catches comes from libraries and from
mistakes. Of an exception only types and places are let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from traceback import walk_tb

MASK = "***"
#: Lines of a trace that are kept, the last ones (a recursion or an endless retry has more).
_MOST_FRAMES = 30
_MOST_ERRORS = 10

#: Parts of a field's name (`customer_email`, `emailAddress`) whose value is never shown.
_PRIVATE_PARTS = frozenset(
    """
    address authorization body bsn cookie email iban ip password payload phone postcode recipient
    secret sender text title token username
    """.split()
)
#: Whole names of fields, beside all that end in `_number`. As part of a longer one (`worker_name`,
#: `message_id`) they are harmless.
_PRIVATE_NAMES = frozenset(
    """
    answer birthday city customer_name first_name from from_user_id full_name last_name message
    messages name number parent_user_id person query street to user user_id user_name wa_id
    """.split()
)

# UUIDs and other long hexadecimal ids: they say nothing about a person and keep a log useful.
_ID = r"\b[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b|\b[0-9a-f]{40,}\b"
# Before the @ a whole run of such characters, or, where a run goes on after something that was
# kept, as many as there may be (RFC 5321, 4.5.3.1): tried from each character to the end of a run,
# a long text without an @ takes as many steps as the square of its length.
_LOCAL = r"(?:(?<![\w.+%-])[\w.+%-]++|[\w.+%-]{1,64}+)"
_EMAIL = rf"{_LOCAL}@[\w-]++(?:\.[\w-]++)++"
_IBAN = r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z]{4})(?:[ -]?\d){6,}\b"
_PHONE = r"(?<![\w.:/-])(?:\+\d|0\d)(?:[\s().-]{0,2}\d){7,13}(?!\w)"
_DIGITS = r"(?<![A-Za-z0-9.])\d{6,}(?![A-Za-z0-9])"
# Four digits and two letters, the first not 0. With a space and small letters it may be English
# ("port 8080 is"), so the commonest such words are let through.
_ENGLISH = "as at by if in is kb mb ms of on or to".replace(" ", "|")
_POSTCODE = rf"\b[1-9]\d{{3}}(?:[A-Za-z]{{2}}| (?!(?:{_ENGLISH})\b)[A-Za-z]{{2}})\b"
# Ids that providers give: to a customer (NL.1349...), and to a message, which holds a phone number
# in base64.
_PROVIDERS_ID = r"\b[A-Z]{2}\.(?:ENT\.)?\d{8,}\b|\bwamid\.[\w+/=-]+"
# SQLAlchemy puts the values of a failed statement into the exception's text.
_PARAMETERS = r"(?<=\[parameters: )[^\n]*"

_PRIVATE_TEXT = re.compile(
    f"(?P<keep>{_ID})|{_PARAMETERS}|{_EMAIL}|{_IBAN}|{_PHONE}|{_DIGITS}|{_POSTCODE}|{_PROVIDERS_ID}"
)


def mask_text(text: str) -> str:
    """A text without e-mail addresses, IBANs, phone numbers, postcodes and numbers of 6+ digits."""
    return _PRIVATE_TEXT.sub(lambda match: match["keep"] or MASK, text)


def is_private(field: str) -> bool:
    """Whether a field of this name may hold something about a person or a secret."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", field).lower().replace("-", "_")
    # Numbers of things, whatever an organisation counts: of a customer, a case, a house.
    if words.endswith("_number"):
        return True
    return words in _PRIVATE_NAMES or not _PRIVATE_PARTS.isdisjoint(words.split("_"))


def mask(value: object, field: str = "") -> object:
    """A value fit for a log: masked whole if its field is private, else in its texts, at any depth.

    Numbers, booleans and None stay as they are unless their field is private.
    """
    if field and value is not None and is_private(field):
        return MASK
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return mask_text(value)
        case Mapping():
            return {mask_text(str(key)): mask(item, str(key)) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [mask(item) for item in value]
        case _:
            return mask_text(str(value))


def describe_error(error: BaseException) -> str:
    """An exception for a log: its types and places, and of those it arose from, the latest first.

    Never its message nor a line of source: a `KeyError` or a failed parse quotes its input, which
    is what a customer wrote.

    Returns:
        Lines such as `ValueError`, `  bot/dutch/dates.py:12 in read` and `because of KeyError`.
    """
    return "\n".join(_described(error, "", set()))


def _described(error: BaseException, link: str, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    yield f"{link}{module}{kind.__qualname__}"
    frames = list(walk_tb(error.__traceback__))
    if left_out := len(frames[:-_MOST_FRAMES]):
        yield f"  ({left_out} more)"
    for frame, line in frames[-_MOST_FRAMES:]:
        code = frame.f_code
        yield f"  {'/'.join(code.co_filename.split('/')[-3:])}:{line} in {code.co_name}"
    earlier: list[tuple[str, BaseException]] = []
    if isinstance(error, BaseExceptionGroup):
        earlier += [("with ", part) for part in error.exceptions]
    if error.__cause__ is not None:
        earlier.append(("because of ", error.__cause__))
    elif error.__context__ is not None and not error.__suppress_context__:
        earlier.append(("while handling ", error.__context__))
    for how, other in earlier:
        if id(other) not in seen and len(seen) < _MOST_ERRORS:  # a chain can be a circle
            yield from _described(other, how, seen)
