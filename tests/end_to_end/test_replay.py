"""`replay`, `clean` and `diff`: the real program against the real playground."""

import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
LOGIN = ROOT / "sessions" / "login.ws.jsonl"


def wsdebug(
    *arguments: str | Path, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    command = [sys.executable, "-m", "wsdebug", *map(str, arguments)]
    return subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | environment,
    )


@pytest.fixture(scope="module")
def recording(url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five quotes."""
    path = tmp_path_factory.mktemp("recorded") / "ticker.ws.jsonl"
    assert wsdebug("record", f"{url}/ticker?rate=50", "--count", "5", "-o", path).returncode == 0
    return path


@pytest.fixture
def changed(recording: Path, tmp_path: Path) -> tuple[Path, int]:
    """The same with another price in the third quote, and its line."""
    path = tmp_path / "changed.ws.jsonl"
    lines = recording.read_text().splitlines(keepends=True)
    number = next(i for i, line in enumerate(lines) if '\\"seq\\":3' in line)
    lines[number] = re.sub(r'\\"px\\":[0-9.]+', r'\\"px\\":1.25', lines[number])
    path.write_text("".join(lines))
    return path, number + 1


def messages(path: Path) -> list[int]:
    """Lines with a received message, close included."""
    lines = path.read_text().splitlines()
    return [i for i, line in enumerate(lines, 1) if "recv" in json.loads(line)]


@pytest.mark.parametrize("pace", ["answers", "clock", "both", "none"])
def test_a_recording_is_right_in_every_pace(recording: Path, pace: str) -> None:
    """A line for each answer, and a count of them."""
    done = wsdebug("replay", recording, "--pace", pace)
    assert done.returncode == 0, done.stdout + done.stderr
    found = [line.split()[:2] for line in done.stdout.splitlines()]
    assert found[:5] == [["=", str(number)] for number in messages(recording)[:5]]
    assert re.search(r"\d ok\n", done.stderr)


def test_a_changed_answer_is_named_and_accepted(changed: tuple[Path, int]) -> None:
    """Line, path, expected and got; then only that line is rewritten, and all is right again."""
    path, number = changed
    done = wsdebug("replay", path)
    assert done.returncode == 1
    wrong = [line for line in done.stdout.splitlines() if line.startswith("!")]
    assert len(wrong) == 1
    assert re.fullmatch(rf"! {number} +\$\.px: expected 1\.25, got [0-9.]+", wrong[0])
    before = path.read_bytes().split(b"\n")
    accepted = wsdebug("replay", path, "--accept")
    assert accepted.returncode == 0
    assert f"1 line of {path} rewritten" in accepted.stderr
    after = path.read_bytes().split(b"\n")
    assert [i for i, line in enumerate(before, 1) if line != after[i - 1]] == [number]
    assert len(before) == len(after)
    assert wsdebug("replay", path).returncode == 0
    assert wsdebug("replay", path, "--accept").returncode == 0
    assert path.read_bytes().split(b"\n") == after


def test_results_are_also_json(changed: tuple[Path, int]) -> None:
    """One object a line."""
    path, number = changed
    found = [json.loads(line) for line in wsdebug("replay", path, "--json").stdout.splitlines()]
    (wrong,) = [one for one in found if one["verdict"] == "differs"]
    assert (wrong["line"], wrong["differences"][0]["path"]) == (number, "$.px")
    assert wrong["differences"][0]["expected"] == 1.25
    assert wrong["live"] > 0


def test_what_lacks_and_what_is_extra(recording: Path, url: str, tmp_path: Path) -> None:
    """A line that was taken out, and one that was put in."""
    lines = recording.read_text().splitlines(keepends=True)
    number = messages(recording)[2]
    path = tmp_path / "a.ws.jsonl"
    path.write_text("".join((*lines[: number - 1], *lines[number:])))
    done = wsdebug("replay", path)
    assert (done.returncode, f"\n+ {number - 1} " in done.stdout) == (1, True)
    assert wsdebug("replay", path, "--extra", "allow").returncode == 0
    more = '{"recv":"never"}\n'
    path.write_text("".join((*lines[:number], more, *lines[number:])))
    done = wsdebug("replay", path)
    assert (done.returncode, f"\n- {number + 1} " in done.stdout) == (1, True)


def test_the_hand_written_session_is_right(url: str) -> None:
    """And says what it would do."""
    done = wsdebug("replay", LOGIN, f"{url}/")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["=", "4"],
        ["=", "6"],
        ["=", "8"],
        ["=", "11"],
    ]
    bob = wsdebug("replay", LOGIN, f"{url}/", "--variable", "who=bob", "--json")
    assert bob.returncode == 0
    dry = wsdebug("replay", LOGIN, "--dry-run", "--variable", "who=bob")
    assert dry.returncode == 0
    steps = [line.split(maxsplit=2) for line in dry.stdout.splitlines()]
    assert [(sign, int(line)) for sign, line, _ in steps] == [
        ("<", 4), (">", 5), ("<", 6), (">", 7), ("<", 8), (".", 9), (">", 10), ("<", 11),
    ]  # fmt: skip
    assert '"who":"bob"' in steps[1][2]


def test_a_thousand_messages_at_once(url: str, tmp_path: Path) -> None:
    """Every answer is matched."""
    path = tmp_path / "many.ws.jsonl"
    sends = [json.dumps({"send": f"m{number}"}) for number in range(1000)]
    answers = [json.dumps({"recv": f"m{number}"}) for number in range(1000)]
    path.write_text("\n".join((*sends, *answers)) + "\n")
    done = wsdebug("replay", str(path), f"{url}/echo", "--fast")
    assert (done.returncode, "1,000 ok" in done.stderr) == (0, True)


def test_a_cleaned_recording_is_right_and_the_same(
    recording: Path, url: str, tmp_path: Path
) -> None:
    """To stdout, to a file, in place, through a pipe."""
    path = tmp_path / "clean.ws.jsonl"
    assert wsdebug("clean", recording, "-o", path).returncode == 0
    text = path.read_text()
    assert wsdebug("clean", recording).stdout == text
    assert wsdebug("clean", "-", stdin=recording.read_text()).stdout == text
    assert path.stat().st_mode & 0o777 == 0o600
    assert '"t":' not in text
    assert '{"recv":{"json":{"type":"quote","seq":1,' in text
    assert wsdebug("replay", path).returncode == 0
    assert wsdebug("diff", recording, path).returncode == 0
    assert wsdebug("diff", path, recording).returncode == 0
    copy = tmp_path / "copy.ws.jsonl"
    copy.write_text(recording.read_text())
    assert wsdebug("clean", "--in-place", copy).returncode == 0
    assert copy.read_text() == text
    again = wsdebug("clean", recording, "-o", path)
    assert (again.returncode, "exists" in again.stderr) == (7, True)
    assert wsdebug("clean", recording, "-o", path, "--force").returncode == 0


def test_two_recordings_are_compared(recording: Path, changed: tuple[Path, int]) -> None:
    """1 where they differ, with the line and the path."""
    path, number = changed
    done = wsdebug("diff", path, recording)
    assert done.returncode == 1
    assert re.search(rf"^! {number} +\$\.px: expected 1\.25, got", done.stdout, re.MULTILINE)
    assert wsdebug("diff", path, recording, "--ignore", "$.px").returncode == 0


def test_a_report_for_ci(changed: tuple[Path, int], tmp_path: Path) -> None:
    """A failure points at file and line."""
    path, number = changed
    report = tmp_path / "report.xml"
    assert wsdebug("replay", path, "--report-junit", report, "--loop", "2").returncode == 1
    root = ElementTree.parse(report).getroot()
    suites = root.findall("testsuite")
    assert [suite.get("failures") for suite in suites] == ["1", "1"]
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert (failure.get("message") or "").startswith(f"{path}:{number}: $.px: expected 1.25")


def test_a_replay_is_recorded(recording: Path, tmp_path: Path) -> None:
    """And the recording is the same session."""
    out = tmp_path / "out.ws.jsonl"
    assert wsdebug("replay", recording, "--record", out).returncode == 0
    assert wsdebug("diff", recording, out, "--extra", "allow").returncode == 0
    assert json.loads(out.read_text().splitlines()[-1])["event"] == "end"


def test_secrets_that_the_file_leaves_out_are_asked(url: str, tmp_path: Path) -> None:
    """By name; given by their option, as --secret or in the environment."""
    path = tmp_path / "auth.ws.jsonl"
    wsdebug("record", f"{url}/auth?token=abc", "-u", "demo:demo", "-m", "0.3", "-o", path)
    path.write_text(path.read_text().splitlines()[0] + '\n{"send":"x"}\n{"recv":"x"}\n')
    lacking = wsdebug("replay", path)
    assert (lacking.returncode, lacking.stdout) == (2, "")
    assert "leaves out user, token" in lacking.stderr
    given = ["--secret", "user=demo:demo", "--secret", "token=abc"]
    assert wsdebug("replay", path, *given).returncode == 0
    assert wsdebug("replay", path, "-u", "demo:demo", "--secret", "token=abc").returncode == 0
    environment = {"WSDEBUG_VAR_user": "demo:demo", "WSDEBUG_VAR_token": "x"}
    assert wsdebug("replay", path, **environment).returncode == 0
    assert wsdebug("replay", path, f"{url}/auth", "-u", "demo:demo").returncode == 0


def test_a_dry_run_needs_no_secrets(tmp_path: Path) -> None:
    """Nor an address, nor a yes."""
    path = tmp_path / "a.ws.jsonl"
    header = {"wsdebug": 1, "url": "ws://h/", "redacted": ["bearer"], "vars": {"who": "ann"},
              "connect": {"bearer": "***", "insecure": True}}  # fmt: skip
    path.write_text(json.dumps(header) + '\n{"send":"hi {{who}}"}\n')
    done = wsdebug("replay", path, "--dry-run", "--json")
    assert (done.returncode, done.stdout) == (0, '{"line":2,"send":"hi ann"}\n')
    path.write_text('{"send":"hi"}\n')
    assert wsdebug("replay", path, "--dry-run").stdout == "> 1      hi\n"


def test_another_close_is_accepted_too(url: str, tmp_path: Path) -> None:
    """And is expected from then on; a replay that did not connect accepts nothing."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('{"op":"close","recv":{"code":1000}}\n')
    assert wsdebug("replay", path, f"{url}/close?code=4000").returncode == 5
    assert wsdebug("replay", path, f"{url}/close?code=4000", "--accept").returncode == 0
    assert path.read_text() == '{"op":"close","recv":{"code":4000}}\n'
    assert wsdebug("replay", path, f"{url}/close?code=4000").returncode == 0
    refused = wsdebug("replay", path, "ws://127.0.0.1:1/", "--accept")
    assert (refused.returncode, "nothing was accepted" in refused.stderr) == (3, True)


def test_a_report_is_written_without_a_connection(tmp_path: Path) -> None:
    """With the reason as an error."""
    path, report = tmp_path / "a.ws.jsonl", tmp_path / "report.xml"
    path.write_text('{"send":"a"}\n')
    done = wsdebug("replay", path, "ws://127.0.0.1:1/", "--report-junit", report)
    assert done.returncode == 3
    error = ElementTree.parse(report).getroot().find("testsuite/testcase/error")
    assert error is not None
    assert "nobody listens" in (error.get("message") or "")


def test_options_and_words_stand_in_any_order(url: str, tmp_path: Path) -> None:
    """As everywhere; a variable may also come from the environment."""
    path = tmp_path / "a.ws.jsonl"
    header = {"url": "ws://h/", "vars": {"who": None}}
    path.write_text(json.dumps(header) + '\n{"send":"{{who}}"}\n{"recv":"ann"}\n')
    file, target = str(path), f"{url}/echo"
    for arguments in (["--fast", file, target], [file, "--json", target, "--fast"]):
        assert wsdebug("replay", *arguments, WSDEBUG_VAR_who="ann").returncode == 0
    secret = wsdebug("replay", path, f"{url}/echo", "--secret", "who=s3cr3t")
    assert secret.returncode == 1
    assert "s3cr3t" not in secret.stdout + secret.stderr


def test_what_a_file_may_not_switch_on_is_refused(url: str, tmp_path: Path) -> None:
    """Unless the command line says it too, or this user recorded it."""
    path = tmp_path / "a.ws.jsonl"
    header = {"wsdebug": 1, "url": f"{url}/echo", "connect": {"insecure": True}}
    path.write_text(json.dumps(header) + '\n{"send":"x"}\n{"recv":"x"}\n')
    done = wsdebug("replay", path)
    assert (done.returncode, "wants --insecure" in done.stderr) == (2, True)
    assert wsdebug("replay", path, "--insecure").returncode == 0
    assert wsdebug("replay", path, "--trust").returncode == 0
    own = tmp_path / "home" / "recordings"
    own.mkdir(parents=True, mode=0o700)
    (own / path.name).write_text(path.read_text())
    home = str(tmp_path / "home")
    assert wsdebug("replay", own / path.name, WSDEBUG_HOME=home).returncode == 0


def test_what_was_recorded_here_is_replayed_unasked(url: str, tmp_path: Path) -> None:
    """Wherever the file stands; a copy may have come from anybody."""
    path, copy = tmp_path / "a.ws.jsonl", tmp_path / "b.ws.jsonl"
    port = url.rpartition(":")[2]
    options = ("-k", "-H", "Host: localhost", "--resolve", f"far.example:{port}:127.0.0.1")
    target = f"ws://far.example:{port}/ticker?rate=100"
    assert wsdebug("record", target, *options, "--count", "2", "-q", "-o", path).returncode == 0
    assert wsdebug("replay", path).returncode == 0
    copy.write_bytes(path.read_bytes())
    asked = wsdebug("replay", copy)
    assert (asked.returncode, "wants --insecure" in asked.stderr) == (2, True)


def test_what_a_stranger_wrote_goes_nowhere_unasked(url: str, tmp_path: Path) -> None:
    """Without a terminal it is refused before anything is connected or written; 2."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('{"url":"ws://192.0.2.1:9/"}\n{"send":"x"}\n{"recv":"x"}\n')
    out = tmp_path / "out.ws.jsonl"
    done = wsdebug("replay", path, "--frames", "--loop", "2", "--record", out)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "not recorded here, and sends 2 frames to 192.0.2.1:9: --trust allows" in done.stderr
    assert not out.exists()
    assert wsdebug("replay", path, f"{url}/echo").returncode == 0
    trusted = wsdebug("replay", path, "--trust", "--connect-timeout", "0.2")
    assert trusted.returncode == 3


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["replay", "none.ws.jsonl"], 6, "no such file"),
        (["replay", "BROKEN"], 6, "line 7: not JSON"),
        (["clean", "BROKEN"], 6, "line 7: not JSON"),
        (["diff", "BROKEN", "GOOD"], 6, "line 7: not JSON"),
        (["replay", "GOOD"], 2, "says no URL"),
        (["replay", "GOOD", "ws://127.0.0.1:1/"], 3, "nobody listens"),
        (["replay", "GOOD", "ftp://h/"], 2, "not a WebSocket"),
        (["replay", "GOOD", "ws://h/", "--exact-mask"], 2, "needs --frames"),
        (["replay", "GOOD", "ws://h/", "--frames", "--exact-mask"], 2, "line 1 has no masking key"),
        (["replay", "GOOD", "ws://h/", "--speed", "2"], 2, "needs --pace clock"),
        (["replay", "GOOD", "ws://h/", "--pace", "step"], 2, "no terminal"),
        (["replay", "GOOD", "ws://h/", "--ignore", "x"], 2, "begins with $"),
        (["replay", "GOOD", "ws://h/", "--connection", "9"], 2, "no such connection"),
        (["replay", "GOOD", "ws://h/", "--from", "3", "--to", "2"], 2, "before --from 3"),
        (["replay", "GOOD", "ws://h/", "--from", "9"], 2, "nothing to replay"),
        (["replay", "GOOD", "ws://h/", "--accept", "--loop", "2"], 2, "exclude each other"),
        (["replay", "-", "ws://h/", "--accept"], 2, "standard input"),
        (["replay", "GOOD", "ws://h/", "--reconnect"], 2, "--reconnect"),
        (["replay", "GOOD", "ws://h/", "--record", "/no/such/x"], 7, "cannot write"),
        (["replay", "GOOD", "ws://h/", "--report-junit", "/no/such/x"], 7, "cannot write"),
        (["replay", "GOOD", "ws://h/", "--report-junit", "-"], 2, "stdout has the results"),
        (["replay", "VARS", "ws://h/"], 2, "needs a value for who"),
        (["clean", "GOOD", "--force"], 2, "--force needs --output"),
        (["clean", "GOOD", "-o", "/no/such/x"], 7, "cannot write"),
        (["diff", "-", "-"], 2, "standard input"),
        (["diff", "GOOD"], 2, "required: B"),
        (["replay", "/no/such", "ftp://h/"], 2, "not a WebSocket"),
        (["replay", "/no/such", "--ignore", "x"], 2, "begins with $"),
        (["clean", "BROKEN", "-o", "GOOD"], 6, "line 7: not JSON"),
        (["diff", "GOOD", "GOOD", "--connection", "2"], 2, "neither file has such"),
    ],
)
def test_a_mistake_is_one_clear_line(
    tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    """On stderr, with the right exit code, and nothing is connected or written."""
    files = {
        "GOOD": '{"send":"a"}\n{"recv":"a"}\n',
        "BROKEN": '{"send":"a"}\n' * 6 + "nonsense\n" + '{"send":"a"}\n',
        "VARS": '{"url":"ws://h/","vars":{"who":null}}\n{"send":"{{who}}"}\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = wsdebug(*(str(tmp_path / word) if word in files else word for word in arguments))
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files)


def test_an_abnormal_close_is_5_and_one_that_is_expected_is_not(url: str, tmp_path: Path) -> None:
    """By its code."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('{"op":"close","recv":{"code":4000}}\n')
    assert wsdebug("replay", path, f"{url}/close?code=4000").returncode == 0
    assert wsdebug("replay", path, f"{url}/close?code=4001").returncode == 5
    assert wsdebug("replay", path, f"{url}/close?code=1000").returncode == 1
    path.write_text('{"recv":"x"}\n')
    assert wsdebug("replay", path, f"{url}/close?code=1000").returncode == 1
    assert wsdebug("replay", path, f"{url}/close?code=1011").returncode == 5


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 1), (signal.SIGHUP, 1)]
)
def test_a_signal_ends_in_order(
    url: str, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    """With what was found so far, and the recording complete."""
    path, out = tmp_path / "a.ws.jsonl", tmp_path / "out.ws.jsonl"
    path.write_text('{"send":"a"}\n{"recv":"a"}\n{"recv":"never","timeout":60}\n')
    command = [
        sys.executable,
        "-m",
        "wsdebug",
        "replay",
        str(path),
        f"{url}/echo",
        "--record",
        str(out),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("= 2")
        process.send_signal(number)
        rest, _ = process.communicate(timeout=20)
        assert (process.returncode, rest.split()[:2]) == (code, ["-", "3"])
    assert json.loads(out.read_text().splitlines()[-1])["event"] == "end"


def test_what_was_broken_off_is_no_success(tmp_path: Path) -> None:
    """Though it was not even connected, and nothing was expected."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('{"send":"a"}\n')
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = f"ws://127.0.0.1:{silent.getsockname()[1]}/"
        command = [sys.executable, "-m", "wsdebug", "replay", str(path), target]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            connection, _ = silent.accept()
            process.send_signal(signal.SIGTERM)
            _, words = process.communicate(timeout=20)
            connection.close()
    assert (process.returncode, words) == (1, "wsdebug: nothing compared, broken off\n")


def test_a_reader_that_goes_ends_it_in_silence(url: str, tmp_path: Path) -> None:
    """`replay | head`."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text("".join(f'{{"send":"{n}"}}\n{{"recv":"{n}"}}\n' for n in range(5000)))
    command = [sys.executable, "-m", "wsdebug", "replay", str(path), f"{url}/echo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
        assert process.wait(20) == 0


def test_progress_is_shown_on_a_terminal(url: str, tmp_path: Path) -> None:
    """Once it takes long; the return key plays a step at pace `step`."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('{"send":"a"}\n{"recv":"a"}\n{"send":"b"}\n{"recv":"b"}\n')
    command = [
        sys.executable,
        "-m",
        "wsdebug",
        "replay",
        str(path),
        f"{url}/echo",
        "--pace",
        "step",
    ]
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs) as process:
        seen = b""
        due = time.monotonic() + 30
        pressed = 0
        while process.poll() is None and time.monotonic() < due:
            if select.select([ours], [], [], 0.05)[0]:
                seen += os.read(ours, 4096)
            if pressed < 2 and b" of 2 answers" in seen.rpartition(b"\n")[2]:
                os.write(ours, b"\n")
                pressed += 1
                seen += b"\n"
        assert process.stdout is not None
        assert process.stdout.read().splitlines() == [b"= 2      a", b"= 4      b"]
        assert process.returncode == 0
    os.close(ours)
    os.close(theirs)
    assert b"the return key sends the next message" in seen


def test_a_closed_pipe_ends_a_replay_in_silence(recording: Path) -> None:
    """Whoever read it has seen enough."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as stdout:
        command = [sys.executable, "-m", "wsdebug", "replay", str(recording), "--fast"]
        done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, timeout=60)
    assert done.stderr == b""


def test_a_file_may_be_recorded_over_while_it_is_played(recording: Path, tmp_path: Path) -> None:
    """It is read before."""
    path = tmp_path / "again.ws.jsonl"
    one = '{"t":1.000000,"mask":"01020304","send":"a"}\n{"t":1.000000,"recv":"a"}\n'
    url = json.loads(recording.read_text().splitlines()[0])["url"].partition("/ticker")[0]
    path.write_text(one * 500)
    done = wsdebug("replay", path, f"{url}/echo", "--fast", "--record", path, "--force")
    assert (done.returncode, done.stderr) == (0, "wsdebug: 500 ok\n")
    assert len(messages(path)) == 501
