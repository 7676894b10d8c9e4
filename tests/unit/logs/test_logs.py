"""Logging: one stream on standard error, and nothing personal in it, wherever it comes from."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.logs import logging_setup
from bot.logs.library_lines import WITHHELD
from bot.logs.personal_data import MASK, is_private, mask, mask_text
from tests.support.logs import logging_restored

LEAKS = [
    "jan.de-vries+test@voorbeeld.nl",
    "06-12345678",
    "0612345678",
    "+31 6 1234 5678",
    "+31 (0)20 123 45 67",
    "0031612345678",
    "020 1234567",
    "NL91ABNA0417164300",
    "NL91 ABNA 0417 1643 00",
    "1234 AB",
    "1234ab",
    "9711 lx",
    "123456782",
    "4532015112830366",
    "NL.13491208655302741918",
    "NL.ENT.11815799212886844830",
    "wamid.HBgLMzE2MTIzNDU2NzgVAgASGBQzQTdBNUU0NzM1RUY4NkNDRjk2RQA=",
]


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Puts logging back as pytest had it."""
    with logging_restored():
        yield


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


@pytest.mark.parametrize("leak", LEAKS)
def test_a_text_loses_what_points_at_a_person(leak: str) -> None:
    """In the middle, at either end, and between marks."""
    for text in (leak, f"klant {leak} belt", f"({leak})", f"'{leak}',"):
        masked = mask_text(text)
        assert MASK in masked
        assert leak not in masked


@pytest.mark.parametrize(
    "text",
    [
        "turn_done",
        "0b5e2a6f9c4d41d7a3f0c1d2e3f4a5b6",
        "550e8400-e29b-41d4-a716-446655440000",
        "2026-08-02T09:30:00Z",
        "http://127.0.0.1:8080/webchat/events",
        "port 8080 is in use",
        "loket-bde4ccbc63f3.tar.gz",
        "0.333333333",
        "i12.o34",
    ],
)
def test_a_text_keeps_what_a_reader_of_logs_needs(text: str) -> None:
    """Ids, times, addresses of servers and names of files stay legible."""
    assert mask_text(text) == text


@given(st.from_regex(r"0[1-9][0-9]{8}|\+316[0-9]{8}|[0-9]{6,20}", fullmatch=True))
def test_no_number_of_a_person_passes(number: str) -> None:
    """Phone numbers and long numbers never come through, whichever they are."""
    assert number not in mask_text(f"van {number} naar hier")


def test_fields_are_private_by_name() -> None:
    """The names under which customers' data travels; not their harmless relatives."""
    private = ["text", "name", "card_number", "sender", "emailAddress", "API_TOKEN", "user-name"]
    assert all(map(is_private, private))
    assert not any(map(is_private, ["worker_name", "message_id", "conversation_id", "ms", "host"]))


def test_values_are_masked_at_any_depth() -> None:
    """A dictionary in a list in a field is read too; numbers stay numbers."""
    seen = mask({"rows": [{"email": "x", "n": 3}, ("bel 0612345678",)], "ok": True, "none": None})
    assert seen == {"rows": [{"email": MASK, "n": 3}, [f"bel {MASK}"]], "ok": True, "none": None}


