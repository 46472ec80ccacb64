"""The one place that makes command lines: of a connection, and of what was sent on it."""

import json
import math
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wsdebug.formats.settings import Setting, as_headers, expanded, settings, variables
from wsdebug.formats.shell import command
from wsdebug.payload.redact import Redactor
from wsdebug.payload.variables import expand
from wsdebug.session.lines import Header

__all__ = ["TOOLS", "Command", "Sent", "connect_words", "held_settings", "make_command"]

LONGEST = 100_000  # bytes of a command line; Linux takes 128 KiB in one argument
SHORT = {
    "insecure": "-k",
    "user": "-u",
    "subprotocol": "-s",
    "header": "-H",
    "cert": "-E",
    "proxy": "-x",
    "location": "-L",
    "4": "-4",
    "6": "-6",
}
# By tool: its own flag for an option of ours. What is not there is no option of it.
WEBSOCAT = {
    "insecure": "--insecure",
    "user": "--basic-auth",
    "subprotocol": "--protocol",
    "origin": "--origin",
    "header": "--header",
    "servername": "--tls-domain",
    "ping-interval": "--ping-interval",
    "ping-timeout": "--ping-timeout",
}
WSCAT = {
    "insecure": "-n",
    "user": "--auth",
    "subprotocol": "-s",
    "origin": "-o",
    "header": "-H",
    "cacert": "--ca",
    "cert": "--cert",
    "key": "--key",
    "passphrase": "--passphrase",
    "proxy": "--proxy",
    "location": "-L",
    "max-redirs": "--max-redirects",
}
CURL = {
    "insecure": "-k",
    "user": "-u",
    "cookie": "-b",
    "header": "-H",
    "cacert": "--cacert",
    "cert": "-E",
    "key": "--key",
    "passphrase": "--pass",
    "proxy": "-x",
    "location": "-L",
    "max-redirs": "--max-redirs",
    "resolve": "--resolve",
    "connect-to": "--connect-to",
    "unix-socket": "--unix-socket",
    "4": "-4",
    "6": "-6",
    "connect-timeout": "--connect-timeout",
}
WHOLE_SECONDS = frozenset(("ping-interval", "ping-timeout"))  # for websocat
UPGRADE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: d3NkZWJ1ZyBjb252ZXJ0IQ==",  # any 16 bytes do
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A data message that was sent; `line` is that of its first frame."""

    data: str | bytes
    line: int = 0


@dataclass(frozen=True, slots=True)
class Command:
    """A command as text for a shell, without a newline at its end.

    `options` are the long names of what the tool has no option for, `left_out` the messages that
    its command line cannot hold.
    """

    text: str
    options: tuple[str, ...] = ()
    left_out: tuple[Sent, ...] = ()


def connect_words(connection: Header, redactor: Redactor) -> list[str]:
    """The words of a `wsdebug` command line but the program's name and the URL."""
    pairs: list[Setting] = settings(connection, redactor)
    pairs += [("variable", f"{name}={value}") for name, value in variables(connection).items()]
    return _words(pairs, {name: SHORT.get(name, f"--{name}") for name, _ in pairs})[0]


def make_command(
    tool: str, connection: Header, sent: Sequence[Sent], received: int, redactor: Redactor
) -> Command:
    """The command of one of `TOOLS` that connects and sends the messages.

    `received` is how many data messages came: after so many the command may end.
    """
    values: Mapping[str, str] = {}
    if tool != "wsdebug":  # the others know no variables
        connection, values = expanded(connection), variables(connection)
    messages = [
        Sent(redactor.shown(expand(message.data, values)), message.line)
        if isinstance(message.data, str)
        else message
        for message in sent
    ]
    return TOOLS[tool](connection, messages, received, redactor)


def held_settings(tool: str) -> frozenset[str]:
    """What of a session's header a tool has options for, in the names of `Losses.look_at`."""
    if tool == "wsdebug":
        return frozenset(("connect", "setting:vars"))
    flags = {"websocat": WEBSOCAT, "wscat": WSCAT, "curl": CURL}[tool]
    headers = ("user", "bearer", "cookie", "origin")
    return frozenset(f"setting:{name}" for name in ("vars", *flags, *headers))


def _wsdebug(
    connection: Header, sent: Sequence[Sent], received: int, redactor: Redactor
) -> Command:
    options, url = connect_words(connection, redactor), redactor.url(connection.url)
    count = ["--count", str(received)]
    if not sent:
        ends = count if received else []
        return Command(command(["wsdebug", "record", *options, *ends, url]))
    start = ["wsdebug", "send", *options, *count]
    texts = [message.data for message in sent if isinstance(message.data, str)]
    is_short = sum(len(text) for text in texts) < LONGEST
    if len(texts) == len(sent) and is_short and not any("\0" in text for text in texts):
        mark = ["--"] if any(text.startswith("-") for text in texts) else []
        return Command(command([*start, *mark, url, *texts]))
    lines = "\n".join(_session_line(message.data) for message in sent)
    return Command(f"{command([*start, '--jsonl', url])} <<'EOF'\n{lines}\nEOF")


