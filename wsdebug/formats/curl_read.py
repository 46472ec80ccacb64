"""curl commands, as browsers copy them, as the header of a session."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from wsdebug import __version__
from wsdebug.formats.losses import Losses
from wsdebug.formats.settings import part_headers
from wsdebug.session.checked import file_text, unreadable
from wsdebug.session.encode import encode_header

__all__ = ["read"]

LONGEST = 1 << 24  # bytes of a command
SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
# By long name of curl: the option of ours that takes its value.
OPTIONS = {
    "user": "user",
    "oauth2-bearer": "bearer",
    "cacert": "cacert",
    "key": "key",
    "pass": "passphrase",
    "proxy": "proxy",
    "unix-socket": "unix-socket",
}
LISTS = {"resolve": "resolve", "connect-to": "connect-to"}
NUMBERS = {"max-redirs": "max-redirs", "connect-timeout": "connect-timeout"}
SWITCHES = {"insecure": "insecure", "location": "location", "ipv4": "4", "ipv6": "6"}
HEADERS = {"user-agent": "User-Agent", "referer": "Referer"}
# fmt: off
SHORT = {
    "A": "user-agent", "b": "cookie", "e": "referer", "E": "cert", "H": "header",
    "k": "insecure", "L": "location", "u": "user", "x": "proxy", "4": "ipv4", "6": "ipv6",
    "X": "request", "d": "data", "F": "form", "o": "output", "m": "max-time", "w": "write-out",
    "T": "upload-file", "c": "cookie-jar", "C": "continue-at", "D": "dump-header", "K": "config",
    "r": "range", "U": "proxy-user", "y": "speed-time", "Y": "speed-limit", "z": "time-cond",
    "Q": "quote", "P": "ftp-port", "t": "telnet-option", "h": "help",
    "i": "include", "v": "verbose", "s": "silent", "S": "show-error", "N": "no-buffer",
    "g": "globoff", "f": "fail", "#": "progress-bar", "0": "http1.0", "G": "get", "I": "head",
    "q": "disable", "j": "junk-session-cookies", "n": "netrc", "O": "remote-name",
    "J": "remote-header-name", "R": "remote-time", "a": "append", "l": "list-only",
    "1": "tlsv1", "2": "sslv2", "3": "sslv3", "M": "manual", "V": "version", "B": "use-ascii",
    "p": "proxytunnel", "Z": "parallel",
}
# Those that change nothing about a WebSocket; the others that are not known are named.
HARMLESS = frozenset((
    "compressed", "http1.1", "include", "verbose", "silent", "show-error", "no-buffer", "globoff",
    "progress-bar", "fail", "tcp-nodelay", "no-keepalive", "no-progress-meter", "path-as-is",
))
TAKES_VALUE = frozenset((
    "request", "data", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json", "form",
    "form-string", "output", "max-time", "write-out", "upload-file", "cookie-jar", "continue-at",
    "dump-header", "config", "range", "proxy-user", "proxy-header", "speed-time", "speed-limit",
    "time-cond", "quote", "ftp-port", "telnet-option", "noproxy", "ciphers", "tls13-ciphers",
    "tls-max", "curves", "cert-type", "key-type", "capath", "crlfile", "pinnedpubkey",
    "interface", "local-port", "dns-servers", "limit-rate", "max-filesize", "retry",
    "retry-delay", "retry-max-time", "keepalive-time", "expect100-timeout", "trace",
    "trace-ascii", "stderr", "socks4", "socks4a", "socks5", "socks5-hostname", "preproxy",
    "proxy-cacert", "proxy-cert", "proxy-key", "netrc-file", "delegation", "engine", "rate",
    "happy-eyeballs-timeout-ms", "abstract-unix-socket", "request-target", "url-query",
    "aws-sigv4", "hsts", "alt-svc", "etag-save", "etag-compare", "doh-url", "ech", "variable",
))
# fmt: on
WITH_VALUE = (OPTIONS.keys() | LISTS.keys() | NUMBERS.keys() | HEADERS.keys() | TAKES_VALUE) | {
    "header",
    "cookie",
    "cert",
    "url",
}
CMD = re.compile(r'\^"|\^[ \t]*\r?\n')
PROMPT = re.compile(r"\A\s*(?:[$>%] )?")
PIECE = re.compile(
    r"""'[^']*' | "(?:[^"\\]|\\.)*" | \$'(?P<ansi>(?:[^'\\]|\\.)*)' | \\\r?\n | \\. | .""",
    re.DOTALL | re.VERBOSE,
)
ESCAPE = re.compile(
    r"\\(?:x(?P<hex>[0-9a-fA-F]{1,2})|u(?P<u>[0-9a-fA-F]{1,4})|U(?P<U>[0-9a-fA-F]{1,8})"
    r"|(?P<octal>[0-7]{1,3})|(?P<char>.))",
    re.DOTALL,
)
CHARACTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"} | {
    "e": "\x1b",
    "E": "\x1b",
}
ENDS = frozenset(";|&<>()")
OPTION = ("option of curl", "options of curl")


@dataclass(slots=True)
class _Request:
    """What a command asks for."""

    urls: list[str] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    connect: dict[str, Any] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    @property
    def is_websocket(self) -> bool:
        """Whether it says so."""
        is_upgrade = any(name.lower() == "upgrade" for name, _ in self.headers)
        return is_upgrade or any(url.lower().startswith("ws") for url in self.urls)


def read(file: BinaryIO, path: str, losses: Losses) -> Iterator[bytes]:
    """The header of a session that connects as the command does: of several commands, the first
    of a WebSocket. Options that are not known are counted among the losses.

    Raises SessionUnreadable where there is no curl command with a URL.
    """
    text = file_text(file.read(LONGEST), path)
    try:
        commands = [_request(words) for words in _commands(text)]
    except ValueError as error:
        raise unreadable(path, 1, f"{str(error).lower()} in the command") from error
    if not commands:
        raise unreadable(path, 1, "no curl command")
    request = next((one for one in commands if one.is_websocket), commands[0])
    if not request.urls:
        raise unreadable(path, 1, "the command has no URL")
    losses.add("further command", "further commands", count=len(commands) - 1)
    losses.add("further URL", "further URLs", count=len(request.urls) - 1)
    for name in request.unknown:
        losses.add(*OPTION, name=name)
    parted = part_headers(request.headers)
    yield encode_header(
        {
            "wsdebug": 1,
            "url": _websocket_url(request.urls[0], path),
            "app": f"wsdebug {__version__}",
            "headers": [list(pair) for pair in parted.headers],
            "subprotocols": list(parted.subprotocols),
            "connect": {**parted.connect, **request.connect},
        }
    )


def _commands(text: str) -> Iterator[list[str]]:
    """The words of each curl command, without `curl`. Raises ValueError for an open quote."""
    text = PROMPT.sub("", text)
    text = _without_carets(text) if CMD.search(text) else PIECE.sub(_plain_quotes, text)
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";|&<>()\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    words: list[str] = []
    for word in (*lexer, ";"):
        if word and set(word) <= ENDS | {"\n"}:
            if words and words[0].lower() in ("curl", "curl.exe"):
                yield words[1:]
            words = []
        else:
            words.append(word)


def _plain_quotes(match: re.Match[str]) -> str:
    r"""`$'…'` in quotes that shlex knows; a line that goes on, joined."""
    if match["ansi"] is not None:
        return shlex.quote(_ansi(match["ansi"]))
    return "" if match[0] in ("\\\n", "\\\r\n") else match[0]


def _ansi(text: str) -> str:
    """What ANSI-C quotes of a shell mean; bytes that they spell are UTF-8."""
    data = bytearray()
    done = 0
    for match in ESCAPE.finditer(text):
        data += text[done : match.start()].encode()
        done = match.end()
        if match["hex"] or match["octal"]:
            data.append(int(match["hex"] or match["octal"], 16 if match["hex"] else 8) & 0xFF)
        elif code := match["u"] or match["U"]:
            number = int(code, 16)
            data += chr(number if number < 0x110000 else 0xFFFD).encode("utf-8", "surrogatepass")
        else:
            char = match["char"]
            data += (CHARACTERS.get(char) or (char if char in "\\'\"?" else f"\\{char}")).encode()
    data += text[done:].encode()
    return data.decode("utf-8", "replace")


def _without_carets(text: str) -> str:
    """A command for Windows' cmd, as a shell takes it: `^` escapes a character, or joins lines."""
    text = re.sub(r"\^\r?\n\r?\n", "\n", text)
    text = re.sub(r"\^[ \t]*\r?\n", " ", text)
    return re.sub(r"\^(.)", r"\1", text, flags=re.DOTALL)


def _request(words: list[str]) -> _Request:
    """The words after `curl`, one by one."""
    request = _Request()
    rest = iter(words)
    for word in rest:
        if word == "--":
            request.urls += rest
        elif word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            known = name in WITH_VALUE
            _take(request, name, value if equals or not known else next(rest, ""))
        elif word.startswith("-") and len(word) > 1:
            _take_short(request, word[1:], rest)
        else:
            request.urls.append(word)
    return request


def _take_short(request: _Request, letters: str, rest: Iterator[str]) -> None:
    """`-sSkH 'A: b'`: the first with a value takes what follows it, or the next word."""
    for at, letter in enumerate(letters):
        name = SHORT.get(letter, letter)
        if name in WITH_VALUE:
            _take(request, name, letters[at + 1 :] or next(rest, ""))
            return
        _take(request, name, "")


def _take(request: _Request, name: str, value: str) -> None:
    connect = request.connect
    if name == "url":
        request.urls.append(value)
    elif name == "header" and not value.startswith("@"):
        header, colon, text = value.partition(":")
        if colon and header.strip():
            request.headers.append((header.strip(), text.strip()))
        elif value.endswith(";"):  # a header without a value
            request.headers.append((value[:-1].strip(), ""))
        else:
            request.unknown.append("-H")
    elif name == "cookie" and "=" in value:
        request.headers.append(("Cookie", value))
    elif name in HEADERS:
        request.headers.append((HEADERS[name], value))
    elif name == "cert":
        connect["cert"], colon, secret = _cert(value)
        connect |= {"passphrase": secret} if colon else {}
    elif name in OPTIONS:
        connect[OPTIONS[name]] = value
    elif name in LISTS:
        connect.setdefault(LISTS[name], []).append(value)
    elif name in SWITCHES:
        connect[SWITCHES[name]] = True
    elif name in NUMBERS and (number := _number(name, value)) is not None:
        connect[NUMBERS[name]] = number
    elif name == "noproxy" and value == "*":
        connect["no-proxy"] = True
    elif name not in HARMLESS and (name, value) != ("request", "GET"):
        request.unknown.append(f"--{name}" if len(name) > 1 else f"-{name}")


def _cert(value: str) -> tuple[str, str, str]:
    r"""`FILE[:PASSWORD]`; a colon of the file is escaped, or follows a drive's letter."""
    match = re.fullmatch(r"((?:[A-Za-z]:(?=[\\/]))?(?:\\.|[^:])*)(:?)(.*)", value, re.DOTALL)
    if match is None:
        return value, "", ""
    return match[1].replace("\\:", ":"), match[2], match[3]


def _number(name: str, value: str) -> int | float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    if not 0 < number < 1e9:
        return None
    return int(number) if name == "max-redirs" else number


def _websocket_url(url: str, path: str) -> str:
    """Without a scheme curl takes http."""
    scheme, colon, rest = url.partition("://")
    if not colon:
        return f"ws://{url}"
    if scheme.lower() not in SCHEMES:
        raise unreadable(path, 1, f"{scheme}:// is no WebSocket's URL")
    return f"{SCHEMES[scheme.lower()]}://{rest.partition('#')[0]}"