def test_both_kinds_of_logging_give_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Structlog and standard logging come out alike: level, logger, time, event."""
    logging_setup.configure("INFO", "json")
    structlog.get_logger("bot.test").info("turn_done", conversation_id="a1", text="geheim")
    logging.getLogger("some.library").warning("call %s", "0612345678")
    logging.getLogger("bot.test").warning("call %s", "0612345678")
    ours, theirs, standard = lines(capsys)
    assert (ours["event"], ours["level"], ours["logger"]) == ("turn_done", "info", "bot.test")
    assert (ours["conversation_id"], ours["text"]) == ("a1", MASK)
    assert (theirs["event"], theirs["level"]) == ("call %s", "warning")
    assert (standard["event"], standard["level"]) == (f"call {MASK}", "warning")
    assert ours["timestamp"].endswith("Z")


def read_number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise LookupError(f"geen nummer: {text}") from error


SAID = "mijn pakket is weg, groet Jan"


def fail() -> None:
    try:
        read_number(SAID)
    except LookupError:
        raise ExceptionGroup(SAID, [KeyError(SAID), RuntimeError(SAID)])  # noqa: B904 - the point


def test_an_exception_is_logged_by_type_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    """Its text may quote a customer, and so may those of the exceptions it arose from."""
    logging_setup.configure("INFO", "json")
    for say in (structlog.get_logger("bot.test").exception, logging.getLogger("rasa").exception):
        try:
            fail()
        except ExceptionGroup:
            say("turn_failed")
    shown = lines(capsys)
    assert [line["level"] for line in shown] == ["error", "error"]
    for line in shown:
        assert SAID not in json.dumps(line, ensure_ascii=False)
        told = line["exception"].splitlines()
        assert [part for part in told if not part.startswith("  ")] == [
            "ExceptionGroup",
            "with KeyError",
            "with RuntimeError",
            "while handling LookupError",
            "because of ValueError",
        ]
        assert all(re.fullmatch(r"  [\w/.-]+\.py:\d+ in \w+", p) for p in told if p[0] == " ")
        assert any("unit/logs/test_logs.py:" in part for part in told)
        assert "int(text)" not in line["exception"]


def test_a_long_or_circular_exception_ends(capsys: pytest.CaptureFixture[str]) -> None:
    """A recursion is cut short, and two exceptions that name each other are told once each."""

    def dive(depth: int) -> None:
        if depth:
            dive(depth - 1)
        first, second = ValueError(), KeyError()
        first.__cause__, second.__cause__ = second, first
        raise first

    logging_setup.configure("INFO", "json")
    try:
        dive(200)
    except ValueError as error:
        logging.getLogger("bot.test").error("deep", exc_info=error)
    (line,) = lines(capsys)
    told = line["exception"].splitlines()
    assert len(told) < 40
    assert "more)" in told[1]
    assert told[-1] == "because of KeyError"


async def test_a_lost_task_is_logged_without_its_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Asyncio puts the task into its message, and the exception's text with it."""
    logging_setup.configure("INFO", "json")
    error = ValueError(SAID)
    context = {"message": "Task exception was never retrieved", "exception": error, "task": error}
    asyncio.get_running_loop().default_exception_handler(context)
    (line,) = lines(capsys)
    assert (line["event"], line["exception"]) == (context["message"], "ValueError")
    assert SAID not in json.dumps(line)


def test_libraries_keep_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """Rasa's remarks quote customers, and deprecations are not for who runs Loket."""
    logging_setup.configure("INFO", "json")
    logging.getLogger("rasa.core.processor").info("Received user message")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        warnings.warn(SAID, UserWarning, stacklevel=1)
    (line,) = lines(capsys)
    assert line["event"] == "UserWarning"
    assert line["at"].startswith("test_logs.py:")


def test_a_person_gets_readable_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """The console form is for a terminal, and masks as well."""
    logging_setup.configure("DEBUG", "console")
    structlog.get_logger("bot.test").debug("claimed", conversation_id="a1", token="t")
    shown = capsys.readouterr().err
    assert "claimed" in shown
    assert "conversation_id=a1" in shown
    assert f"token={MASK}" in shown


def test_libraries_are_told_before_they_are_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """No usage statistics leave the machine, unless somebody asked for that."""
    monkeypatch.delenv("RASA_TELEMETRY_ENABLED", raising=False)
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    logging_setup.quiet_libraries()
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "0"


def by_fstring(said: str) -> None:
    logging.getLogger("some.library").error(f"could not parse {said}")  # noqa: G004 - libraries do


def by_argument(said: str) -> None:
    logging.getLogger("some.library").error("could not parse %s", said)


def by_mapping(said: str) -> None:
    logging.getLogger("some.library").error("could not parse %(said)s", {"said": said})


def by_message_alone(said: str) -> None:
    logging.getLogger("some.library").error(said)


def by_extra(said: str) -> None:
    logging.getLogger("some.library").error("could not parse", extra={"said": said})


def by_exception(said: str) -> None:
    try:
        raise ValueError(said)
    except ValueError as error:
        logging.getLogger("some.library").exception(error)  # noqa: TRY401 - libraries do


def by_wrong_arguments(said: str) -> None:
    logging.getLogger("some.library").error("could not parse", said)  # noqa: PLE1205 - they do


def by_own_level(said: str) -> None:
    library = logging.getLogger("some.chatty.library")
    library.setLevel(logging.DEBUG)
    library.debug("parsing %s", said)


def by_structlog(said: str) -> None:
    structlog.get_logger("rasa.core").error("message.received", text=said, harmless=said)


