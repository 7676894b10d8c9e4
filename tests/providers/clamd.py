"""ClamAV's daemon on a socket: it speaks `INSTREAM` as clamd(8) says, and finds EICAR's test file.

https://docs.clamav.net/manual/Usage/Scanning.html
"""

from __future__ import annotations

import contextlib
import socketserver
import struct
import threading
from pathlib import Path

from tests.support.pictures import EICAR


class Clamd:
    """The server's state.

    Attributes:
        address: for `LOKET_CLAMD`.
        scanned: the sizes of what was scanned.
        most: more bytes than this it does not look at (`StreamMaxLength`).
    """

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self.scanned: list[int] = []
        self.most = 25 * 1024 * 1024
        clamd = self

        class Handler(_Handler):
            state = clamd

        self._server = _Server(self.address, Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stops the server."""
        self._server.shutdown()
        self._server.server_close()
        Path(self.address).unlink(missing_ok=True)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False


class _Handler(socketserver.StreamRequestHandler):
    state: Clamd

    def handle(self) -> None:
        command = self.rfile.read(10)
        if command != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        data = bytearray()
        with contextlib.suppress(struct.error):
            while (length := struct.unpack(">I", self.rfile.read(4))[0]) > 0:
                data += self.rfile.read(length)
                if len(data) > self.state.most:
                    self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                    return
        self.state.scanned.append(len(data))
        verdict = b"Win.Test.EICAR_HDB-1 FOUND" if EICAR in data else b"OK"
        self.wfile.write(b"stream: " + verdict + b"\0")
