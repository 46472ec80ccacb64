"""Converting in a temporary folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wsdebug.formats.convert import Conversion, Report, convert
from wsdebug.formats.table import TARGETS

Convert = Callable[..., tuple[bytes, Report]]


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
