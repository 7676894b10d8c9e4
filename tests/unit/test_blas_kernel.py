"""The kernels of OpenBLAS are chosen where it would choose slow ones, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import blas_kernel

_FLAGS = "fpu sse2 fma avx2 avx512f avx512dq avx512cd avx512bw avx512vl"
_ZEN_4 = f"processor\t: 0\nvendor_id\t: AuthenticAMD\nflags\t\t: {_FLAGS}\n\nprocessor\t: 1\n"


@pytest.fixture(autouse=True)
def _no_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "numpy", raising=False)


def _chosen(tmp_path: Path, cpuinfo: str, environ: dict[str, str] | None = None) -> dict[str, str]:
    file = tmp_path / "cpuinfo"
    file.write_text(cpuinfo, encoding="ascii")
    environ = dict(environ or {})
    blas_kernel.choose(environ, file)
    return environ


def test_a_zen_with_avx_512_multiplies_as_a_skylake(tmp_path: Path) -> None:
    """Of all its features only those that these kernels use are asked for."""
    assert _chosen(tmp_path, _ZEN_4) == {"OPENBLAS_CORETYPE": "SkylakeX"}


@pytest.mark.parametrize(
    "cpuinfo",
    [
        _ZEN_4.replace("AuthenticAMD", "GenuineIntel"),
        _ZEN_4.replace(" avx512vl", ""),
        _ZEN_4.replace("vendor_id\t: AuthenticAMD\n", ""),
        "processor\t: 0\nBogoMIPS\t: 50.0\nFeatures\t: fp asimd\n\n",
        "",
    ],
    ids=["intel", "older", "unnamed", "arm", "empty"],
)
def test_others_choose_for_themselves(tmp_path: Path, cpuinfo: str) -> None:
    """OpenBLAS knows them."""
    assert _chosen(tmp_path, cpuinfo) == {}


def test_only_the_first_processor_is_read(tmp_path: Path) -> None:
    """A later one never adds what the first lacks."""
    second = "vendor_id\t: GenuineIntel\n\n" + _ZEN_4
    assert _chosen(tmp_path, second) == {}


def test_what_an_operator_set_stays(tmp_path: Path) -> None:
    """Also when that is another kernel."""
    own = {"OPENBLAS_CORETYPE": "Zen"}
    assert _chosen(tmp_path, _ZEN_4, own) == own


def test_a_system_without_the_file(tmp_path: Path) -> None:
    """Such as macOS."""
    environ: dict[str, str] = {}
    blas_kernel.choose(environ, tmp_path / "nothing")
    assert environ == {}


def test_a_process_of_loket_has_chosen_before_numpy_is_there() -> None:
    """Whichever module is imported first; its children inherit it."""
    told = "import bot.core.encoder, os; print(os.environ.get('OPENBLAS_CORETYPE', ''))"
    clean = {name: value for name, value in os.environ.items() if name != blas_kernel.VARIABLE}
    output = subprocess.check_output([sys.executable, "-c", told], env=clean, text=True)
    blas_kernel.choose(clean)
    assert output.strip() == clean.get(blas_kernel.VARIABLE, "")
