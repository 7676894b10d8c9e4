"""Debian's Kannel, for real: bearerbox, smsbox, and its fake SMSC as the telephone network."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from tests.support.webchat import free_port

FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
SHORT_CODE = "13013"
USER, PASSWORD, SECRET = "bot", "botpw", "geheim-woord.1"
_CONFIGURATION = """
group=core
admin-port={admin}
admin-interface=127.0.0.1
admin-password=pw
smsbox-port={box}
box-allow-ip=127.0.0.1
store-type=file
store-location={folder}/kannel.store
dlr-storage=internal

group=smsc
smsc=fake
smsc-id=fake
host=127.0.0.1
port={smsc}
connect-allow-ip=127.0.0.1

group=smsbox
bearerbox-host=127.0.0.1
sendsms-interface=127.0.0.1
sendsms-port={sendsms}
global-sender={short_code}
mo-recode=true
http-request-retry=3
http-queue-delay=1
http-timeout=20

group=sendsms-user
username={user}
password={password}
max-messages=10
concatenation=true

group=sms-service
keyword=default
catch-all=true
max-messages=0
omit-empty=true
get-url="{get_url}"
"""
#: What fakesmsc prints about each message it gets.
_GOT = re.compile(r"Got message \d+: <(.*)>$", re.MULTILINE)
_PART = re.compile(r"udh %05%00%03%(..)%(..)%(..) (.*)", re.DOTALL)


def missing() -> str:
    """Why there can be no Kannel here; empty when there can."""
    if shutil.which("bearerbox") and shutil.which("smsbox") and FAKESMSC.exists():
        return ""
    return "there is no Kannel: apt-get install kannel kannel-extras"


class Phone:
    """A customer's phone, at the far end of the network."""

    def __init__(self, number: str, port: int, folder: Path) -> None:
        self.number = number
        self._port = port
        self._log = folder / "phone.log"
        self._process: subprocess.Popen[bytes] | None = None

    def text(self, words: str) -> None:
        """Sends a message and goes on receiving; emoji travel as UCS-2, as from a real phone."""
        if words.isascii():
            self.send(f"text {words}")
        else:
            self.send(f"ucs2 {quote(words.encode('utf-16-be'), safe='')}")

    def send(self, content: str) -> None:
        """Sends a message in fakesmsc's own words: `data` and bytes, `udh`, a header and bytes."""
        message = f"{self.number} {SHORT_CODE} {content}"
        self.off()
        command = [str(FAKESMSC), "-H", "127.0.0.1", "-r", str(self._port), "-m", "1", message]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)

    def off(self) -> None:
        """Switches it off."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def segments(self) -> list[str]:
        """What came in, as fakesmsc prints it."""
        if not self._log.exists():
            return []
        mine: list[str] = []
        for line in _GOT.findall(self._log.read_text(encoding="utf-8")):
            sender, _, rest = line.partition(" ")
            to, _, content = rest.partition(" ")
            if (sender, to) == (SHORT_CODE, self.number):
                mine.append(content)
            else:
                # A text of several lines: fakesmsc takes each line for a message.
                mine[-1] += f"\n{line}"
        return mine

    @property
    def received(self) -> list[str]:
        """The messages as the phone shows them: segments joined, all encodings read."""
        shown: list[str] = []
        parts: dict[str, dict[str, str]] = {}
        for segment in self.segments:
            part = _PART.fullmatch(segment)
            if part is None:
                shown.append(_read(segment))
                continue
            reference, total, number, content = part.groups()
            held = parts.setdefault(reference, {})
            held[number] = _read(content)
            if len(held) == int(total, 16):
                shown.append("".join(held[each] for each in sorted(held)))
                del parts[reference]
        return shown

    def wait_for(self, count: int, seconds: float = 30) -> list[str]:
        """Waits until so many messages have come in; returns all of them."""
        wait_until(lambda: len(self.received) >= count, seconds, lambda: f"got {self.received}")
        time.sleep(0.3)  # the last one may have more lines
        return self.received


def _read(content: str) -> str:
    kind, _, data = content.partition(" ")
    if kind == "text":
        return data
    # fakesmsc writes a space as a plus sign.
    raw = unquote_to_bytes(data.replace("+", " "))
    return raw.decode("utf-16-be" if kind == "ucs-2" else "utf-8")


def wait_until(
    condition: Callable[[], bool], seconds: float, complaint: Callable[[], str] = str
) -> None:
    """Waits for something to become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, complaint()
        time.sleep(0.05)


@contextmanager
def running(folder: Path, get_url: str) -> Iterator[tuple[str, Phone]]:
    """A gateway that delivers to `get_url`; gives its sendsms address and a phone."""
    ports = {name: free_port() for name in ("admin", "box", "smsc", "sendsms")}
    configuration = folder / "kannel.conf"
    names = {"folder": folder, "get_url": get_url, "short_code": SHORT_CODE}
    configuration.write_text(
        _CONFIGURATION.format(**ports, **names, user=USER, password=PASSWORD), encoding="utf-8"
    )
    boxes: list[subprocess.Popen[bytes]] = []
    phone = Phone("+31612345678", ports["smsc"], folder)
    try:
        for box, port in (("bearerbox", ports["box"]), ("smsbox", ports["sendsms"])):
            with (folder / f"{box}.log").open("wb") as log:
                boxes.append(subprocess.Popen([box, str(configuration)], stdout=log, stderr=log))
            wait_until(lambda port=port: _listens(port), 20, lambda box=box: f"no {box}")
        wait_until(lambda: _listens(ports["smsc"]), 20, lambda: "no fake SMSC connection")
        yield f"http://127.0.0.1:{ports['sendsms']}/cgi-bin/sendsms", phone
    finally:
        phone.off()
        if boxes:
            boxes[0].send_signal(signal.SIGINT)  # it takes the smsbox along
        for box in reversed(boxes):
            try:
                box.wait(15)
            except subprocess.TimeoutExpired:
                box.kill()
                box.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
