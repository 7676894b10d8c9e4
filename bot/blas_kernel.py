"""Chooses the kernels with which NumPy's OpenBLAS multiplies, where it would choose slow ones.

The OpenBLAS in the NumPy that Rasa allows (0.3.20, of 2022) knows no AMD processor with AVX-512
(Zen 4 and later) and takes them for the first Zen. Its kernels for Skylake run on them as well, and
multiply the few rows of one short sentence without copying a whole matrix of weights first: a
message is encoded in 0.9 ms there, where it took 2.5.
"""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

#: What OpenBLAS reads when it is loaded: once, with the first import of NumPy.
VARIABLE: Final = "OPENBLAS_CORETYPE"
#: The instructions that OpenBLAS asks of a processor before it chooses these kernels by itself.
_NEEDED: Final = frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl", "fma"})
_VENDOR: Final = "AuthenticAMD"


def choose(environ: MutableMapping[str, str], cpuinfo: Path = Path("/proc/cpuinfo")) -> None:
    """Sets the variable for this process and its children, unless somebody did.

    Does nothing where NumPy is loaded already, on other makes of processor, which OpenBLAS knows,
    and on systems without the file.

    Args:
        environ: `os.environ`; changed.
        cpuinfo: what Linux tells of the processors.
    """
    if VARIABLE in environ or "numpy" in sys.modules:
        return
    told = _first_processor(cpuinfo)
    if told.get("vendor_id") == _VENDOR and set(told.get("flags", "").split()) >= _NEEDED:
        environ[VARIABLE] = "SkylakeX"


def _first_processor(cpuinfo: Path) -> dict[str, str]:
    """What is told of the first processor; to read of all takes milliseconds on a server."""
    told: dict[str, str] = {}
    try:
        with cpuinfo.open(encoding="ascii", errors="replace") as lines:
            for line in lines:
                name, colon, value = line.partition(":")
                if not colon:
                    break
                told[name.strip()] = value.strip()
    except OSError:
        return {}
    return told
