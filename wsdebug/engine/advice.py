"""What to do after a failed connection, in words, for every face."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import Target, parse_url
from wsdebug.errors import CannotConnect, HandshakeRefused, UsageError, WsdebugError
from wsdebug.payload.escape import escape

__all__ = [
    "AGAIN",
    "SETTINGS",
    "URL",
    "AdviceText",
    "Way",
    "advice_of",
    "error_words",
    "made",
    "sentence",
    "target_of",
]

Line = tuple[str, str]  # sentence, and whether it is plain, muted or a warning
# What can be done (again, settings, url or form), and the verb for it.
Way = tuple[str, str]
AGAIN: Way = ("again", "try again unchanged")
SETTINGS: Way = ("settings", "change the settings")
URL: Way = ("url", "change the URL")
BROKEN_OFF = "broken off by you"
COMMAND_HINT = re.compile(r"; -{1,2}[A-Za-z][A-Za-z-]* .*")  # of messages that commands print too


@dataclass(frozen=True, slots=True)
class AdviceText:
    """What is said; all of it escaped. `ways` are what can be done next.

    `form` asks for a user name and a password (`basic`) or a token (`bearer`); `user` is the name
    that was sent.
    """

    heading: str
    lines: tuple[Line, ...]
    form: Literal["basic", "bearer"] | None = None
    ways: tuple[Way, ...] = (AGAIN,)
    user: str = ""


def advice_of(failure: WsdebugError | None, options: ConnectOptions) -> AdviceText | None:
    """The advice for what stopped a connection; None where there is nothing to say."""
    if not isinstance(failure, CannotConnect) or str(failure) == BROKEN_OFF:
        return None
    if isinstance(failure, HandshakeRefused) and failure.step == "upgrade":
        from wsdebug.engine.advice_status import refused

        return refused(failure, options)
    if failure.timed_out:
        return _timed_out(failure, options)
    words = str(failure)
    match failure.step:
        case "DNS":
            then = "Is it spelled right? Some names are known inside a private network only."
            return made("No answer: the name has no address", words, then, URL, AGAIN)
        case "TCP":
            return _no_connection(words)
        case "proxy":
            return _no_way_through(failure, words)
        case "TLS":
            return _no_tls(failure, words)
        case _:
            return _broke(words, options)


def made(heading: str, said: str, then: str, *ways: Way) -> AdviceText:
    """Advice of one sentence at full strength and one muted; either may be empty."""
    lines = [(sentence(said), "plain")] if said else []
    if then:
        lines.append((sentence(then), "muted"))
    return AdviceText(heading, tuple(lines), ways=ways)


def error_words(words: object) -> str:
    """What an error says, escaped, without what is said to command lines only."""
    return escape(COMMAND_HINT.sub("", str(words)))


def sentence(words: str) -> str:
    """Words of an error as a sentence, escaped, without what is said to command lines only."""
    words = error_words(words).strip()
    if words.partition(" ")[0].isalpha():  # not a host, which is written as it is
        words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "?", "…")) else f"{words}."


def target_of(options: ConnectOptions) -> Target | None:
    """Where it went; None where the URL cannot be read."""
    try:
        return parse_url(options.url)
    except UsageError:
        return None


def _timed_out(failure: CannotConnect, options: ConnectOptions) -> AdviceText:
    target = target_of(options)
    host = escape(target.host) if target else "the server"
    said = {
        "DNS": f"Nobody could tell the address of {host}.",
        "TCP": f"Nothing came back from {host}; a firewall may keep it.",
        "proxy": f"The proxy was asked for the way to {host}, and does not answer.",
        "TLS": f"{host} took the connection, but does not go on with TLS.",
    }.get(failure.step, f"{host} took the connection, but does not answer the request.")
    then = {
        "DNS": "Is this machine connected to a network?",
        "TCP": "Is it this host, and this port?",
        "proxy": "It may not reach the server, or not be a proxy at all.",
    }.get(failure.step, "It may be busy, or be waiting for another protocol.")
    seconds = f"{options.connect_timeout:g}"
    ways = (AGAIN, ("settings", "wait longer"), URL)
    heading = f"No answer in {seconds} s"
    lines = ((said, "plain"), (then, "muted"))
    return AdviceText(heading, lines, ways=ways)


def _no_connection(words: str) -> AdviceText:
    if words.startswith("nobody listens"):
        then = "Is the server running, and is it this port?"
        return made("No answer: nobody listens", words, then, AGAIN, URL)
    return made("No answer", words, "Is this machine in the right network?", AGAIN, URL)


def _no_way_through(failure: CannotConnect, words: str) -> AdviceText:
    """A proxy that could not be spoken to, or that did not go on to the server."""
    then = "The server itself was not reached."
    status = failure.status if isinstance(failure, HandshakeRefused) else 0
    if failure.not_trusted:
        return made("The proxy is not trusted", words, "Nothing of yours was sent.", AGAIN)
    if status == 407:
        then = "Name and password stand in its URL: http://NAME:PASS@HOST:PORT."
    elif status in (502, 503, 504):
        then = "The proxy could not reach the server: is its name right, and does it run?"
    heading = f"No way through the proxy: {status}" if status else "No way through the proxy"
    return made(heading, words, then, AGAIN, URL)


def _no_tls(failure: CannotConnect, words: str) -> AdviceText:
    if failure.not_trusted:
        verb = "go on regardless, or trust another certificate"
        return made("Not trusted", words, "Nothing of yours was sent.", ("settings", verb), AGAIN)
    if "does not speak TLS" in words:
        words = words.partition(";")[0]
        then = "The port is open: a URL with ws:// may be right."
        return made("No answer: not TLS", words, then, ("url", "use ws:// instead"), AGAIN)
    if "client certificate" in words:
        verb = "give a client certificate"
        return made("No answer: TLS failed", words, "", ("settings", verb), AGAIN)
    then = "If the port does not speak TLS, the URL begins with ws://."
    ways = (AGAIN, URL, ("settings", "change the TLS settings"))
    return made("No answer: TLS failed", words, then, *ways)


def _broke(words: str, options: ConnectOptions) -> AdviceText:
    target = target_of(options)
    ways: Sequence[Way] = (AGAIN, URL)
    then = "It ended before an answer came."
    if target is not None and not target.is_secure:
        then += " If the server wants TLS, the URL begins with wss://."
    return made("No answer: the connection broke", words, then, *ways)
