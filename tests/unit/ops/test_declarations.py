"""Which changes of `actions/` a model is made from: declarations, not what functions do."""

from __future__ import annotations

import pytest

from bot.ops.declarations import declarations

SOURCE = '''
"""Lends books."""
DAYS = 21

class LendBookForm(TaskForm):
    """Asks which."""

    topic = Topic("lend_book", slots={"title": ""})

    def questions(self, answers):
        """The title."""
        found = look_up(answers)
        return (found, CONFIRM)


class ActionLendBook(Action):
    def name(self):
        return "action_lend_book"

    async def run(self, dispatcher, tracker, domain):
        await lend()
        return []
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('Topic("lend_book"', 'Topic("borrow_book"'),
        ('{"title": ""}', '{"title": "", "days": ""}'),
        ('"action_lend_book"', '"action_borrow_book"'),
        ("DAYS = 21", "DAYS = 14"),
        ("(TaskForm)", "(OtherForm)"),
    ],
)
def test_a_declaration_counts(old: str, new: str) -> None:
    """Names, slots, classes and constants."""
    assert declarations(SOURCE.encode()) != declarations(SOURCE.replace(old, new).encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("look_up(answers)", "look_up(answers, 3)"),
        ("await lend()", "await lend(now=True)"),
        ('"""Asks which."""', '"""Asks for a title."""'),
        ('"""Lends books."""', ""),
        ("DAYS = 21", "DAYS = 21  # three weeks"),
    ],
)
def test_what_a_function_does_does_not(old: str, new: str) -> None:
    """Nor what is said about it."""
    assert declarations(SOURCE.encode()) == declarations(SOURCE.replace(old, new).encode())


def test_what_is_no_python_counts_whole() -> None:
    """Whoever imports it says what is wrong."""
    assert declarations(b"class :") == b"class :"
