"""Actions get a shop of their own, and a clock that stands still."""

from __future__ import annotations

from tests.support.shop_fixtures import _migrated, _own_shop

__all__ = ["_migrated", "_own_shop"]
