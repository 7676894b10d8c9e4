"""The one reader of the environment: gives each setting the value it has on this installation."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from bot import assistant_code, extension, file_permissions
from bot.assistant_folder import find_root
from bot.env_file import NAME, EnvFile
from bot.environment import PREFIX, EnvironmentReader
from bot.errors import ConfigurationError
from bot.extension import OwnSetting
from bot.phone_identity import DEFAULT_COUNTRY
from bot.settings import Settings, documented, with_own
from bot.signing_key import kept_secret

_ANY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104 - recognised here, not bound to


def load_settings(
    env: Mapping[str, str] | None = None,
    root: Path | None = None,
    *,
    otherwise: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of an environment, over those in `<root>/.env`.

    Creates `var_dir`, and keeps it and the database to the user that runs Loket. From now on
    this process imports the code of the assistant in that folder (`bot.assistant_code`).

    Args:
        env: the environment; `os.environ` when None. An empty value counts as not set.
        root: folder of the project; found as `LOKET_ROOT` describes when None.
        otherwise: what holds for names that neither sets, in place of the usual default.

    Returns:
        Settings with absolute paths. `allowed_origins` holds Loket's own origin too.

    Raises:
        ConfigurationError: a value is unusable, `.env` cannot be read or names an unknown setting
            (with its line), `var_dir` cannot be written, there is no assistant here, or this
            process already runs another's code.
    """
    environ = os.environ if env is None else env
    root = find_root(environ, root).resolve()
    assistant_code.use(root)
    file = EnvFile.read(root / NAME)
    names = [*(item.name for item in documented()), *(each.name for each in own_settings())]
    file.check_names([PREFIX + name.upper() for name in names])
    given = {name: value for name, value in environ.items() if value}
    reader = EnvironmentReader({**(otherwise or {}), **file.values, **given})
    try:
        return _settings(reader, root)
    except ConfigurationError as error:
        raise ConfigurationError(file.located(str(error), environ)) from error


