"""What is told of a turn, for a program that judges it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.cli import chat_report
from bot.messages import Choice, Media, Notice, Option, Quote, Text
from bot.records.handover_record import Handover
from bot.store.worker.turn_trace import TurnTrace

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def test_a_quote_has_its_source() -> None:
    """The passage, the page's title and address, and how old it is."""
    told = chat_report.reply(
        Quote("Ja.", "Ja. Dat kan.", "Ruilen", "https://a.example/ruilen", date(2026, 1, 2))
    )
    assert (told["kind"], told["text"], told["passage"]) == ("quote", "Ja.", "Ja. Dat kan.")
    assert (told["title"], told["source"]) == ("Ruilen", "https://a.example/ruilen")
    assert (told["date"], told["links"]) == ("2026-01-02", ["https://a.example/ruilen"])


def test_options_and_links() -> None:
    """Each address once, without the sentence's full stop."""
    said = Choice("Zie https://a.example/x. Of https://a.example/x?", (Option("Ja", "/affirm"),))
    told = chat_report.reply(said)
    assert told["options"] == [{"title": "Ja", "payload": "/affirm"}]
    assert told["links"] == ["https://a.example/x"]
    assert chat_report.reply(Text("Dag."))["links"] == []
    assert chat_report.reply(Notice("Dag.", "to_human"))["notice"] == "to_human"
    assert chat_report.reply(Media("a", "https://a.example/i.png", "image/png"))["links"]


def test_understanding() -> None:
    """How sure, what else it may have been, and what was read in it."""
    parsed = {
        "intent": {"name": "greet", "confidence": 0.91234},
        "intent_ranking": [{"name": str(n), "confidence": 0.1} for n in range(9)],
        "entities": [{"entity": "date", "value": "2026-01-02", "start": 0, "end": 3}],
    }
    told = chat_report.understood("greet", parsed)
    assert told is not None
    assert (told["intent"], told["confidence"], len(told["ranking"])) == ("greet", 0.9123, 3)
    assert told["entities"] == [{"entity": "date", "value": "2026-01-02"}]
    assert chat_report.understood(None, None) is None
    assert chat_report.understood("greet", None) == {"intent": "greet", "confidence": None}


def test_what_a_person_is_told() -> None:
    """With the summary, as a judge looks whether everything said is in it."""
    waiting = Handover(1, "c", "asked", "greet", {"told": []}, NOW, team="a")
    told = chat_report.state(None, TurnTrace(form="a_form", asks="b"), waiting)
    assert (told["owner"], told["closed"], told["form"], told["asks"]) == (
        "bot",
        False,
        "a_form",
        "b",
    )
    assert told["handover"]["summary"] == {"told": []}
    assert "handover" not in chat_report.state(None, TurnTrace(), None)