def by_structlog_event(said: str) -> None:
    structlog.get_logger("rasa.core").error(f"received {said}")


def by_structlog_argument(said: str) -> None:
    structlog.get_logger("rasa.core").error("received %s", said)


def by_warning(said: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(said, UserWarning, stacklevel=1)


WAYS = [
    by_fstring, by_argument, by_mapping, by_message_alone, by_extra, by_exception,
    by_wrong_arguments, by_own_level, by_structlog, by_structlog_event, by_structlog_argument,
    by_warning,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.text(st.characters(categories=["L"]), min_size=5).map("GEHEIM {}".format))
def test_a_library_cannot_quote_a_customer(
    capsys: pytest.CaptureFixture[str], way: Any, said: str
) -> None:
    """However it logs, at whatever level; which line of it that was is told."""
    logging_setup.configure("DEBUG", "json")
    way(said)
    captured = capsys.readouterr()
    assert said not in captured.out + captured.err
    assert "GEHEIM" not in captured.out + captured.err
    if way is by_own_level:
        assert captured.err == ""
    elif way is by_wrong_arguments:
        assert captured.err.startswith("logging_failed test_logs.py:")
    else:
        (line,) = captured.err.splitlines()
        assert json.loads(line)["at"].startswith("test_logs.py:")


def test_what_a_library_was_written_to_say_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Words that are in its source, as they stand there; others are not."""
    logging_setup.configure("INFO", "json")
    by_argument("x")
    by_structlog("x")
    by_fstring("x")
    events = [line["event"] for line in lines(capsys)]
    assert events == ["could not parse %s", "message.received", WITHHELD]


_CONFIGURE = "from bot.logs import logging_setup; logging_setup.configure('DEBUG', 'json')"
ENDS = {
    "process": ("raise ValueError('GEHEIM')", "process_failed"),
    "group": ("raise ExceptionGroup('GEHEIM', [KeyError('GEHEIM')])", "process_failed"),
    "thread": (
        (
            "import threading\ndef fail(): raise ValueError('GEHEIM')\n"
            "threading.Thread(target=fail).start()"
        ),
        "thread_failed",
    ),
    "finalizer": (
        "class Thing:\n  def __del__(self): raise ValueError('GEHEIM')\nThing()",
        "exception_ignored",
    ),
    "task": (
        (
            "import asyncio\nasync def fail(): raise ValueError('GEHEIM')\n"
            "async def main():\n  asyncio.create_task(fail())\n  await asyncio.sleep(0)\n"
            "asyncio.run(main())"
        ),
        "Task exception was never retrieved",
    ),
    "callback": (
        (
            "import asyncio\ndef fail(said): raise ValueError(said)\nasync def main():\n"
            "  asyncio.get_running_loop().call_soon(fail, 'GEHEIM')\n  await asyncio.sleep(0)\n"
            "asyncio.run(main())"
        ),
        "Exception in callback",
    ),
}


@pytest.mark.parametrize("kind", ENDS)
def test_the_last_words_of_a_process_quote_nobody(kind: str) -> None:
    """What Python itself would print is an event: types and places, not the exception's text."""
    program, event = ENDS[kind]
    done = subprocess.run(
        [sys.executable, "-c", f"{_CONFIGURE}\n{program}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "GEHEIM" not in done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    told = json.loads(line)
    assert told["event"] == event
    assert re.match("ValueError|ExceptionGroup", told["exception"])


def test_a_sentence_for_who_starts_loket_is_printed() -> None:
    """Our own errors are written to be read, and quote nobody."""
    program = (
        "from bot.logs import logging_setup as log\nfrom bot.errors import ConfigurationError\n"
        "log.configure('DEBUG', 'json')\nraise ConfigurationError('Choose another port.')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "ConfigurationError: Choose another port.\n")


def test_a_developer_may_see_the_whole_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """Once an exception, beside a line that is as it always is; nobody else sees it."""
    for asked in (True, False):
        logging_setup.configure("INFO", "json", tracebacks=asked)
        try:
            read_number(SAID)
        except LookupError as error:
            structlog.get_logger("bot.x").error("action_failed", error=type(error).__name__)
            logging.getLogger("rasa.x").exception("It failed.")
        shown = capsys.readouterr().err
        assert shown.count(f"LookupError: geen nummer: {SAID}") == asked
        assert ("Traceback (most recent call last)" in shown) == asked
        assert '"event": "action_failed"' in shown