def _settings(reader: EnvironmentReader, root: Path) -> Settings:
    var_dir = reader.path("VAR_DIR", root, "var")
    _make_folder(var_dir, root)
    secret = reader.text("SECRET", "") or kept_secret(var_dir)
    if len(secret) < 32:
        raise ConfigurationError(
            "LOKET_SECRET is too short: give at least 32 characters, or leave it out."
        )
    database_url = reader.text("DATABASE_URL", f"sqlite:///{var_dir / 'loket.db'}")
    file_permissions.keep_database(database_url)
    host = reader.text("HOST", "127.0.0.1")
    port = reader.whole("PORT", 8080, least=1, most=65535)
    public_url = reader.origin("PUBLIC_URL", _own_url(host, port))
    attachments_key = reader.text("ATTACHMENTS_KEY", "")
    attachments_secret = reader.text("ATTACHMENTS_SECRET", "")
    if bool(attachments_key) != bool(attachments_secret):
        raise ConfigurationError(
            "LOKET_ATTACHMENTS_KEY and LOKET_ATTACHMENTS_SECRET go together: set both, or neither."
        )
    return Settings(
        root=root,
        var_dir=var_dir,
        models_dir=reader.path("MODELS_DIR", root, "models"),
        database_url=database_url,
        host=host,
        port=port,
        public_url=public_url,
        allowed_origins=with_own(public_url, reader.origins("ALLOWED_ORIGINS")),
        secret=secret,
        webchat_site_secret=_site_secret(reader, secret),
        trusted_proxies=reader.whole("TRUSTED_PROXIES", 0, least=0, most=100),
        max_connections=reader.whole("MAX_CONNECTIONS", 10_000, least=10, most=60_000),
        country=reader.country("COUNTRY", DEFAULT_COUNTRY),
        demo=reader.one_of("DEMO", "yes", ("yes", "no")) == "yes",
        tensorflow=reader.one_of("TENSORFLOW", "no", ("yes", "no")) == "yes",
        log_level=reader.one_of("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        log_format=reader.one_of("LOG_FORMAT", "auto", ("console", "json", "auto")),
        knowledge_max_age_days=reader.whole("KNOWLEDGE_MAX_AGE_DAYS", 730, least=1, most=36500),
        llm_url=reader.text("LLM_URL", "").rstrip("/"),
        llm_model=reader.text("LLM_MODEL", ""),
        llm_key=reader.text("LLM_KEY", ""),
        llm_timeout=reader.number("LLM_TIMEOUT", 6.0),
        quiet_minutes=reader.number("QUIET_MINUTES", 10.0),
        burst_pause=reader.number("BURST_PAUSE", 3.0, least=0.0, most=20.0),
        turn_timeout=reader.number("TURN_TIMEOUT", 30.0),
        agent_away_minutes=reader.number("AGENT_AWAY_MINUTES", 15),
        agent_silent_minutes=reader.number("AGENT_SILENT_MINUTES", 5),
        agent_capacity=reader.whole("AGENT_CAPACITY", 0, least=0, most=99),
        desk_teams_private=reader.one_of("DESK_TEAMS_PRIVATE", "yes", ("yes", "no")) == "yes",
        disclosure_every=reader.whole("DISCLOSURE_EVERY", 20, least=1, most=1000),
        accept_minutes=reader.number("ACCEPT_MINUTES", 5.0),
        memory_days=reader.number("MEMORY_DAYS", 30.0),
        proof_failures=reader.whole("PROOF_FAILURES", 3, least=2, most=1000),
        proof_failures_per_origin=reader.whole(
            "PROOF_FAILURES_PER_ORIGIN", 6, least=2, most=100_000
        ),
        proof_failures_per_hour=reader.whole(
            "PROOF_FAILURES_PER_HOUR", 600, least=10, most=1_000_000
        ),
        queue_per_origin=reader.whole("QUEUE_PER_ORIGIN", 9, least=3, most=100_000),
        transcript_days=reader.number("TRANSCRIPT_DAYS", 7.0),
        attachments_dir=reader.path("ATTACHMENTS_DIR", root, str(var_dir / "attachments")),
        attachments_url=reader.bucket("ATTACHMENTS_URL"),
        attachments_key=attachments_key,
        attachments_secret=attachments_secret,
        attachments_max_mb=reader.whole("ATTACHMENTS_MAX_MB", 10, least=1, most=20),
        attachments_days=reader.number("ATTACHMENTS_DAYS", 30.0),
        clamd=reader.socket("CLAMD"),
        chatwoot_url=reader.address("CHATWOOT_URL"),
        chatwoot_token=reader.text("CHATWOOT_TOKEN", ""),
        chatwoot_account=reader.text("CHATWOOT_ACCOUNT", ""),
        chatwoot_inbox=reader.text("CHATWOOT_INBOX", ""),
        chatwoot_secret=reader.text("CHATWOOT_SECRET", ""),
        oidc_issuer=reader.text("OIDC_ISSUER", ""),
        oidc_client_id=reader.text("OIDC_CLIENT_ID", ""),
        oidc_client_secret=reader.text("OIDC_CLIENT_SECRET", ""),
        oidc_scopes=reader.text("OIDC_SCOPES", "openid email profile"),
        oidc_login_claim=reader.text("OIDC_LOGIN_CLAIM", "email"),
        oidc_trust_email=reader.one_of("OIDC_TRUST_EMAIL", "no", ("yes", "no")) == "yes",
        oidc_role_claim=reader.text("OIDC_ROLE_CLAIM", ""),
        oidc_agent_role=reader.text("OIDC_AGENT_ROLE", "loket-agent"),
        oidc_supervisor_role=reader.text("OIDC_SUPERVISOR_ROLE", "loket-supervisor"),
        oidc_team_claim=reader.text("OIDC_TEAM_CLAIM", ""),
        watchdog_timeout=reader.whole("WATCHDOG_TIMEOUT", 20, least=5, most=3600),
        watchdog_start_timeout=reader.whole("WATCHDOG_START_TIMEOUT", 180, least=5, most=86400),
        watchdog_interval=reader.whole("WATCHDOG_INTERVAL", 1, least=1, most=60),
        heartbeat_timeout=reader.number("HEARTBEAT_TIMEOUT", 30.0),
        waiting_timeout=reader.number("WAITING_TIMEOUT", 120.0),
        worker_name=reader.text("WORKER_NAME", f"{socket.gethostname()}-{os.getpid()}"),
        own={
            each.name: each.read(
                reader.text(each.name.upper(), ""),
                {"root": str(root), "var_dir": str(var_dir)},
            )
            for each in own_settings()
        },
    )


def _site_secret(reader: EnvironmentReader, own: str) -> str:
    """The key that the website shares.

    Raises:
        ConfigurationError: it is too short for HMAC-SHA256 (RFC 7518, section 3.2: 32 bytes), or is
            Loket's own, which nobody else may know.
    """
    shared = reader.text("WEBCHAT_SITE_SECRET", "")
    if shared and len(shared) < 32:
        raise ConfigurationError(
            "LOKET_WEBCHAT_SITE_SECRET is too short: give at least 32 characters, or leave it out."
        )
    if shared and shared == own:
        raise ConfigurationError(
            "LOKET_WEBCHAT_SITE_SECRET is the same as LOKET_SECRET, which your website must not "
            "know. Make one for it: openssl rand -hex 32"
        )
    return shared


def own_settings() -> tuple[OwnSetting, ...]:
    """The settings that the assistant declares.

    Raises:
        ConfigurationError: one has a name that cannot be or is taken.
    """
    declared = extension.load().settings
    taken = {item.name for item in fields(Settings)}
    for each in declared:
        if re.fullmatch(r"[a-z][a-z0-9_]*", each.name) is None or each.name in taken:
            raise ConfigurationError(
                f"The assistant declares a setting {each.name!r}, which "
                + ("is taken." if each.name in taken else "is no name in lower case.")
            )
        taken.add(each.name)
    return declared


def _make_folder(path: Path, root: Path) -> None:
    try:
        file_permissions.keep_folder(path, root)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be made ({error.strerror}). Loket keeps its data there: make the "
            "folder above it writable, or set LOKET_VAR_DIR to another place."
        ) from error


def _own_url(host: str, port: int) -> str:
    reachable = "127.0.0.1" if host in _ANY_ADDRESS else host
    return f"http://{f'[{reachable}]' if ':' in reachable else reachable}:{port}"
