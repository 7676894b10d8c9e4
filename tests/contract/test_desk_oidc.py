"""Logging in with the organisation's account, against a provider that is strict and may lie."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from bot.store.desk import agents
from bot.store.sql.database import Database
from tests.providers.oidc import CLIENT, SECRET, FakeProvider
from tests.support import desk_people
from tests.support.desk_people import Browser
from tests.support.webchat import Server, running

SAMIRA = {
    "sub": "00u1",
    "email": "Samira@voorbeeld.example",
    "email_verified": True,
    "given_name": "Samira",
}


@pytest.fixture(scope="module")
def provider() -> Iterator[FakeProvider]:
    with FakeProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
def server(provider: FakeProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("desk"), **settings(provider)) as server:
        provider.redirect_uri = f"{server.url}/desk/oidc/callback"
        add(server, "samira@voorbeeld.example")
        yield server


@pytest.fixture(autouse=True)
def honest(provider: FakeProvider) -> None:
    provider.person, provider.lies, provider.userinfo = dict(SAMIRA), {}, {}
    provider.sign, provider.down = "right", False


@pytest.fixture
def browser(server: Server) -> Iterator[Browser]:
    with Browser(server.url) as browser:
        yield browser


def settings(provider: FakeProvider, **more: str) -> dict[str, str]:
    return {
        "LOKET_OIDC_ISSUER": provider.url,
        "LOKET_OIDC_CLIENT_ID": CLIENT,
        "LOKET_OIDC_CLIENT_SECRET": SECRET,
        "LOKET_TRUSTED_PROXIES": "1",
        **more,
    }


def add(server: Server, login: str) -> None:
    """As `loket desk add-user --oidc` does."""
    desk_people.add(server.folder, login, password=False)


def log_in(browser: Browser, provider: FakeProvider, wanted: str = "/desk") -> httpx.Response:
    """To the provider and back."""
    there = browser.get("/desk/oidc", params={"next": wanted})
    assert there.status_code == 303, there.text
    return browser.get(provider.authorize(there.headers["location"]))


def account(server: Server, login: str) -> agents.Account | None:
    database = Database(f"sqlite:///{server.folder / 'loket.db'}")
    try:
        with database.read() as conn:
            return agents.by_login(conn, login)
    finally:
        database.dispose()


def test_somebody_who_was_added_gets_in(
    server: Server, provider: FakeProvider, browser: Browser
) -> None:
    """By the verified address the first time, by the subject ever after."""
    assert "organisatie-account" in browser.get("/desk/login").text
    answer = log_in(browser, provider, "/desk/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/account")
    assert "samira@voorbeeld.example" in browser.get("/desk/account").text
    found = account(server, "samira@voorbeeld.example")
    assert found
    assert found.oidc_subject == f"{provider.url}#00u1"
    provider.person |= {"email": "anders@voorbeeld.example"}
    with Browser(server.url) as again:
        assert log_in(again, provider).status_code == 303
    provider.person = {**SAMIRA, "sub": "00u2"}  # the address was given to somebody else
    with Browser(server.url) as other:
        assert log_in(other, provider).status_code == 403


def test_who_was_not_added_is_refused_in_words(provider: FakeProvider, browser: Browser) -> None:
    """The page says what to ask and under which name."""
    provider.person = {**SAMIRA, "sub": "00u9", "email": "vreemd@voorbeeld.example"}
    answer = log_in(browser, provider)
    assert answer.status_code == 403
    assert "toe te voegen met inlognaam vreemd@voorbeeld.example" in answer.text
    assert browser.get("/desk/account").status_code == 303


def test_an_unverified_address_is_nobodys(
    server: Server, provider: FakeProvider, browser: Browser
) -> None:
    """Who may write any address at the provider does not get its owner's account."""
    add(server, "bram@voorbeeld.example")
    for verified in (False, "true", None):
        provider.person = {"sub": "00u8", "email": "bram@voorbeeld.example"}
        provider.person |= {"email_verified": verified}
        assert log_in(browser, provider).status_code == 403


def test_an_account_with_a_password_is_not_given_away(
    server: Server, provider: FakeProvider, browser: Browser
) -> None:
    """Only its password opens it."""
    desk_people.add(server.folder, "joost@voorbeeld.example")
    provider.person = {**SAMIRA, "sub": "00u7", "email": "joost@voorbeeld.example"}
    assert log_in(browser, provider).status_code == 403


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "https://kwaad.example"},
        {"aud": "another client"},
        {"aud": [CLIENT, "another client"], "azp": "another client"},
        {"aud": [CLIENT, "another client"]},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"nonce": "x" * 43},
        {"nonce": None},
        {"sub": None},
        {"sub": 7},
        {"at_hash": "x" * 22},
        {"iat": None},
        {"nbf": 4_000_000_000},
    ],
    ids=str,
)
def test_a_token_that_does_not_hold_lets_nobody_in(
    provider: FakeProvider, browser: Browser, lies: dict[str, object]
) -> None:
    """Each claim of OpenID Connect Core 3.1.3.7 is checked."""
    provider.lies = lies
    answer = log_in(browser, provider)
    assert answer.status_code == 403
    assert browser.get("/desk/account").status_code == 303


