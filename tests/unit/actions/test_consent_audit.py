"""Random conversations over every task of the shop: the short form of `make audit-consent`."""

from __future__ import annotations

from typing import Any

import pytest

from actions.backends import returns
from bot.dialogue import consent
from bot.dialogue.asking import Asker
from tests.consent.audit import Audit
from tests.consent.judge import says_yes

#: The same ones each time; `make audit-consent` plays others.
SEEDS = [f"short-{number}" for number in range(300)]


async def audit(seeds: list[str]) -> Audit:
    """An audit of these conversations."""
    held = Audit()
    with held.office.open():
        for seed in seeds:
            await held.play(seed)
    return held


async def test_no_row_changes_without_a_plain_yes_to_its_own_summary() -> None:
    """Whatever is said before, between and after, and whatever it is taken for."""
    findings = (await audit(SEEDS)).findings
    assert not findings.violations, "\n".join(findings.lines())
    changed = {"deliveries", "meter_readings", "returns", "subscriptions"}
    assert all(findings.counts[f"rows changed: {name}"] for name in changed)


async def _why(faulty: int = 40) -> set[str]:
    findings = (await audit(SEEDS[:faulty])).findings
    return {each.why for each in findings.violations}


async def test_a_yes_with_something_attached_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: whatever begins with yes is taken for one."""
    monkeypatch.setattr(consent, "is_plain_yes", lambda text: text.casefold().startswith("ja"))
    assert "the message was no plain yes" in await _why(150)


async def test_a_yes_to_another_question_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: nobody looks whether the summary was shown last."""

    async def always(_: Asker) -> bool:
        return True

    monkeypatch.setattr(Asker, "is_shown", always)
    assert "no summary stood above the message" in await _why(150)


async def test_another_row_than_was_shown_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a return is registered for a reason that nobody gave."""
    register = returns.register

    def wrongly(conn: Any, number: str, line: int, _: str, *rest: Any) -> Any:
        return register(conn, number, line, "other", *rest)

    monkeypatch.setattr(returns, "register", wrongly)
    assert "the summary did not say andere reden" in await _why(300)


@pytest.mark.parametrize("text", ["ja", "/affirm", "ja hoor", "\U0001f44d", "ga maar door"])
def test_what_the_audit_takes_for_a_yes(text: str) -> None:
    """Told apart from the dialogue's own rule."""
    assert says_yes(text)


@pytest.mark.parametrize("text", ["ja?", "ja maar", "", "hoor", "/deny", "ja 12", "gewoon verder"])
def test_what_the_audit_takes_for_none(text: str) -> None:
    """A question, a condition, a number, or nothing of a yes."""
    assert not says_yes(text)
