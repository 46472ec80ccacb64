"""`wsdebug web`: its own arguments, and those of the screen, which are judged before it serves."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from wsdebug.cli import web
from wsdebug.errors import UsageError

Call = tuple[list[str], str, int]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Call]:
    """What would have been served: the screen's arguments, address and port."""
    monkeypatch.setenv("WSDEBUG_HOME", str(tmp_path))
    calls: list[Call] = []
    module = ModuleType("wsdebug.tui.browser")
    program = [sys.executable, "-P", "-m", "wsdebug"]

    def serve(command: list[str], host: str, port: int) -> None:
        assert command[:4] == program
        calls.append((command[4:], host, port))

    module.serve = serve  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wsdebug.tui.browser", module)
    return calls


@pytest.mark.parametrize(
    ("arguments", "call"),
    [
        ([], ([], "127.0.0.1", 0)),
        (["demo", "--port", "8400"], (["demo"], "127.0.0.1", 8400)),
        (["--port=8400", "open", "a b"], (["open", "a b"], "127.0.0.1", 8400)),
        (["--host", "localhost"], ([], "127.0.0.1", 0)),
        (["--host", "::1"], ([], "::1", 0)),
        (["--host=127.0.0.2"], ([], "127.0.0.2", 0)),
        (
            ["ws://a.example/", "--port", "1", "-H", "A: $(b); c"],
            (["ws://a.example/", "-H", "A: $(b); c"], "127.0.0.1", 1),
        ),
        (["--no-record", "a.example"], (["--no-record", "a.example"], "127.0.0.1", 0)),
        (["--log=a", "demo"], (["--log=a", "demo"], "127.0.0.1", 0)),
        (["--log", "a"], (["--log", "a"], "127.0.0.1", 0)),
    ],
)
def test_the_screen_has_all_but_where_to_listen(
    served: list[Call], arguments: list[str], call: Call
) -> None:
    """As they are: no shell sees them."""
    assert web.run(arguments) == 0
    assert served == [call]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "0.0.0.0"], "0.0.0.0 is not loopback"),
        (["--host", "192.168.1.4"], "is not loopback; from another machine use ssh -L"),
        (["--host", "example.com"], "is not loopback"),
        (["--port", "70000"], "70000 is not from 1 to 65535"),
        (["serve"], "'serve' is no URL, and neither demo nor open FILE"),
        (["ftp://a.example/"], "ftp"),
        (["-u", "env:WSDEBUG_NOT_SET", "a.example"], "is not set in the environment"),
        (["demo", "--nothing"], "--nothing"),
        (["--no-record", "--record", "a", "a.example"], "exclude each other"),
        (["-p", "8400"], "-p"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_served(
    served: list[Call], arguments: list[str], words: str
) -> None:
    """The page would be too late for it."""
    with pytest.raises(UsageError, match=words):
        web.run(arguments)
    assert served == []


@pytest.mark.parametrize("missing", ["aiohttp", "textual_serve"])
def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str
) -> None:
    """In one sentence."""
    monkeypatch.setenv("WSDEBUG_HOME", str(tmp_path))
    for name in ("wsdebug.tui.browser", "wsdebug.tui.browser_screen"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(UsageError, match=r"pip install 'wsdebug\[web\]'"):
        web.run([])
