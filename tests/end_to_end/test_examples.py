"""The example sessions against today's playground: whoever changes one finds the other here."""

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from wsdebug.cli import replay
from wsdebug.log.log import FrameLog
from wsdebug.session.lines import FrameLine, Header

EXAMPLES = sorted((Path(__file__).parents[2] / "sessions").glob("*.ws.jsonl"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name.partition(".")[0])
def test_an_example_is_answered_as_it_was(
    path: Path, url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every message once more, broken rules included; `make_examples.py NAME` makes it anew."""
    monkeypatch.setenv("WSDEBUG_HOME", "/nonexistent")
    log = FrameLog.open(str(path))
    header, lines = log.header, list(log)
    log.close()
    assert isinstance(header, Header)
    assert header.url
    target = urlunsplit(urlsplit(header.url)._replace(netloc=urlsplit(url).netloc))
    code = replay.run([str(path), target])
    shown = capsys.readouterr()
    assert code == 0, shown.out + shown.err
    found = [line for line in shown.out.splitlines() if not line.startswith(" ")]
    assert found
    assert all(line.startswith("=") for line in found)
    assert any(isinstance(line, FrameLine) and not line.sent for line in lines)
