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
def honest(provider: FakeProvider, server: Server) -> None:
    provider.redirect_uri = f"{server.url}/desk/oidc/callback"
    provider.only_post, provider.names_itself = False, True
    provider.person, provider.lies, provider.userinfo = dict(SAMIRA), {}, {}
    provider.sign, provider.down = "right", False
    provider.other_keys, provider.trouble = [], None


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
    for verified in (False, "false", "", "yes", 1, None):
        provider.person = {"sub": "00u8", "email": "bram@voorbeeld.example"}
        provider.person |= {"email_verified": verified}
        answer = log_in(browser, provider)
        assert (answer.status_code, "echt van u" in answer.text) == (403, True), verified
    assert '"why": "email_unverified"' in server.log.read_text()


@pytest.mark.parametrize("verified", ["true", "TRUE"])
def test_a_verification_may_be_a_text(
    server: Server, provider: FakeProvider, browser: Browser, verified: str
) -> None:
    """As some providers write it; what it says is the same."""
    name = f"noor-{verified.isupper()}@voorbeeld.example".lower()
    add(server, name)
    provider.person = {"sub": name, "email": name, "email_verified": verified}
    assert log_in(browser, provider).status_code == 303


def test_a_verification_belongs_to_its_address(
    server: Server, provider: FakeProvider, browser: Browser
) -> None:
    """The userinfo endpoint may verify the address of the ID token, not bring another one along."""
    add(server, "omar@voorbeeld.example")
    mine = {"email": "omar@voorbeeld.example"}
    provider.person = {"sub": "00u11", **mine}
    provider.userinfo = {"email": "ander@voorbeeld.example", "email_verified": True}
    assert log_in(browser, provider).status_code == 403
    provider.person, provider.userinfo = {"sub": "00u11", "email_verified": True}, mine
    assert log_in(browser, provider).status_code == 403
    provider.person, provider.userinfo = {"sub": "00u11", **mine}, {**mine, "email_verified": True}
    assert log_in(browser, provider).status_code == 303


def test_a_provider_that_never_verifies_may_be_trusted(
    provider: FakeProvider, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """By a setting, for who alone writes the addresses there; what it calls unverified stays so."""
    trust = settings(provider, LOKET_OIDC_TRUST_EMAIL="yes")
    with running(tmp_path_factory.mktemp("desk"), **trust) as server:
        provider.redirect_uri = f"{server.url}/desk/oidc/callback"
        add(server, "samira@voorbeeld.example")
        with Browser(server.url) as samira:
            provider.person = SAMIRA | {"email_verified": False}
            assert log_in(samira, provider).status_code == 403
            del provider.person["email_verified"]
            assert log_in(samira, provider).status_code == 303


#: Keys that a provider may publish for others, or by mistake.
OTHER_KEYS = (
    {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA", "kid": "new curve"},
    {"crv": "P-256", "x": "AA", "y": "AA", "kid": "no kind"},
    {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA", "kid": "of later years"},
    {"kty": "RSA", "n": "?", "e": 65537, "kid": "damaged"},
    {"kty": "RSA", "use": "enc", "alg": "RSA-OAEP", "n": "AQAB", "e": "AQAB", "kid": "first"},
    {"kty": ["RSA"]},
    "no object",
    None,
)


def test_keys_that_cannot_be_used_are_passed_by(
    server: Server, provider: FakeProvider, browser: Browser
) -> None:
    """One key that fits is enough, whatever else is published beside it."""
    provider.renew_keys()
    provider.other_keys = list(OTHER_KEYS)
    assert log_in(browser, provider).status_code == 303


@pytest.mark.parametrize(
    ("trouble", "status", "why"),
    [
        ((401, {"error": "invalid_client"}), 403, "invalid_client"),
        ((400, {"error": "van alles"}), 403, "invalid_request"),
        ((400, {}), 403, "invalid_request"),
        ((429, {"error": "slow_down"}), 503, "oidc_unavailable"),
    ],
)
def test_what_the_provider_refuses_is_logged_by_its_own_word(
    server: Server,
    provider: FakeProvider,
    browser: Browser,
    trouble: tuple[int, dict[str, str]],
    status: int,
    why: str,
) -> None:
    """So that a wrong secret is told from a code that was used; a busy provider is neither."""
    there = browser.get("/desk/oidc").headers["location"]
    back = provider.authorize(there)
    provider.trouble = trouble
    before = len(server.log.read_text())
    assert browser.get(back).status_code == status
    logged = server.log.read_text()[before:]
    assert why in logged
    assert "van alles" not in logged


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
