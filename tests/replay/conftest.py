"""Scripts written in a test, and what comes of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wsdebug.replay.script import Script, read_script

Lines = list[Any]


@pytest.fixture
def session(tmp_path: Path) -> Callable[..., Path]:
    """`session(line, line …)`: a file of these lines; dicts as JSON, strings as they are."""

    def write(*lines: Any, name: str = "a.ws.jsonl") -> Path:
        path = tmp_path / name
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("".join(f"{text}\n" for text in texts))
        return path

    return write


@pytest.fixture
def script(session: Callable[..., Path]) -> Callable[..., Script]:
    """`script(line, line …)`: the same, read."""

    def read(*lines: Any) -> Script:
        return read_script(str(session(*lines)))

    return read
