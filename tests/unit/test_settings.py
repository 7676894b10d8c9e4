"""Settings: one reader of the environment, defaults that work, a sentence where they cannot."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import Settings
from bot.settings_listing import describe
from bot.settings_loading import load_settings


def load(root: Path, **values: str) -> Settings:
    return load_settings({f"LOKET_{name}": value for name, value in values.items()}, root)


def test_defaults_need_nothing(tmp_path: Path) -> None:
    """An empty environment gives a local installation inside the project's folder."""
    settings = load(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/var/loket.db"
    assert settings.own["shop_database_url"] == f"sqlite:///{tmp_path}/var/shop.db"
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.models_dir == tmp_path / "models"
    assert settings.log_level == "INFO"
    assert settings.var_dir.is_dir()


def test_a_command_may_have_a_default_of_its_own(tmp_path: Path) -> None:
    """It yields to the environment and to .env."""
    mine = {"LOKET_PORT": "9000", "LOKET_LOG_LEVEL": "WARNING"}
    (tmp_path / ".env").write_text("LOKET_LOG_LEVEL=ERROR\n")
    settings = load_settings({"LOKET_PORT": ""}, tmp_path, otherwise=mine)
    assert (settings.port, settings.log_level) == (9000, "ERROR")
    assert load_settings({"LOKET_PORT": "9001"}, tmp_path, otherwise=mine).port == 9001


def test_a_browser_may_call_this_machine_by_each_of_its_names(tmp_path: Path) -> None:
    """The chat works at localhost as well as at 127.0.0.1."""
    assert load(tmp_path, PORT="9000").allowed_origins == (
        "http://127.0.0.1:9000",
        "http://localhost:9000",
        "http://[::1]:9000",
    )


def test_origins_are_compared_in_one_form(tmp_path: Path) -> None:
    """Capitals, a closing slash and the scheme's own port make no other origin."""
    settings = load(
        tmp_path,
        PUBLIC_URL="https://Loket.Example/",
        ALLOWED_ORIGINS=" https://shop.example:443 ,,http://a.example:80",
    )
    assert settings.public_url == "https://loket.example"
    assert settings.allowed_origins == (
        "https://loket.example",
        "https://shop.example",
        "http://a.example",
    )


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8080"),
        ("::", "http://127.0.0.1:8080"),
        ("192.0.2.7", "http://192.0.2.7:8080"),
        ("2001:db8::1", "http://[2001:db8::1]:8080"),
    ],
)
def test_public_url_follows_the_host(tmp_path: Path, host: str, url: str) -> None:
    """Without LOKET_PUBLIC_URL, Loket is where it listens."""
    assert load(tmp_path, HOST=host).public_url == url


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """.env holds what is usual; the environment what holds this time; empty means not set."""
    (tmp_path / ".env").write_text("LOKET_PORT=9001\nLOKET_HOST=192.0.2.1\nLOKET_LOG_LEVEL=\n")
    settings = load(tmp_path, PORT="9002", HOST="")
    assert (settings.port, settings.host, settings.log_level) == (9002, "192.0.2.1", "INFO")


def test_a_typing_error_in_the_file_is_told(tmp_path: Path) -> None:
    """A setting that does nothing because of its spelling would be hard to find."""
    (tmp_path / ".env").write_text("LOKET_PROT=9001\n")
    with pytest.raises(ConfigurationError, match="Did you mean LOKET_PORT"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("SECRET", "short"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("PUBLIC_URL", "loket.example"),
        ("PUBLIC_URL", "https://loket.example/chat"),
        ("ALLOWED_ORIGINS", "*"),
        ("QUIET_MINUTES", "-1"),
        ("TURN_TIMEOUT", "nan"),
        ("DISCLOSURE_EVERY", "0"),
        ("TRUSTED_PROXIES", "many"),
        ("COUNTRY", "Nederland"),
        ("COUNTRY", "XX"),
    ],
)
def test_an_unusable_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    """The sentence says which variable; the exit code says: mend the configuration."""
    with pytest.raises(ConfigurationError, match=f"LOKET_{name}") as caught:
        load(tmp_path, **{name: value})
    assert caught.value.exit_code == 78


def test_words_are_read_in_any_case(tmp_path: Path) -> None:
    """`debug` is as clear as `DEBUG`."""
    assert load(tmp_path, LOG_LEVEL="debug").log_level == "DEBUG"
    assert load(tmp_path, COUNTRY="be").country == "BE"


