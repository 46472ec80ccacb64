"""The UI's arguments: where it is to record, and what excludes what."""

from pathlib import Path
from typing import Any

import pytest

from wsdebug.cli import screen
from wsdebug.engine.options import RecordOptions
from wsdebug.errors import UsageError

URL = "ws://127.0.0.1:1/"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """What the UI would have been started with."""
    monkeypatch.setenv("WSDEBUG_HOME", str(tmp_path))
    calls: list[dict[str, Any]] = []

    def note(mode: str, **arguments: Any) -> int:
        calls.append({"mode": mode, **arguments})
        return 0

    monkeypatch.setattr(screen, "_ui", note)
    return calls


@pytest.mark.parametrize(
    ("what", "arguments", "record"),
    [
        ("it chooses a file", [], RecordOptions(asked_for=False)),
        ("keeping less", ["--no-wire"], RecordOptions(asked_for=False, keeps_wire=False)),
        ("a file", ["--record", "a"], RecordOptions(path="a")),
        ("a file to go on in", ["--record=a", "--append"], RecordOptions(path="a", append=True)),
        ("no file", ["--no-record"], RecordOptions()),
        (
            "short payloads",
            ["--max-payload", "4k", "--keep-secrets"],
            RecordOptions(asked_for=False, max_payload=4096, keep_secrets=True),
        ),
    ],
)
def test_the_screen_records_always_unless_told(
    started: list[dict[str, Any]], what: str, arguments: list[str], record: RecordOptions
) -> None:
    """Before the URL or after it."""
    assert screen.run([URL, *arguments]) == screen.run([*arguments, URL]) == 0
    assert [call["record"] for call in started] == [record, record], what
    assert {call["options"].url for call in started} == {URL}


def test_the_first_screen_can_be_told_not_to_record(started: list[dict[str, Any]]) -> None:
    """Nothing else is said of a connection that is still to be chosen."""
    assert screen.run(["--no-record"]) == 0
    assert [(call["mode"], call["config"].record) for call in started] == [("start", False)]
    with pytest.raises(UsageError, match="required: URL"):
        screen.run(["--no-record", "-k"])


def test_what_the_configuration_switched_off_is_switched_on(
    started: list[dict[str, Any]], tmp_path: Path
) -> None:
    """By `--record` alone, after the URL: the file is where it would be."""
    (tmp_path / "config.toml").write_text("record = false\n")
    assert screen.run([URL]) == screen.run([URL, "--record", "--no-wire"]) == 0
    assert [call["config"].record for call in started] == [False, True]
    assert started[1]["record"] == RecordOptions(asked_for=False, keeps_wire=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--no-record", "--record", "a"], "exclude each other"),
        (["--no-record", "--record"], "exclude each other"),
        (["--record", "ws://b.example/"], "is no file; with none, write the URL first"),
        (["--record", "--append"], "--append needs a file"),
        (["--append"], "needs a file"),
        (["-o", "a"], "-o"),
        (["--record", ""], "no name"),
    ],
)
def test_what_cannot_be_is_refused(
    started: list[dict[str, Any]], arguments: list[str], words: str
) -> None:
    """`-o` belongs to `record`."""
    with pytest.raises(UsageError, match=words):
        screen.run([URL, *arguments])
    assert started == []


@pytest.mark.parametrize(
    ("arguments", "mode"), [([], "start"), (["demo"], "demo"), (["open", "a.ws.jsonl"], "open")]
)
def test_the_other_ways_to_start(
    started: list[dict[str, Any]], arguments: list[str], mode: str
) -> None:
    """Each with its mode."""
    screen.run(arguments)
    assert [call["mode"] for call in started] == [mode]
