"""Results on stdout, with colour where it is wanted."""

from pathlib import Path
from typing import Any

import pytest

from wsdebug.cli.diff import run
from wsdebug.cli.results import ResultOutput
from wsdebug.log.joined import Message
from wsdebug.replay.report import Reporter
from wsdebug.replay.results import Difference, Result, ResultRun
from wsdebug.session.lines import FrameLine, MessageRun
from wsdebug.session.parse import parse_line

LINES = ('{"send":"a"}', '{"recv":"%s"}', '{"recv":"same"}')


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two sessions, one answer of which differs, and one more in the second."""
    paths = [tmp_path / "a.ws.jsonl", tmp_path / "b.ws.jsonl"]
    for path, word, rest in zip(paths, ("old", "new"), ("", '{"recv":"more"}\n'), strict=True):
        path.write_text("".join(f"{line}\n" for line in LINES).replace("%s", word) + rest)
    return [str(path) for path in paths]


def test_what_is_wrong_stands_out(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Its sign is red or yellow, what is right is faint."""
    assert run(["--color", "always", *files]) == 1
    *lines, last = capsys.readouterr().out.splitlines()
    assert lines == [
        "\x1b[2m= 1      a\x1b[0m",
        "\x1b[31m!\x1b[0m 2      payload: expected old, got new",
        "\x1b[2m= 3      same\x1b[0m",
    ]
    assert last.startswith("\x1b[33m+\x1b[0m 4      more  only in ")


@pytest.mark.parametrize("arguments", [[], ["--color=never"], ["--json", "--color=always"]])
def test_pipes_and_json_have_no_colour(
    files: list[str], capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """Unless text is asked for with it."""
    assert run([*arguments, *files]) == 1
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("color", ["always", "never"])
@pytest.mark.parametrize("verdict", ["ok", "missing"])
def test_many_results_are_written_as_one_by_one(
    capsys: pytest.CaptureFixture[str], verdict: Any, color: str, as_json: bool
) -> None:
    """After one that was held back."""
    lines = [parse_line(b'{"recv":"a"}', number) for number in (3, 4, 5)]
    messages = [Message((line,)) for line in lines if isinstance(line, FrameLine)]
    run = MessageRun([b"a"] * 3, True, "a\x7fa\x7fa")
    many = ResultRun((3, 4, 5), run, messages.__getitem__, verdict)
    wrong = Result("differs", messages[0], messages[1], (Difference("payload", b"x", b"a"),))
    said: list[str] = []
    for write in (lambda out: out.write_run(many), lambda out: [*map(out.write, many.results())]):
        output = ResultOutput(Reporter(), as_json=as_json, color=color)
        output.write(wrong)
        write(output)
        output.finish()
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert said[0].count("\n") == 4