def test_the_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    """Sessions stay valid over a restart, and nobody else on the machine can sign one."""
    first, second = load(tmp_path).secret, load(tmp_path).secret
    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600


def test_processes_that_start_together_share_the_secret(tmp_path: Path) -> None:
    """Web and worker may both be first."""
    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda _: load(tmp_path).secret, range(64)))
    assert len(secrets) == 1
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """No traceback where a sentence will do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="LOKET_VAR_DIR"):
        load(tmp_path, VAR_DIR=str(tmp_path / "file" / "var"))


@pytest.mark.usefixtures("no_assistant")
def test_the_root_is_where_config_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`loket` works on the assistant one stands in, or on the one that is named."""
    (tmp_path / "config.yml").write_text("")
    monkeypatch.chdir(tmp_path)
    assert load_settings({}).root == tmp_path
    var = str(tmp_path / "var")
    assert load_settings({"LOKET_ROOT": str(tmp_path.parent), "LOKET_VAR_DIR": var}).root == (
        tmp_path.parent
    )


@pytest.mark.usefixtures("no_assistant")
def test_in_a_folder_of_an_assistant_it_is_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever edits `data/nlu` must not talk to another organisation's bot from there."""
    (tmp_path / "config.yml").write_text("")
    (tmp_path / "domain.yml").write_text("")
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "data" / "nlu")
    assert load_settings({}).root == tmp_path


@pytest.mark.usefixtures("no_assistant")
def test_elsewhere_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never the one that Loket's own folder happens to hold; what to do is said."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match="loket new") as refused:
        load_settings({"LOKET_VAR_DIR": str(tmp_path / "var")})
    assert str(tmp_path) in str(refused.value)


@pytest.mark.usefixtures("no_assistant")
@pytest.mark.parametrize(
    "part", ["domain.yml", "actions/__init__.py", "data/nlu/greet.yml", "data/organisation.yml"]
)
def test_one_that_is_begun_is_not_passed_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Nor for one in a folder above, whatever folder of it one stands in."""
    for name in ("config.yml", "domain.yml"):
        (tmp_path / name).write_text("")
    begun, within = tmp_path / "begun", tmp_path / "begun" / "notes"
    (begun / part).parent.mkdir(parents=True)
    (begun / part).write_text("")
    within.mkdir()
    monkeypatch.chdir(within)
    with pytest.raises(ConfigurationError, match="no assistant yet") as refused:
        load_settings({"LOKET_VAR_DIR": str(tmp_path / "var")})
    assert str(begun) in str(refused.value)


def test_nothing_secret_is_shown(tmp_path: Path) -> None:
    """Neither the list of settings nor a printed Settings gives a key or password away."""
    settings = load(
        tmp_path,
        SECRET="s" * 40,
        DATABASE_URL="postgresql://loket:hush@db.example/loket",
        SHOP_DATABASE_URL="postgresql:///shop?user=me&password=hush",
    )
    shown = {row.env: row.value for row in describe(settings)}
    assert shown["LOKET_SECRET"] == "(hidden)"
    assert shown["LOKET_DATABASE_URL"] == "postgresql://***@db.example/loket"
    assert "hush" not in str(shown) + repr(settings)
    assert "ssss" not in str(shown) + repr(settings)


def test_every_setting_is_explained(tmp_path: Path) -> None:
    """`loket settings` has a meaning and a default for each."""
    for row in describe(load(tmp_path)):
        assert row.meaning.endswith((".", ":")), row.env
        assert row.default, row.env


@pytest.mark.parametrize("part", ["domain.yml", "actions/__init__.py"])
def test_an_unfinished_assistant_is_not_taken_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Its own code would be ignored without a word, and somebody else's bot would answer."""
    (tmp_path / part).parent.mkdir(exist_ok=True)
    (tmp_path / part).touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=r"no config\.yml"):
        load_settings({})


@pytest.mark.parametrize(
    ("shared", "why"), [("short", "at least 32"), ("x" * 40, "the same as LOKET_SECRET")]
)
def test_the_websites_secret_is_long_and_its_own(tmp_path: Path, shared: str, why: str) -> None:
    """Whoever knows it can be any customer; Loket's own key is nobody else's."""
    env = {
        "LOKET_VAR_DIR": str(tmp_path),
        "LOKET_SECRET": "x" * 40,
        "LOKET_WEBCHAT_SITE_SECRET": shared,
    }
    with pytest.raises(ConfigurationError, match=why):
        load_settings(env)
    assert load_settings({**env, "LOKET_WEBCHAT_SITE_SECRET": "y" * 32}).webchat_site_secret
