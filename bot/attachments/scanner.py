"""Has ClamAV's daemon look at a file, over its socket.

Protocol: https://docs.clamav.net/manual/Usage/Scanning.html and clamd(8), command `INSTREAM`.
"""

from __future__ import annotations

import asyncio
from typing import Final

#: Bytes in one piece of a stream.
_PIECE: Final = 64 * 1024
#: Seconds that a scan may take.
TIMEOUT: Final = 60.0
_MAX_ANSWER: Final = 4096


class ScannerAway(Exception):
    """The scanner gave no verdict: a file is not shown until it does. Try again."""


class Clamd:
    """ClamAV's daemon.

    Args:
        address: path of its socket, or `host:port`.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    async def is_harmful(self, data: bytes) -> bool:
        """Whether the scanner finds something harmful in a file.

        Raises:
            ScannerAway: it could not be asked, or did not give a verdict.
        """
        try:
            async with asyncio.timeout(TIMEOUT):
                answer = await self._ask(data)
        except (OSError, TimeoutError, asyncio.LimitOverrunError) as error:
            raise ScannerAway(type(error).__name__) from error
        if answer.endswith(b" FOUND"):
            return True
        if answer.endswith(b": OK"):
            return False
        # Such as "INSTREAM size limit exceeded. ERROR": nobody looked at it.
        raise ScannerAway("no verdict")

    async def _ask(self, data: bytes) -> bytes:
        if self._address.startswith("/"):
            reader, writer = await asyncio.open_unix_connection(self._address, limit=_MAX_ANSWER)
        else:
            host, _, port = self._address.rpartition(":")
            reader, writer = await asyncio.open_connection(host, int(port), limit=_MAX_ANSWER)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(data), _PIECE):
                piece = data[start : start + _PIECE]
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
            writer.write((0).to_bytes(4, "big"))
            await writer.drain()
            answer = await reader.readuntil(b"\0")
        except asyncio.IncompleteReadError as error:
            raise ScannerAway("no verdict") from error
        finally:
            writer.close()
        return answer.rstrip(b"\0\n")
