"""How a request to be called or written back ended."""

from __future__ import annotations

from typing import Literal

#: `reached`: the customer was spoken to; `written`: was written to; `unreached`: could not be
#: reached; `needless`: no longer needed it.
Result = Literal["reached", "written", "unreached", "needless"]