@pytest.mark.parametrize("sign", ["none", "secret", "foreign"])
def test_a_signature_is_the_providers(provider: FakeProvider, browser: Browser, sign: str) -> None:
    """Not none, not one with a secret that others have, not one with another key."""
    provider.sign = sign
    assert log_in(browser, provider).status_code == 403


def test_renewed_keys_are_fetched(provider: FakeProvider, browser: Browser) -> None:
    """A provider may change its keys at any time, without a restart of Loket."""
    assert log_in(browser, provider).status_code == 303
    provider.renew_keys()
    browser.cookies.clear()
    assert log_in(browser, provider).status_code == 303


def test_an_answer_belongs_to_the_browser_that_asked(
    server: Server, provider: FakeProvider, browser: Browser
) -> None:
    """Another browser's answer, a changed state, another issuer and a second use are refused."""
    there = browser.get("/desk/oidc").headers["location"]
    back = provider.authorize(there)
    with Browser(server.url) as other:
        assert other.get(back).status_code == 403
        other.get("/desk/oidc")
        assert other.get(back).status_code == 403
    for change in (("state=", "state=x"), ("iss=", "iss=x"), ("code=", "cod=")):
        back = provider.authorize(browser.get("/desk/oidc").headers["location"])
        answer = browser.get(back.replace(*change))
        assert (answer.status_code, "Max-Age=0" in answer.headers["set-cookie"]) == (403, True)
    back = provider.authorize(browser.get("/desk/oidc").headers["location"])
    kept = {"Cookie": f"loket_desk_oidc={browser.cookies['loket_desk_oidc']}"}
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 403
    assert httpx.get(back, headers=kept).status_code == 403


def test_it_never_ends_on_another_site(provider: FakeProvider, browser: Browser) -> None:
    """`next` is a page of the desk here too."""
    assert log_in(browser, provider, "//kwaad.example").headers["location"] == "/desk"


def test_after_logging_out_the_provider_asks_who(provider: FakeProvider, browser: Browser) -> None:
    """At a shared computer, one click does not log the last person in again."""
    assert "opnieuw=1" in browser.get("/desk/login?uit").text
    provider.authorize(browser.get("/desk/oidc?opnieuw=1").headers["location"])
    assert provider.asked["prompt"] == "login"


def test_a_provider_that_is_away_is_said_so(provider: FakeProvider, browser: Browser) -> None:
    """A page in Dutch with 503, and the log-in with a password still works."""
    there = browser.get("/desk/oidc").headers["location"]
    back = provider.authorize(there)
    provider.down = True
    answer = browser.get(back)
    assert (answer.status_code, "antwoordt niet" in answer.text) == (503, True)


def test_roles_and_teams_by_claims(
    provider: FakeProvider, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Who has a role needs no account made beforehand; the claims hold anew at each log-in."""
    more = {
        "LOKET_OIDC_ROLE_CLAIM": "groups",
        "LOKET_OIDC_TEAM_CLAIM": "groups",
        "LOKET_OIDC_LOGIN_CLAIM": "preferred_username",
    }
    provider.only_post, provider.names_itself = True, False
    with running(tmp_path_factory.mktemp("desk"), **settings(provider, **more)) as server:
        provider.redirect_uri = f"{server.url}/desk/oidc/callback"
        provider.person = {"sub": "1", "preferred_username": "Loes", "name": "Loes"}
        provider.userinfo = {"groups": ["loket-agent", "energie_abonnementen", "x"]}
        with Browser(server.url) as loes:
            assert log_in(loes, provider).status_code == 303
            found = account(server, "loes")
            assert found
            assert found.agent.role == "agent"
            assert found.agent.teams == ("energie_abonnementen",)
            assert loes.get("/desk/users").status_code == 403
            provider.person["groups"] = "loket-supervisor"  # the ID token goes before
            assert log_in(loes, provider).status_code == 303
            assert loes.get("/desk/users").status_code == 200
            provider.person["groups"] = ["iets anders"]
            answer = log_in(loes, provider)
            assert (answer.status_code, "geen toegang" in answer.text) == (403, True)
