"""Session lines as steps."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.cli import send_lines
from wsdebug.cli.send_input import FrameStep, Messages, Pause, Step
from wsdebug.cli.send_lines import Lines
from wsdebug.errors import SessionUnreadable, UsageError
from wsdebug.wire.frame import Frame


@pytest.mark.parametrize(
    ("line", "step"),
    [
        (b'{"send":"hi"}', Messages(1, [b"hi"])),
        (b'{"t":1.5,"c":2,"mask":"01020304","send":"hi"}', Messages(1, [b"hi"])),
        (b'{"mask":null,"send":"hi"}', FrameStep(Frame(1, b"hi"), is_unmasked=True)),
        (b'{"op":"text","send":{"b64":"/w=="}}', FrameStep(Frame(1, b"\xff"), False)),
        (b'{"op":"text","send":{"b64":"aGk="}}', Messages(1, [b"hi"])),
        (b'{"send":{"json":{"a":"{{who}}"}}}', Messages(1, [b'{"a":"an\\"n"}'])),
        (b'{"send":"{{who}} {{else}}"}', Messages(1, [b'an"n {{else}}'])),
        (
            b'{"op":"text","send":{"hex":"7b7b77686f7d7dff"}}',
            FrameStep(Frame(1, b"{{who}}\xff"), False),
        ),
        (b'{"send":{"hex":"7b7b77686f7d7d"}}', Messages(2, [b"{{who}}"])),
        (b'{"fin":false,"send":"a"}', FrameStep(Frame(1, b"a", fin=False), False)),
        (b'{"rsv1":true,"send":"a"}', FrameStep(Frame(1, b"a", rsv1=True), False)),
        (b'{"rsv1":true,"send":"a","wire":"AA=="}', Messages(1, [b"a"])),
        (b'{"op":7,"send":"a"}', FrameStep(Frame(7, b"a"), False)),
        (b'{"op":"close","send":{"code":1000}}', FrameStep(Frame(8, b"\x03\xe8"), False)),
        (b'{"op":"ping","send":"p"}', FrameStep(Frame(9, b"p"), False)),
        (b'{"wait":0.5}', Pause(0.5)),
        (b'{"recv":"hi"}', None),
        (b'{"event":"open"}', None),
        (b'{"note":"n"}', None),
        (b"# hi", None),
        (b"", None),
    ],
)
def test_a_line_is_a_step_or_says_nothing(line: bytes, step: Step | None) -> None:
    """Masks are fresh unless there is to be none."""
    made = Lines({"who": 'an"n'}).step(line)
    if isinstance(made, FrameStep):
        assert made.frame.mask is None
    assert made == step


def test_a_header_declares_variables_wherever_the_first_line_is() -> None:
    """What was given on the command line is stronger."""
    lines = Lines({"a": "mine"})
    assert lines.step(b"# a script") is None
    assert lines.step(b'{"url":"ws://h/","vars":{"a":"its","b":"own","c":3}}') is None
    assert lines.step(b'{"send":"{{a}} {{b}} {{c}} {{d}}"}') == Messages(1, [b"mine own 3 {{d}}"])
    with pytest.raises(UsageError, match="the variable b has no value"):
        Lines({}).step(b'{"url":"ws://h/","vars":{"b":null}}')


def test_a_file_is_read_inside_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And never outside, by whatever way."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret").write_text("x")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "a").write_bytes(b"\x00")
    monkeypatch.chdir(folder)
    assert Lines({}).step(b'{"send":{"file":"a"}}') == Messages(2, [b"\x00"])
    for name in ("../secret", str(tmp_path / "secret"), "link"):
        with pytest.raises(SessionUnreadable, match="outside of the session"):
            Lines({}).step(f'{{"send":{{"file":"{name}"}}}}'.encode())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"nonsense", "standard input, line 2: not JSON"),
        (b'{"send":"a","recv":"b"}', "line 2: needs exactly one of"),
        (b'{"cut":9,"send":"x"}', "line 2: not all of the payload was kept"),
        (b'{"send":null}', "line 2: not all of the payload was kept"),
        (b'{"send":{"file":"nowhere"}}', "line 2: cannot read nowhere: no such file"),
        (b'{"send":{"file":7}}', "line 2: cannot read 7: no such file"),
    ],
)
def test_a_line_that_cannot_be_sent_is_named(line: bytes, words: str) -> None:
    """By its number."""
    lines = Lines({})
    lines.step(b'{"send":"fine"}')
    with pytest.raises(SessionUnreadable, match=words) as caught:
        lines.step(line)
    assert caught.value.line == 2


BLOCK = [
    b'{"t":1.0,"mask":"01020304","send":"a"}',
    b'{"t":1.0,"mask":"01020304","send":"b"}',
    b'{"t":1.0,"recv":"answer"}',
    b'{"t":1.0,"mask":"01020304","send":"{{who}}"}',
    b'{"t":1.0,"rsv1":true,"mask":"01020304","send":"a"}',
    b'{"t":1.0,"mask":"01020304","send":{"b64":"AA=="}}',
    b'{"send":"by hand"}',
    b'{"t":1.0,"mask":"01020304","send":',
    b"# remark",
]


@given(
    block=st.lists(st.sampled_from(BLOCK[:3]) | st.sampled_from(BLOCK), max_size=6),
    values=st.sampled_from(({}, {"who": "ann"})),
)
def test_many_lines_are_the_steps_of_each(block: list[bytes], values: dict[str, str]) -> None:
    """Recorded messages go out together; what is wrong is said of the same line."""

    def told(steps: Callable[[Lines], Iterable[Step | None]]) -> list[object]:
        found: list[object] = []
        lines = Lines(values)
        try:
            for step in (*BLOCK[:1], b""):
                lines.step(step)
            for each in steps(lines):
                if isinstance(each, Messages):
                    found += [(each.opcode, payload) for payload in each.payloads]
                else:
                    found.append(each)
        except SessionUnreadable as error:
            found.append((error.line, str(error)))
        return [each for each in found if each is not None]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(send_lines, "MANY", 2)
        together = told(lambda lines: lines.steps(block))
    assert together == told(lambda lines: map(lines.step, block))
