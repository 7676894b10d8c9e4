"""Order numbers: a prefix and a fixed number of digits, however the customer types them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.dutch.span import Span, without_overlap


@dataclass(frozen=True)
class OrderNumbers:
    """How this organisation's order numbers look.

    Attributes:
        prefix: letters in front, such as `PP`. The normal form is `PP-100234`.
        digits: how many digits follow.
    """

    prefix: str = "PP"
    digits: int = 6
    _full: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _bare: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.prefix.isalpha() or self.digits < 1:
            raise ValueError("an order number is one or more letters and at least one digit")
        # People read digits aloud in groups: a space, dot or dash between them is not an end.
        body = r"\d" + r"[ .-]?\d" * (self.digits - 1)
        letters = r"[ .]?".join(map(re.escape, self.prefix))
        full = rf"(?<![a-z0-9]){letters}[\s._:#-]{{0,3}}({body})(?![.-]?\d)"
        bare = rf"(?<![\w.,-])#?(\d{{{self.digits}}})(?![\w-]|[.,]\d)"
        object.__setattr__(self, "_full", re.compile(full, re.IGNORECASE))
        object.__setattr__(self, "_bare", re.compile(bare))

    def find(self, text: str) -> tuple[Span[str], ...]:
        """The order numbers in a text, in normal form.

        Without the prefix only a number of exactly the right length counts.
        """
        matches = [*self._full.finditer(text), *self._bare.finditer(text)]
        return without_overlap(
            Span(
                f"{self.prefix.upper()}-{re.sub(r'[^0-9]', '', match[1])}",
                match.start(),
                match.end(),
            )
            for match in matches
        )

    def parse(self, text: str) -> str | None:
        """The first order number in a text in normal form, or None."""
        spans = self.find(text)
        return spans[0].value if spans else None
