"""The example sessions are sessions."""

from pathlib import Path

import pytest

from wsdebug.log.log import FrameLog
from wsdebug.session.lines import Damaged, FrameLine

EXAMPLES = sorted((Path(__file__).parents[2] / "sessions").glob("*.ws.jsonl"))


def test_there_are_examples() -> None:
    """Recorded ones, one with a violation, one by hand."""
    names = {path.name.partition(".")[0] for path in EXAMPLES}
    assert {"echo", "ticker", "fragments", "deflate", "violations", "login"} <= names


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_line_of_an_example_is_read(path: Path) -> None:
    """And at least one is a frame."""
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    lines = list(log)
    log.close()
    assert not [line for line in lines if isinstance(line, Damaged)]
    assert [line for line in lines if isinstance(line, FrameLine)]
