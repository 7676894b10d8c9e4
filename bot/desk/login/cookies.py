"""The desk's cookies, as `Set-Cookie` values. Pure.

All are HttpOnly (no script reads them) and SameSite=Lax: another site's form or script does not
send them, a link in an e-mail to a conversation does. Over https they carry the prefix `__Host-`
(RFC 6265bis, 4.1.3.2), so that no other host of the domain can set them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Cookie:
    """One of the desk's cookies, and the `Set-Cookie` values that set and clear it.

    Attributes:
        name: as the browser sends it, prefix included.
        secure: whether it may only travel over https.
    """

    name: str
    secure: bool

    def set(self, value: str, lasts: timedelta | None = None) -> str:
        """The value that sets it. `value` is URL-safe; without `lasts` it ends with the browser."""
        age = "" if lasts is None else f"; Max-Age={int(lasts.total_seconds())}"
        return f"{self.name}={value}; Path=/; HttpOnly; SameSite=Lax{self._secure}{age}"

    def clear(self) -> str:
        """The value that takes it away."""
        return f"{self.name}=; Path=/; HttpOnly; SameSite=Lax{self._secure}; Max-Age=0"

    @property
    def _secure(self) -> str:
        return "; Secure" if self.secure else ""


def named(name: str, public_url: str) -> Cookie:
    """The cookie `name` for an installation reached at `public_url`."""
    secure = public_url.startswith("https:")
    return Cookie(f"__Host-{name}" if secure else name, secure)
