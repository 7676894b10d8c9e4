"""Rate limits: a token bucket per session and per address, in bounded memory.

Each web process counts for itself. The limits protect the service from floods; they are wide
enough that nobody who types meets them.
"""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from bot.catalogue import say
from bot.errors import Rejected

#: Most buckets kept at once by one limit; the one used longest ago goes first.
MAX_BUCKETS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate: how often something may happen.

    Attributes:
        burst: how many times at once after a quiet period.
        per_second: how many times a second in the long run.
    """

    burst: int
    per_second: float


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class RateLimit:
    """Token buckets of one rate, one per key.

    Args:
        rate: burst and refill.
        capacity: most keys remembered. A forgotten key starts with a full bucket.
    """

    def __init__(self, rate: Rate, capacity: int = MAX_BUCKETS) -> None:
        self._rate = rate
        self._capacity = capacity
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, key: str, now: float) -> None:
        """Counts one event of `key`.

        Args:
            key: the session or address that is limited.
            now: monotonic time in seconds.

        Raises:
            Rejected: 429 with `retry_after` in whole seconds, when the bucket is empty.
        """
        bucket = self._buckets.pop(key, None) or _Bucket(self._rate.burst, now)
        refilled = bucket.level + (now - bucket.at) * self._rate.per_second
        bucket.level = min(float(self._rate.burst), refilled)
        bucket.at = now
        self._buckets[key] = bucket
        if len(self._buckets) > self._capacity:
            self._buckets.popitem(last=False)
        if bucket.level < 1:
            wait = math.ceil((1 - bucket.level) / self._rate.per_second)
            raise Rejected(
                say("web.too_many_messages", wait=_seconds(wait)),
                429,
                retry_after=wait,
            )
        bucket.level -= 1


def address_key(address: str) -> str:
    """The key of a network address: itself for IPv4, its /64 for IPv6.

    One household or phone holds a whole IPv6 /64, so counting single addresses would limit nobody.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _seconds(count: int) -> str:
    return say("web.second") if count == 1 else say("web.seconds", count=count)
