"""Opening hours and help with logging in."""

from __future__ import annotations

from datetime import datetime

import pytest

from actions.login_help import ActionLoginHelp
from bot.dialogue import runtime
from bot.dialogue.actions.opening_hours import ActionOpeningHours
from tests.support.form_driver import Conversation

HOURS = ActionOpeningHours()


async def ask(text: str, **entities: object) -> dict[str, object]:
    """The reply to a question about opening hours."""
    said = await Conversation().act(HOURS, text, "opening_hours", **entities)
    return said.messages[0]


async def test_open_now() -> None:
    """Today's hours, then the week."""
    reply = await ask("zijn jullie open")
    assert reply["response"] == "utter_opening_hours"
    assert reply["sentence"] == "Vandaag zijn wij open van 9.00 tot 18.00 uur."
    assert "Zondag: gesloten" in str(reply["week"])


async def test_closed_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the evening it is said when somebody is there again."""
    evening = datetime(2026, 11, 24, 20, 0, tzinfo=runtime.organisation().timezone)
    monkeypatch.setattr(runtime, "now", lambda: evening)
    reply = await ask("zijn jullie open")
    assert (reply["response"], reply["when"]) == (
        "utter_opening_hours_closed",
        "morgen om 9.00 uur",
    )


@pytest.mark.parametrize(
    ("text", "day", "sentence"),
    [
        ("zaterdag", "2026-11-28", "Zaterdag 28 november zijn wij open van 10.00 tot 16.00 uur."),
        ("zondag", "2026-11-29", "Zondag 29 november zijn wij gesloten."),
        ("vrijdag", "2026-12-25", "Vrijdag 25 december zijn wij gesloten (Eerste Kerstdag)."),
    ],
)
async def test_another_day(text: str, day: str, sentence: str) -> None:
    """A day that is named gets its own answer, holidays with their name."""
    assert (await ask(text, date=day))["sentence"] == sentence


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("zijn jullie open met kerst", "Vrijdag 25 december zijn wij gesloten"),
        ("en op 2e kerstdag", "Zaterdag 26 december zijn wij gesloten"),
        ("met oud en nieuw", "Donderdag 31 december zijn wij open"),
        ("goede vrijdag open?", "Vrijdag 26 maart zijn wij gesloten (Goede Vrijdag)"),
        ("en met pasen?", "Zondag 28 maart zijn wij gesloten (Eerste paasdag)"),
    ],
)
async def test_how_customers_call_holidays(text: str, start: str) -> None:
    """Other names than the calendar's; a day with a name of its own is no weekday."""
    assert str((await ask(text, date="2026-11-27"))["sentence"]).startswith(start)


async def test_a_holiday_by_its_name() -> None:
    """'Tweede kerstdag' is a day by the organisation's own calendar."""
    reply = await ask("zijn jullie open op tweede kerstdag?")
    assert reply["sentence"] == "Zaterdag 26 december zijn wij gesloten (Tweede Kerstdag)."


async def test_two_days_are_told_and_of_more_the_week() -> None:
    """'In het weekend' is two days; 'volgende week' is the week."""
    reply = await ask("zijn jullie in het weekend open", date="[2026-11-28,2026-11-29]")
    assert "Zaterdag 28 november zijn wij open" in str(reply["sentence"])
    assert "Zondag 29 november zijn wij gesloten" in str(reply["sentence"])
    reply = await ask("volgende week?", date="[2026-11-30,2026-12-01,2026-12-02]")
    assert reply["response"] == "utter_opening_hours"


async def test_a_day_gone_by_gets_the_week() -> None:
    """Nobody needs the hours of the past."""
    assert (await ask("gisteren", date="2026-11-23"))["response"] == "utter_opening_hours"


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("kan niet inloggen", "utter_login_help"),
        ("wachtwoord vergeten", "utter_login_password"),
        ("ik krijg geen mail met de link", "utter_login_no_mail"),
        ("mijn account is geblokkeerd", "utter_login_blocked"),
    ],
)
async def test_login_steps_for_the_problem(text: str, response: str) -> None:
    """The problem is read from the message, or asked."""
    said = await Conversation().act(ActionLoginHelp(), text, "login_help")
    assert said.responses == (response,)


async def test_a_tapped_login_problem() -> None:
    """The button says which problem it is."""
    said = await Conversation().act(
        ActionLoginHelp(), "/login_help{...}", "login_help", login_problem="blocked"
    )
    assert said.responses == ("utter_login_blocked",)
