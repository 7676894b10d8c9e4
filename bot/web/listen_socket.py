"""Opens the port to listen on, or says in one sentence why not; limits open connections."""

from __future__ import annotations

import errno
import resource
import socket

from bot.errors import ConfigurationError

#: Connections that may wait to be accepted.
_BACKLOG = 1024

#: Files that a process needs beside its connections: databases, notifiers, pages.
_OTHER_FILES = 100
#: Most files that are asked of the system, which may allow a million.
_MOST_FILES = 65_536


def connections(wanted: int) -> int:
    """Computes how many connections may be open, so that files remain for everything else.

    Raises the process's own limit on open files as far as the system allows and it is of use.

    Args:
        wanted: how many there should be at most.

    Returns:
        As many, or fewer when the system allows fewer; at least 1.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(1, min(wanted, soft - _OTHER_FILES))


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket.

    Raises:
        ConfigurationError: the host or port cannot be used.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(address)
            sock.listen(_BACKLOG)
        except OSError:
            sock.close()
            raise
    except OSError as error:
        raise ConfigurationError(_why(host, port, error)) from error
    return sock


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8080
        return (
            f"Port {port} is in use by another program. Stop that program, or choose another port: "
            f"LOKET_PORT={other}"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may only be opened by root. Choose one above 1023 with LOKET_PORT."
    return f"Cannot listen on {host}, port {port}: {error.strerror}. Check LOKET_HOST."
