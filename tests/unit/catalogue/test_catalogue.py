"""The framework's texts and an assistant's own in place of them: read, refused, said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import catalogue
from bot.catalogue.text_placeholders import Malformed, placeholders
from bot.conversation import built_in_messages
from bot.errors import ConfigurationError
from bot.ops import text_loading as in_use

CREDENTIALS = "channels.webchat.WebChat: {}\nchannels.whatsapp.WhatsApp: {}\n"


@pytest.fixture(autouse=True)
def framework_afterwards() -> Iterator[None]:
    """What a test puts in use is taken out again."""
    yield
    catalogue.use(catalogue.framework())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project without texts of its own."""
    (tmp_path / "data").mkdir()
    (tmp_path / "credentials.yml").write_text(CREDENTIALS, encoding="utf-8")
    return tmp_path


def write(root: Path, content: str) -> None:
    (root / "data" / "texts.yml").write_text(content, encoding="utf-8")


def refusal(root: Path, content: str) -> str:
    """What is said about such a file."""
    write(root, content)
    with pytest.raises(ConfigurationError) as refused:
        in_use.use(root)
    return str(refused.value)


def test_what_customers_read_is_what_it_was() -> None:
    """A handful of texts, word for word: the catalogue moved them and changed none."""
    assert built_in_messages.disclosure().text == (
        "U chat met een AI-assistent, geen mens. Wilt u een mens spreken? Typ ‘medewerker’."
    )
    assert built_in_messages.to_human().text == (
        "Een medewerker gaat u helpen. Uw vraag en dit gesprek gaan mee: u hoeft niets te herhalen."
    )
    assert [built_in_messages.medewerker().title, built_in_messages.back_to_bot().title] == [
        "Medewerker",
        "Naar de AI-assistent",
    ]
    assert built_in_messages.unreadable("voice", ()).text == (
        "Ik kan geen spraakbericht afluisteren. Typ uw vraag, of typ ‘medewerker’."
    )
    assert (
        built_in_messages.thanks_for_score(4, "given")
        == "Dank u. Uw cijfer voor de medewerker is een 4."
    )
    assert catalogue.say("queue.task_offer", task="Retour aanmelden") == (
        "Daar kan ik nu ook bij helpen: Retour aanmelden. U gaat dan uit de rij."
    )


def test_one_key_is_overridden_and_the_others_stay(root: Path) -> None:
    """Another voice takes a line a text, from the start on."""
    write(root, 'chat.failed: "Oeps, dat ging mis."\nrating.given: "Dank je: een {score}."\n')
    in_use.use(root)
    assert built_in_messages.failed().text == "Oeps, dat ging mis."
    assert built_in_messages.thanks_for_score(5, "given") == "Dank je: een 5."
    assert built_in_messages.to_bot().text == "U praat weer met de AI-assistent."


def test_a_group_follows_an_override(root: Path) -> None:
    """Also where several texts are taken at once, in the framework's order."""
    write(root, 'queue.noted_short.first: "Staat erbij."\n')
    in_use.use(root)
    assert built_in_messages.noted_short() == ("Staat erbij.", "Ook dit staat erbij.")


def test_a_project_without_the_file_says_the_frameworks_texts(root: Path) -> None:
    """And an empty file is as good as none."""
    assert catalogue.load(root) is catalogue.framework()
    write(root, "# Nothing yet.\n")
    assert dict(catalogue.load(root).entries) == dict(catalogue.framework().entries)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('\nchat.faild: "Oeps."', "line 2: there is no text chat.faild. Do you mean chat.failed?"),
        ('zebra: "x"', "data/texts.yml line 1: there is no text zebra. `loket texts` lists"),
        ("chat.failed:", "data/texts.yml line 1: chat.failed is empty. Write a text, or take"),
        ('chat.failed: " "', "data/texts.yml line 1: chat.failed is empty."),
        ('rating.given: "Dank je."', "rating.given must hold {score}. Put it into the text."),
        ('rating.given: "{score} {name}"', "rating.given knows no {name}. It can fill in {score}."),
        ('chat.failed: "Oeps, {name}."', "chat.failed knows no {name}. It fills nothing in."),
        ('rating.given: "{score!r}"', "rating.given: between braces may stand a name and nothing"),
        ('rating.given: "{score.real}"', "rating.given: between braces may stand a name"),
        ('rating.given: "{score"', "rating.given: a brace is not closed or not opened."),
        ("rating.given: {score}", "data/texts.yml line 1: rating.given holds no text."),
        ("chat: {failed: Oeps}", "data/texts.yml line 1: chat holds no text."),
        ('chat.failed: "a"\nchat.failed: "b"', "line 2: chat.failed is there twice, on line 1 too"),
        ("chat.failed", "data/texts.yml line 1: no key. Write each text on a line of its own"),
        ('chat.failed: "a\x01"', "data/texts.yml line 1: this is no YAML (a control character)."),
        ('chat.failed: "a', "data/texts.yml line 1: this is no YAML ("),
        ('button.person: "Een van onze medewerkers"',
         "button.person has 24 characters; a button on whatsapp holds 20. Shorten it."),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_refused(root: Path, content: str, said: str) -> None:
    """At training and at the start: file, line, key and the way out."""
    assert said in refusal(root, content)


def test_all_that_is_wrong_is_told_at_once(root: Path) -> None:
    """Nobody mends one line a start."""
    told = refusal(root, 'zebra: "x"\nchat.failed:\n')
    assert told.splitlines()[0] == "A text cannot be said."
    assert len(told.splitlines()) == 3


def test_a_file_that_is_no_utf8_is_refused(root: Path) -> None:
    """As an editor of long ago would save it."""
    (root / "data" / "texts.yml").write_bytes('chat.failed: "é"'.encode("latin-1"))
    with pytest.raises(ConfigurationError, match="Save it as UTF-8"):
        in_use.use(root)


def test_a_button_only_has_to_fit_where_there_are_buttons(root: Path) -> None:
    """A longer one is fine for who has no channel that is so strict."""
    (root / "credentials.yml").write_text("channels.webchat.WebChat: {}\n", encoding="utf-8")
    write(root, 'button.person: "Een van onze medewerkers"\n')
    in_use.use(root)
    assert built_in_messages.medewerker().title == "Een van onze medewerkers"


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Placeholders of what cannot be filled in are never guessed."""
    try:
        names = placeholders(text)
    except Malformed:
        return
    assert isinstance(text.format_map(dict.fromkeys(names, "x")), str)


def test_a_disclosure_in_other_words_still_says_what_answers(root: Path) -> None:
    """The law wants it said (AI Act, art. 50), whoever writes the text."""
    said = refusal(root, "chat.disclosure: U praat met Lisa van de balie.\n")
    assert said.endswith(
        "data/texts.yml line 1: chat.disclosure does not say that an AI answers. Put it into the "
        "text."
    )
    write(root, "chat.disclosure: Je praat met onze chatbot.\n")
    in_use.use(root)
    assert built_in_messages.disclosure().text == "Je praat met onze chatbot."