def _session_line(data: str | bytes) -> str:
    payload = data if isinstance(data, str) else {"b64": b64encode(data).decode()}
    # ASCII: a terminal shows each character of it
    return json.dumps({"send": payload}, separators=(",", ":")).replace("\x7f", "\\u007f")


def _websocat(
    connection: Header, sent: Sequence[Sent], received: int, redactor: Redactor
) -> Command:
    pairs = _websocat_settings(settings(connection, redactor))
    words, missing = _words(pairs, WEBSOCAT)
    url = redactor.url(connection.url)
    if not sent:
        return Command(command(["websocat", *words, url]), missing)
    # -n: the end of stdin closes nothing, so that answers come
    if len(sent) == 1 and isinstance(sent[0].data, bytes) and len(sent[0].data) < LONGEST // 4:
        octets = "".join(f"\\{byte:03o}" for byte in sent[0].data)
        run = command(["websocat", "--binary", "-n", *words, url])
        return Command(f"{command(['printf', octets])} | {run}", missing)
    texts = [message for message in sent if isinstance(message.data, str)]
    ends = "\\0" if any("\n" in str(message.data) for message in texts) else "\\n"
    kept = [message for message in texts if ("\0" not in str(message.data))]
    left_out = tuple(message for message in sent if message not in kept)
    nul = ["-0"] if ends == "\\0" else []
    run = command(["websocat", "-n", *nul, *words, url])
    if not kept:
        return Command(run, missing, left_out)
    text = command(["printf", f"%s{ends}", *(str(message.data) for message in kept)])
    return Command(f"{text} | {run}", missing, left_out)


def _websocat_settings(pairs: Iterable[Setting]) -> Iterator[Setting]:
    """Subprotocols in one option; seconds whole."""
    protocols: list[str] = []
    for name, value in as_headers(pairs, but=WEBSOCAT):
        if name == "subprotocol" and value is not None:
            protocols.append(value)
        elif name in WHOLE_SECONDS and value is not None:
            yield name, str(math.ceil(float(value)))
        else:
            yield name, value
    if protocols:
        yield "subprotocol", ",".join(protocols)


def _wscat(connection: Header, sent: Sequence[Sent], received: int, redactor: Redactor) -> Command:
    words, missing = _words(as_headers(settings(connection, redactor), but=WSCAT), WSCAT)
    line = ["wscat", *words, "-c", redactor.url(connection.url)]
    size = sum(len(word) for word in line)
    left_out = []
    for message in sent:
        data = message.data
        size += len(data)
        if isinstance(data, bytes) or "\0" in data or size > LONGEST:
            left_out.append(message)
        else:
            line += _option("-x", data, flag_takes_equals=True)
    return Command(command(line), missing, tuple(left_out))


def _curl(connection: Header, sent: Sequence[Sent], received: int, redactor: Redactor) -> Command:
    """The handshake, spelled out: curl knows WebSocket only where it was built with it."""
    pairs = settings(connection, redactor)
    # -b takes a text without = for the name of a file
    is_file = any(name == "cookie" and "=" not in (value or "") for name, value in pairs)
    options = CURL.keys() - {"cookie"} if is_file else CURL.keys()
    words, missing = _words(as_headers(pairs, but=options), CURL)
    url = redactor.url(connection.url).replace("ws", "http", 1)
    globs = ["-g"] if any(char in url for char in "[]{}") else []
    upgrade = [word for header in UPGRADE for word in ("-H", header)]
    line = ["curl", "-i", "-N", "--http1.1", *globs, *upgrade, *words, url]
    return Command(command(line), missing, tuple(sent))


def _words(pairs: Iterable[Setting], flags: Mapping[str, str]) -> tuple[list[str], tuple[str, ...]]:
    """Words of a command line, and the names that have no flag."""
    words: list[str] = []
    missing: list[str] = []
    takes_equals = flags is not CURL
    for name, value in pairs:
        flag = flags.get(name)
        if flag is None:
            missing.append(name)
        elif value is None:
            words.append(flag)
        elif flags is WEBSOCAT:
            words.append(f"{flag}={value}")  # its --header would take the words after it as well
        else:
            words += _option(flag, value, flag_takes_equals=takes_equals)
    return words, tuple(dict.fromkeys(missing))


def _option(flag: str, value: str, *, flag_takes_equals: bool) -> list[str]:
    """A flag and its value, in one word where the value looks like a flag."""
    if not value.startswith("-"):
        return [flag, value]
    if not flag.startswith("--"):
        return [flag + value]
    return [f"{flag}={value}"] if flag_takes_equals else [flag, value]


Maker = Callable[[Header, Sequence[Sent], int, Redactor], Command]
TOOLS: dict[str, Maker] = {
    "wsdebug": _wsdebug,
    "websocat": _websocat,
    "wscat": _wscat,
    "curl": _curl,
}
