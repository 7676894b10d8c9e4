"""Which channels there are: all of a channel's variables, or none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from channels import registry, webchat
from channels.webchat import WebChat

ROOT = Path(__file__).parents[3]
TELEGRAM = {"TELEGRAM_TOKEN": "1:token", "TELEGRAM_SECRET": "secret"}
TWILIO = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "TWILIO_FROM": "+31850000000"}
KANNEL = {
    "KANNEL_SEND_URL": "http://127.0.0.1:13013/cgi-bin/sendsms",
    "KANNEL_USERNAME": "bot",
    "KANNEL_PASSWORD": "pw",
    "KANNEL_SECRET": "a-secret-in-the-get-url",
}
WHATSAPP = {
    "WHATSAPP_TOKEN": "t",
    "WHATSAPP_PHONE_NUMBER_ID": "1",
    "WHATSAPP_APP_SECRET": "s",
    "WHATSAPP_VERIFY_TOKEN": "v",
}


def project(folder: Path, credentials: str) -> Path:
    (folder / "credentials.yml").write_text(credentials, encoding="utf-8")
    return folder


def test_what_is_not_configured_is_absent() -> None:
    """The web chat needs nothing; a variable with a default alone configures nothing."""
    assert set(registry.load(ROOT, {})) == {"webchat"}
    assert set(registry.load(ROOT, {"TELEGRAM_API_URL": "http://localhost"})) == {"webchat"}
    assert registry.push_channels(registry.load(ROOT, {})) == {}


def test_every_channel_of_the_file_can_be_configured() -> None:
    """Two gateways are one channel."""
    env = {**TELEGRAM, **TWILIO, **KANNEL, **WHATSAPP}
    channels = registry.load(ROOT, env)
    assert set(channels) == {"webchat", "whatsapp", "sms", "telegram"}
    assert set(registry.push_channels(channels)) == {"whatsapp", "sms", "telegram"}
    for name, channel in channels.items():
        assert channel.name == name


@pytest.mark.parametrize("complete", [TELEGRAM, TWILIO, KANNEL, WHATSAPP])
def test_a_half_configuration_stops(complete: dict[str, str]) -> None:
    """With a sentence that names what is missing; an empty variable is missing."""
    for missing in complete:
        half = {**complete, missing: ""}
        with pytest.raises(ConfigurationError, match=missing):
            registry.load(ROOT, half)


def test_every_channel_can_be_previewed_unconfigured() -> None:
    """As `loket chat --channel` does."""
    assert set(registry.previews(ROOT, {})) == {"webchat", "whatsapp", "sms", "telegram"}


def test_the_env_file_counts(tmp_path: Path) -> None:
    """As it does for settings; the environment wins."""
    text = (ROOT / "credentials.yml").read_text(encoding="utf-8")
    project(tmp_path, text)
    (tmp_path / ".env").write_text("TELEGRAM_TOKEN=1:token\nTELEGRAM_SECRET=secret\n")
    assert "telegram" in registry.load(tmp_path, {})
    with pytest.raises(ConfigurationError, match="TELEGRAM_SECRET may hold"):
        registry.load(tmp_path, {"TELEGRAM_SECRET": "not allowed!"})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("channels.webchat.WebChat: {}\nchannels.fax.Fax: {}", "no channel channels.fax.Fax"),
        ("WebChat: {}", "no channel WebChat"),
        ("- a", "must name channels"),
        ("channels.webchat.WebChat: [a]", "names with values"),
        ("channels.webchat.WebChat: {colour: red}", "cannot be set up"),
        ("a: {", "not valid YAML"),
    ],
)
def test_a_wrong_file_is_explained(tmp_path: Path, text: str, sentence: str) -> None:
    """In one sentence."""
    with pytest.raises(ConfigurationError, match=sentence):
        registry.load(project(tmp_path, text), {})


def test_a_channel_stands_there_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless it knows how to be two."""

    class Twin(WebChat):
        """Another class of the same name."""

    monkeypatch.setattr(webchat, "Twin", Twin, raising=False)
    text = "channels.webchat.WebChat: {}\nchannels.webchat.Twin: {}"
    with pytest.raises(ConfigurationError, match="Twin is there twice"):
        registry.load(project(tmp_path, text), {})


def test_a_file_that_is_not_there_is_explained(tmp_path: Path) -> None:
    """With the reason."""
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        registry.load(tmp_path, {})


@pytest.mark.slow
def test_rasa_does_not_change_how_the_file_is_read() -> None:
    """Once imported, it fills in variables in every YAML file, and stops at one that is unset."""
    code = (
        "import rasa.shared.utils.io; from pathlib import Path; from channels import registry;"
        "print(sorted(registry.load(Path.cwd(), {})), len(registry.previews(Path.cwd(), {})))"
    )
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "['webchat'] 4"


def test_the_chat_on_web_pages_is_the_first_that_has_a_script() -> None:
    """Of the channels that are configured."""
    profiles = registry.profiles(ROOT)
    assert profiles.script(["sms", "webchat"]) == "/webchat/loket-chat.js"
    assert profiles.script(["sms"]) == ""
