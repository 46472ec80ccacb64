"""Who says yes before a file of somebody else is sent off this machine."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from wsdebug.cli.consent import confirm_sending
from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import UsageError
from wsdebug.workspace.folders import library_folder

FAR = ConnectOptions(url="ws://192.0.2.1:9/")
HERE = ConnectOptions(url="ws://localhost:9/")
FILE = "theirs.ws.jsonl"


class Terminal(io.StringIO):
    """Somebody who answers."""

    def isatty(self) -> bool:
        """Yes."""
        return True


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of its own, and nobody there."""
    monkeypatch.setenv("WSDEBUG_HOME", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO())


def confirm(options: ConnectOptions, *given: str, path: str = FILE, count: int = 3) -> None:
    """What is sent before the first connection."""
    confirm_sending(path, options, frozenset(given), lambda: (count, "message"))


@pytest.mark.parametrize(
    ("options", "given"),
    [
        (HERE, ()),
        (ConnectOptions(url="ws://[::1]:9/"), ()),
        (ConnectOptions(url="ws://127.9.9.9/"), ()),
        (FAR, ("url",)),
        (FAR, ("trust",)),
        (ConnectOptions(url=FAR.url, resolve=("h:9:10.0.0.1",)), ("url", "resolve")),
        (ConnectOptions(url="ws://h:0/"), ()),  # is never dialled
    ],
)
def test_nothing_is_asked(options: ConnectOptions, given: tuple[str, ...]) -> None:
    """On this machine, of a URL that was given, of a file that is trusted."""
    confirm(options, *given)


@pytest.mark.parametrize(
    ("changes", "given", "place"),
    [
        ({"url": FAR.url}, (), "192.0.2.1:9"),
        ({"url": "wss://api.example.com/feed"}, (), "api.example.com:443"),
        ({"url": "ws://[2001:db8::1]:9/"}, (), "[2001:db8::1]:9"),
        ({"url": "ws://127.0.0.1.example.com/"}, (), "127.0.0.1.example.com:80"),
        ({"resolve": ("localhost:9:192.0.2.1",)}, (), "localhost:9"),
        ({"connect_to": ("localhost:9:192.0.2.1:7",)}, (), "192.0.2.1:7"),
        ({"connect_to": ("localhost:9:192.0.2.1:7",)}, ("url",), "192.0.2.1:7"),
        ({"proxy": "http://192.0.2.1:3128"}, (), "localhost:9"),
    ],
)
def test_without_a_terminal_it_is_refused(
    changes: Mapping[str, Any], given: tuple[str, ...], place: str
) -> None:
    """By one sentence that says how to allow it; a URL that the file leads elsewhere is its own."""
    options = ConnectOptions(**{"url": HERE.url, **changes})
    with pytest.raises(UsageError) as caught:
        confirm(options, *given)
    words = f"{FILE} was not recorded here, and sends 3 messages to {place}: --trust allows it"
    assert str(caught.value) == words + ("" if given else ", or its URL after it")


@pytest.mark.parametrize(("answer", "is_allowed"), [("y\n", True), ("\n", False), ("", False)])
def test_a_person_is_asked(monkeypatch: pytest.MonkeyPatch, answer: str, is_allowed: bool) -> None:
    """On a terminal, with the place and the number; nothing is sent without a yes."""
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    monkeypatch.setattr("sys.stderr", said := Terminal())
    if is_allowed:
        confirm(FAR, count=1)
    else:
        with pytest.raises(UsageError, match="not allowed"):
            confirm(FAR, count=1)
    words = "was not recorded here, and sends 1 message to 192.0.2.1:9. Allow it? [y/N] "
    assert said.getvalue() == f"wsdebug: {FILE} {words}"


def test_what_is_taken_from_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may declare any name; what the command line or the file says is no such thing."""
    for name in ("token", "who", "own"):
        monkeypatch.setenv(f"WSDEBUG_VAR_{name}", "x")
    options = ConnectOptions(
        url="ws://192.0.2.1/{{own}}", variable=(("token", None), ("who", "ann")), secret=()
    )
    with pytest.raises(UsageError, match="3 messages, with the environment's own, token, to 192"):
        confirm(options)


def test_own_recordings_are_sent(tmp_path: Path) -> None:
    """Those in the library; nothing from standard input is one."""
    path = library_folder() / "mine.ws.jsonl"
    path.write_text("")
    confirm(FAR, path=str(path))
    with pytest.raises(UsageError):
        confirm(FAR, path="-")
