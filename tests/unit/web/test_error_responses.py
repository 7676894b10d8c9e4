from __future__ import annotations

import pytest
from sanic.exceptions import MethodNotSupported, NotFound
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.errors import Rejected
from bot.web.error_responses import Failure, judge, place


def test_a_rejection_keeps_its_status_and_sentence() -> None:
    """And says when to come back."""
    failure = judge(Rejected("Te veel.", 429, retry_after=3.4))
    assert (failure.status, failure.sentence) == (429, "Te veel.")
    assert failure.headers["Retry-After"] == "3"


def test_the_frameworks_errors_become_dutch() -> None:
    """A missing page and a wrong method."""
    assert judge(NotFound("x")).sentence == "Deze pagina bestaat niet."
    failure = judge(MethodNotSupported("x", "DELETE", ["GET"]))
    assert failure.status == 405
    assert failure.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("select 1", {}, Exception("locked")),
        NoConnection("QueuePool limit reached"),
        TimeoutError("no turn to write to the database within 30 s"),
    ],
)
def test_a_database_that_is_away_or_busy_is_temporary(error: Exception) -> None:
    """The client tries again."""
    failure = judge(error)
    assert failure.status == 503
    assert failure.sentence.startswith("Dit lukt nu even niet.")
    assert "Retry-After" in failure.headers


def test_what_nobody_foresaw_shows_nothing_of_itself() -> None:
    """Neither type nor message reaches the client."""
    failure = judge(KeyError("Jansen"))
    assert failure.status == 500
    assert "Jansen" not in failure.json + failure.page


def test_a_page_shows_its_sentence_as_text() -> None:
    """Nothing in it is taken for HTML."""
    assert "<b>" not in Failure(400, "<b>x</b>").page


def test_a_log_line_gets_the_place_only() -> None:
    """File and line of where it was raised."""
    with pytest.raises(ValueError, match="Jansen") as caught:
        int("Jansen")
    assert place(caught.value).startswith("test_error_responses.py:")
    assert place(KeyError()) == ""
