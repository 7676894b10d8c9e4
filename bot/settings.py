"""Every setting with its meaning and default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def _setting(meaning: str, default: str, *, secret: bool = False) -> Any:
    """A field whose metadata says what `loket settings` shows."""
    return field(repr=not secret, metadata={"help": meaning, "default": default, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of this installation. Field `port` is set by `LOKET_PORT`, and so on.

    `bot.settings_loading` reads them; the meaning of each field is in its metadata, shown by
    `loket settings`.
    """

    root: Path = _setting(
        "Folder of the assistant: config.yml, domain.yml, data/ and actions/ are in it.",
        "the current folder if it holds config.yml, else the folder above bot/",
    )
    var_dir: Path = _setting("Folder for what Loket writes while it runs.", "<root>/var")
    models_dir: Path = _setting("Folder of trained models.", "<root>/models")
    database_url: str = _setting(
        "Database of conversations (SQLAlchemy address: sqlite or postgresql).",
        "sqlite:///<var_dir>/loket.db",
        secret=True,
    )
    host: str = _setting("Address to listen on; 0.0.0.0 for every network.", "127.0.0.1")
    port: int = _setting("Port to listen on, 1 to 65535.", "8080")
    public_url: str = _setting(
        "Address by which browsers and providers reach Loket, without a path.",
        "http://<host>:<port>",
    )
    allowed_origins: tuple[str, ...] = _setting(
        "Origins of other websites that may embed the chat, separated by commas.",
        "none but Loket's own",
    )
    secret: str = _setting(
        "Key that signs chat sessions and links, at least 32 characters.",
        "made at the first start and kept in <var_dir>/secret",
        secret=True,
    )
    webchat_site_secret: str = _setting(
        "Key with which your website signs who is logged in there, for the chat on it; at least 32 "
        "characters. Another one than LOKET_SECRET.",
        "none: every visitor is a stranger",
        secret=True,
    )
    trusted_proxies: int = _setting(
        "Number of proxies in front of Loket whose X-Forwarded-For is believed.", "0"
    )
    max_connections: int = _setting(
        "Connections that the web process holds at once; each open chat is one. Fewer when the "
        "system allows it fewer open files (ulimit -n) than these and 100 more.",
        "10000",
    )
    country: str = _setting(
        "Country whose telephone numbers are written without a country code, in two letters (ISO "
        "3166-1). Set it before the first start: what is kept is spelled by it.",
        "NL",
    )
    demo: bool = _setting(
        "Whether / shows the demo page of data/demo: yes or no. Without one it shows a plain page "
        "with the chat.",
        "yes",
    )
    tensorflow: bool = _setting(
        "Whether TensorFlow is loaded though no component of config.yml is known to use it, as for "
        "actions that do: yes or no. It takes ten seconds and 300 MB.",
        "no",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _setting(
        "Least important log lines shown: DEBUG, INFO, WARNING or ERROR.", "INFO"
    )
    log_format: Literal["console", "json", "auto"] = _setting(
        "Form of a log line: console, json, or auto (console on a terminal, else json).", "auto"
    )
    quiet_minutes: float = _setting("Minutes of silence after which a rating is asked.", "10")
    burst_pause: float = _setting(
        "Seconds that an answer waits for a customer who goes on typing, on channels where one "
        "thought comes in several messages; 0 for never, at most 20.",
        "3",
    )
    turn_timeout: float = _setting(
        "Seconds a turn may take before a person gets the conversation.", "30"
    )
    disclosure_every: int = _setting(
        "Turns after which Loket says again that it is an AI assistant.", "20"
    )
    accept_minutes: float = _setting(
        "Minutes that a customer waits for a person before being asked whether to be called back.",
        "5",
    )
    memory_days: float = _setting(
        "Days after which an interrupted conversation begins anew, without what was said before.",
        "30",
    )
    proof_failures: int = _setting(
        "Wrong proofs of identity about one number (an order, say), from all customers together, "
        "after which the next ones wait: first a minute, at most half an hour.",
        "3",
    )
    proof_failures_per_origin: int = _setting(
        "The same for one telephone number, chat account or network address.", "6"
    )
    proof_failures_per_hour: int = _setting(
        "Most wrong proofs of identity in an hour of everybody together; at half of it the alarm "
        "goes and the pace is limited.",
        "600",
    )
    queue_per_origin: int = _setting(
        "Chats from one network address that may wait for a person at once; of those whose "
        "proof of identity failed a third. Urgent ones always may.",
        "9",
    )
    transcript_days: float = _setting(
        "Days that the link to a conversation's transcript is good for its customer.", "7"
    )
    attachments_dir: Path = _setting(
        "Folder of the files that customers and agents send. With processes on several machines "
        "it must be one that all of them share.",
        "<var_dir>/attachments",
    )
    attachments_url: str = _setting(
        "Bucket that speaks S3, in place of that folder: s3://bucket/folder, with "
        "?region=eu-central-1, or ?endpoint=https://... when it is not Amazon's.",
        "none: the files are in the folder",
    )
    attachments_key: str = _setting(
        "Id of the access key for that bucket.",
        "none: as Amazon's own settings on this machine say (AWS_PROFILE, a role)",
    )
    attachments_secret: str = _setting(
        "The access key itself; goes with LOKET_ATTACHMENTS_KEY.", "none", secret=True
    )
    attachments_max_mb: int = _setting("Most megabytes of such a file, 1 to 20.", "10")
    attachments_days: float = _setting(
        "Days after the last message of a conversation that its files are kept.", "30"
    )
    clamd: str = _setting(
        "Socket of ClamAV's daemon (a path, or host:port); a file that it has not looked at is not "
        "shown.",
        "none: files are not scanned",
    )
    chatwoot_url: str = _setting(
        "Address of a Chatwoot whose agents answer in place of Loket's own desk.",
        "none",
    )
    chatwoot_token: str = _setting(
        "Access token of a Chatwoot administrator or agent bot.", "none", secret=True
    )
    chatwoot_account: str = _setting("Number of the Chatwoot account.", "none")
    chatwoot_inbox: str = _setting("Number of the API inbox in that account.", "none")
    chatwoot_secret: str = _setting(
        "Secret of the API inbox's webhook, by which Chatwoot signs what it tells Loket.",
        "none",
        secret=True,
    )
    agent_away_minutes: float = _setting(
        "Minutes an agent may be away from the desk before the conversations go back to the queue.",
        "15",
    )
    agent_silent_minutes: float = _setting(
        "Minutes an agent may leave a customer without an answer until a reminder; after as many "
        "again the conversation goes back to the queue.",
        "5",
    )
    agent_capacity: int = _setting(
        "Most conversations an agent has at once, unless a supervisor set another limit for that "
        "agent; 0: no limit.",
        "0",
    )
    desk_teams_private: bool = _setting(
        "Whether agents of one team cannot read another team's conversations: yes or no.", "yes"
    )
    oidc_issuer: str = _setting(
        "Issuer of the OpenID Connect provider where agents log in, exactly as it writes itself.",
        "none: agents log in with a password",
    )
    oidc_client_id: str = _setting("Client id of Loket at that provider.", "none")
    oidc_client_secret: str = _setting(
        "Client secret of Loket at that provider.", "none: a public client", secret=True
    )
    oidc_scopes: str = _setting("Scopes that are asked for.", "openid email profile")
    oidc_login_claim: str = _setting(
        "Claim that names somebody's log-in name at the desk; email counts only when verified.",
        "email",
    )
    oidc_trust_email: bool = _setting(
        "Whether an address counts as verified when the provider says nothing about it: yes only "
        "where nobody but your administrators can set one. What it calls unverified never counts.",
        "no",
    )
    oidc_role_claim: str = _setting(
        "Claim with roles or groups; who has the right one needs no account made beforehand.",
        "none: accounts are made first",
    )
    oidc_agent_role: str = _setting("Value of that claim that makes an agent.", "loket-agent")
    oidc_supervisor_role: str = _setting(
        "Value of that claim that makes a supervisor.", "loket-supervisor"
    )
    oidc_team_claim: str = _setting(
        "Claim whose values are ids of teams.", "none: teams are kept at the desk"
    )
    knowledge_max_age_days: int = _setting(
        "Days after its date for which a page of data/knowledge is trusted; an answer from an "
        "older one says so.",
        "730",
    )
    llm_url: str = _setting(
        "Address of an OpenAI-compatible service that says answers from pages in other words, such "
        "as https://llm.example/v1. The quote is always shown; only questions and quotes are sent.",
        "none: answers are quotes alone",
    )
    llm_model: str = _setting("Name of the language model there.", "none")
    llm_key: str = _setting("Key for that service.", "none", secret=True)
    llm_timeout: float = _setting("Seconds that it may take before the quote goes alone.", "6")
    watchdog_timeout: int = _setting(
        "Seconds without a sign of life after which `loket run` ends web or worker and starts it "
        "again.",
        "20",
    )
    watchdog_start_timeout: int = _setting(
        "Seconds that web or worker may take for its first sign of life, and the worker to load "
        "its model.",
        "180",
    )
    watchdog_interval: int = _setting(
        "Seconds between two times that `loket run` asks web whether it answers.", "1"
    )
    heartbeat_timeout: float = _setting(
        "Seconds without a heartbeat of any worker after which /readyz says that nobody answers.",
        "30",
    )
    waiting_timeout: float = _setting(
        "Seconds that a message may wait for its answer before /readyz says that customers wait.",
        "120",
    )
    worker_name: str = _setting(
        "Name of this worker, unique among workers; one that stays the same over restarts lets the "
        "worker take up its messages at once.",
        "<host name>-1 under `loket run`, else <host name>-<process id>",
    )

    #: Values of the settings that the assistant itself declares (`bot.extension`), by name.
    own: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    @property
    def knows_customers(self) -> bool:
        """Whether a website can say which of its customers is there."""
        return bool(self.webchat_site_secret)

    @property
    def own_origins(self) -> tuple[str, ...]:
        """Origins of Loket's own pages; on this machine under each name a browser knows it by."""
        return with_own(self.public_url, ())


def documented() -> tuple[Field[Any], ...]:
    """The fields that are settings, in order of importance."""
    return tuple(item for item in fields(Settings) if item.name != "own")


def with_own(own: str, others: tuple[str, ...]) -> tuple[str, ...]:
    """Loket's own origin first; on this machine under each name a browser may know it by."""
    parts = urlsplit(own)
    name = parts.netloc.removesuffix(f":{parts.port}") if parts.port else parts.netloc
    port = f":{parts.port}" if parts.port else ""
    names = _LOOPBACK if name in _LOOPBACK else (name,)
    mine = [own, *(f"{parts.scheme}://{each}{port}" for each in names)]
    return tuple(dict.fromkeys([*mine, *others]))
