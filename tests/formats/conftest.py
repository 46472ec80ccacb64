"""Converting in a temporary folder."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wsdebug.formats.convert import Conversion, Report, convert
from wsdebug.formats.table import TARGETS

Convert = Callable[..., tuple[bytes, Report]]


def written(path: Path, what: str) -> tuple[int, datetime, dict[str, Any]]:
    """The first line of a recording with this text in it: its number, time and values."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    started = datetime.fromisoformat(lines[0]["started"])
    number = next(number for number, line in enumerate(lines, 1) if what in json.dumps(line))
    line = lines[number - 1]
    return number, started + timedelta(seconds=line["t"]), line


@pytest.fixture
def converted(tmp_path: Path) -> Convert:
    """`converted(text, "har", name="in.ws.jsonl", …)`: what was written, and the report."""

    def run(
        content: str | bytes | Path, target: str, name: str = "in.ws.jsonl", **options: Any
    ) -> tuple[bytes, Report]:
        source = content if isinstance(content, Path) else tmp_path / name
        if isinstance(content, str):
            content = content.encode()
        if isinstance(content, bytes):
            source.write_bytes(content)
        out = tmp_path / f"out.{target}"
        asked = Conversion(str(source), str(out), TARGETS[target], force=True, **options)
        report = convert(asked)
        return out.read_bytes(), report

    return run
