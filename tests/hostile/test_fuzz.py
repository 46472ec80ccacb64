"""The fuzzer's targets hold for its seeds, and for a short run where there is a fuzzer."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hostile.fuzz import CORPUS
from tests.hostile.fuzz_targets import TARGETS

SEEDS = sorted(CORPUS.glob("*/*"))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed.parent.name}-{seed.name}")
def test_the_seeds_hold(seed: Path) -> None:
    """Each is small, and what it is a seed of."""
    assert seed.stat().st_size < 1 << 12
    TARGETS[seed.parent.name](seed.read_bytes())


def test_every_target_has_seeds() -> None:
    """A fuzzer without them finds the way in only late."""
    assert {seed.parent.name for seed in SEEDS} == set(TARGETS)


@pytest.mark.parametrize("name", ["decoder", "inflater", "handshake"])
@given(data=st.binary(max_size=80))
def test_any_bytes_hold(name: str, data: bytes) -> None:
    """Without a fuzzer too."""
    TARGETS[name](data)


@pytest.mark.skipif(
    find_spec("atheris") is None, reason="atheris is not installed: pip install -e '.[fuzz]'"
)
@pytest.mark.parametrize("name", TARGETS)
def test_a_short_run_finds_nothing(name: str) -> None:
    """`python -m tests.hostile.fuzz` runs until it does."""
    command = [sys.executable, "-m", "tests.hostile.fuzz", name, "-runs=1000", "-seed=1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 1000 runs" in done.stderr
