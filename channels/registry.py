"""The channels of this installation, as `credentials.yml` names them.

The file is Rasa's own: each key is the class of a channel, its values are that channel's settings,
and `${NAME}` stands for an environment variable (`${NAME:-words}` for one that may be left out).
A channel that is not in the file does not exist, nor does one whose variables are all unset.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from dotenv import dotenv_values
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from bot import yaml_faults
from bot.channel_profiles import ChannelProfiles
from bot.errors import ConfigurationError
from channels.capabilities import Capabilities
from channels.protocol import Channel, Combines, PushChannel

FILE = "credentials.yml"
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


class _Constructor(SafeConstructor):
    """Leaves `${NAME}` alone: Rasa, once imported, has every reader of YAML fill it in."""


_Constructor.add_constructor("!env_var", lambda _, node: node.value)


def load(root: Path, env: Mapping[str, str] | None = None) -> dict[str, Channel]:
    """The configured channels by name.

    Args:
        root: folder of the project; its `.env` counts where the environment says nothing.
        env: the environment; `os.environ` when None.

    Raises:
        ConfigurationError: the file or a value in it is unusable, or some variables of a channel
            are set and others are not; the message names the key.
    """
    environ = _environment(root, env)
    channels: dict[str, Channel] = {}
    for key, values in _entries(root):
        if not _is_configured(key, values, environ):
            continue
        channel = _make(key, values, environ)
        earlier = channels.get(channel.name)
        if earlier is not None and not isinstance(earlier, Combines):
            raise ConfigurationError(f"{FILE}: {key} is there twice; remove one.")
        channels[channel.name] = earlier.beside(channel) if earlier else channel
    return channels


def push_channels(channels: Mapping[str, Channel]) -> dict[str, PushChannel]:
    """The channels whose messages are handed to a provider."""
    return {name: each for name, each in channels.items() if isinstance(each, PushChannel)}


def previews(root: Path, env: Mapping[str, str] | None = None) -> dict[str, Channel]:
    """Every channel of the file by name, configured or not: good for rendering only."""
    channels: dict[str, Channel] = {}
    for key, values in _entries(root):
        cls = _class(key)
        make = getattr(cls, "preview_only", None)
        channel = cast(Channel, make() if make else _make(key, values, _environment(root, env)))
        channels.setdefault(channel.name, channel)
    return channels


def profiles(root: Path) -> ChannelProfiles:
    """The profiles of every channel of the file, configured or not, in the file's order.

    Raises:
        ConfigurationError: the file is unusable, or names a channel that is not there.
    """
    return ChannelProfiles.of(*(_class(key).profile for key, _ in _entries(root)))


def capabilities(root: Path) -> dict[str, Capabilities]:
    """The capabilities of every channel of the file, by name, configured or not.

    Raises:
        ConfigurationError: as `profiles`.
    """
    classes = [_class(key) for key, _ in _entries(root)]
    return {each.name: each.capabilities for each in classes}


def _environment(root: Path, env: Mapping[str, str] | None) -> dict[str, str]:
    given = os.environ if env is None else env
    kept = {key: value for key, value in dotenv_values(root / ".env").items() if value}
    return {**kept, **{key: value for key, value in given.items() if value}}


def _entries(root: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _Constructor
    try:
        content = reader.load((root / FILE).read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise ConfigurationError(f"{FILE} cannot be read: {error.strerror}.") from error
    except YAMLError as error:
        raise ConfigurationError(yaml_faults.fault(FILE, error)) from error
    if not isinstance(content, dict):
        raise ConfigurationError(f"{FILE} must name channels: `channels.webchat.WebChat: {{}}`.")
    for key, values in content.items():
        if not isinstance(values or {}, dict):
            raise ConfigurationError(f"{FILE}: the settings of {key} must be names with values.")
        yield str(key), dict(values or {})


def _variables(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The variables a channel cannot do without: name of the setting and of the variable."""
    for name, value in values.items():
        for found in _VARIABLE.finditer(value if isinstance(value, str) else ""):
            if found[2] is None:
                yield name, found[1]


def _is_configured(key: str, values: Mapping[str, Any], env: Mapping[str, str]) -> bool:
    needed = list(_variables(values))
    missing = [(name, variable) for name, variable in needed if not env.get(variable)]
    if missing and len(missing) < len(needed):
        name, variable = missing[0]
        present = next(variable for _, variable in needed if env.get(variable))
        raise ConfigurationError(
            f"{FILE}: {key} needs {name}; set the environment variable {variable}, or unset "
            f"{present} and its like to do without this channel."
        )
    return not missing


def _class(key: str) -> Any:
    module, _, name = key.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(f"{FILE}: there is no channel {key}.") from error


def _make(key: str, values: Mapping[str, Any], env: Mapping[str, str]) -> Channel:
    given = {name: _filled(value, env) for name, value in values.items()}
    try:
        return cast(Channel, _class(key)(**given))
    except TypeError as error:
        raise ConfigurationError(f"{FILE}: {key} cannot be set up: {error}.") from error


def _filled(value: Any, env: Mapping[str, str]) -> Any:
    if not isinstance(value, str):
        return value
    return _VARIABLE.sub(lambda found: env.get(found[1]) or found[2] or "", value)
