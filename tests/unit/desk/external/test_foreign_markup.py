"""Markup of another system becomes plain text, and takes no word with it."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.desk.external.foreign_markup import plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Het is **vandaag** *echt* ~~niet~~ `17:00`.", "Het is vandaag echt niet 17:00."),
        ("Dag.\n\nTot morgen.", "Dag.\n\nTot morgen."),
        ("Regel een\\\nregel twee\nregel drie", "Regel een\nregel twee\nregel drie"),
        ("Kies:\n\n* thuis\n* winkel", "Kies:\n\n* thuis\n* winkel"),
        ("3. derde\n4. vierde", "3. derde\n4. vierde"),
        ("1. een\n   - binnen\n2. twee", "1. een\n   - binnen\n2. twee"),
        ("> u schreef\n\nJa.", "> u schreef\n\nJa."),
        ("# Kop\n\nTekst", "Kop\n\nTekst"),
        ("5 \\* 3 en a\\_b", "5 * 3 en a_b"),
        ("[Volg uw pakket](https://a.example/x)", "Volg uw pakket (https://a.example/x)"),
        ("[https://a.example/x](https://a.example/x)", "https://a.example/x"),
        ("[a.example](https://a.example/)", "a.example"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("[info@a.example](mailto:info@a.example)", "info@a.example"),
        ("![kaart](https://a.example/k.png)", "kaart (https://a.example/k.png)"),
        ("zie https://a.example/__x__/*y*/z_(1).", "zie https://a.example/__x__/*y*/z_(1)."),
        ("zie **https://a.example/x**, dank", "zie https://a.example/x, dank"),
        ("zie https://a.example/a\\_b", "zie https://a.example/a_b"),
        ("[let op]: morgen", "[let op]: morgen"),
        ("vul <naam> in, of <b>niets</b>", "vul <naam> in, of niets"),
        ("<p>Dag</p><p>Tot<br>morgen</p>", "Dag\n\nTot\nmorgen"),
        ("<ul><li>een</li><li>twee</li></ul>", "- een\n- twee"),
        ('<a href="https://a.example/x">Volg <b>het</b></a>.', "Volg het (https://a.example/x)."),
        ("5 < 6 &amp; 7 > 3", "5 < 6 & 7 > 3"),
        ("+31 6 en + 31", "+31 6 en + 31"),
        ("    ingesprongen", "ingesprongen"),
        ("---", "---"),
        ("", ""),
    ],
)
def test_what_is_read_is_what_was_meant(written: str, read: str) -> None:
    """Lines, lists, quotes and addresses stay; signs of an editor go."""
    assert plain(written) == read


SIGNS = "abc12 *_~`[]()#>-+.\n\\<|:"


@given(st.text(SIGNS, max_size=60))
@example("```js\nab\n```")
@example("[a]: b\n")
@example("a\n---")
@example("http://")
@example("<a>1")
def test_no_word_is_lost(written: str) -> None:
    """Every letter and digit that was written is there, in its order."""
    said = iter(plain(written))
    assert all(sign in said for sign in re.sub(r"[^a-z0-9]", "", written))


@given(st.text("abc12_*~/.-=?&()", min_size=1, max_size=30))
def test_an_address_stays_whole(path: str) -> None:
    """Whatever in it looks like markup: a link that does not work is worse than a sign too many."""
    address = f"https://a.example/{path}"
    kept = re.sub(r"[*_~.?&()=/-]+$", "", address)
    assert kept in plain(f"Zie {address} voor meer.")


@given(st.lists(st.sampled_from(["dag", "1", "tot,", "morgen.", "€5"]), min_size=1, max_size=9))
def test_plain_words_stay_as_they_are(words: list[str]) -> None:
    """Most agents write no markup at all."""
    assert plain(" ".join(words)) == " ".join(words)
