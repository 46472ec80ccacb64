"""A home of its own for every test."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing outside of it is read or written."""
    folder = tmp_path / "home"
    monkeypatch.setenv("WSDEBUG_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder
