"""What to do after a failed connection, in words; without a screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import Target, parse_url
from wsdebug.errors import CannotConnect, HandshakeRefused, UsageError, WsdebugError
from wsdebug.payload.escape import escape
from wsdebug.tui.words import error_words

__all__ = [
    "AGAIN",
    "SETTINGS",
    "URL",
    "AdviceText",
    "Key",
    "advice_of",
    "made",
    "sentence",
    "target_of",
]

Key = tuple[str, str]  # key, verb
Line = tuple[str, str]  # sentence, style
AGAIN: Key = ("F5", "try again unchanged")
SETTINGS: Key = ("F2", "change the settings")
URL: Key = ("^L", "change the URL")
BROKEN_OFF = "broken off by you"


@dataclass(frozen=True, slots=True)
class AdviceText:
    """What is said; all of it escaped. `lines` are sentences with the style of a theme variable.

    `form` asks for a user name and a password (`basic`) or a token (`bearer`); `user` is the name
    that was sent.
    """

    heading: str
    lines: tuple[Line, ...]
    form: Literal["basic", "bearer"] | None = None
    keys: tuple[Key, ...] = (AGAIN,)
    user: str = ""


def advice_of(failure: WsdebugError | None, options: ConnectOptions) -> AdviceText | None:
    """The advice for what stopped a connection; None where there is nothing to say."""
    if not isinstance(failure, CannotConnect) or str(failure) == BROKEN_OFF:
        return None
    if isinstance(failure, HandshakeRefused):
        from wsdebug.tui.advice_status import refused

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
        case "TLS":
            return _no_tls(failure, words)
        case _:
            return _broke(words, options)


def made(heading: str, said: str, then: str, *keys: Key) -> AdviceText:
    """Advice of one sentence at full strength and one muted; either may be empty."""
    lines = [(sentence(said), "$foreground")] if said else []
    if then:
        lines.append((sentence(then), "$foreground-muted"))
    return AdviceText(heading, tuple(lines), keys=keys)


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
        "TLS": f"{host} took the connection, but does not go on with TLS.",
    }.get(failure.step, f"{host} took the connection, but does not answer the request.")
    then = {
        "DNS": "Is this machine connected to a network?",
        "TCP": "Is it this host, and this port?",
    }.get(failure.step, "It may be busy, or be waiting for another protocol.")
    seconds = f"{options.connect_timeout:g}"
    keys = (AGAIN, ("F2", "wait longer"), URL)
    heading = f"No answer in {seconds} s"
    lines = ((said, "$foreground"), (then, "$foreground-muted"))
    return AdviceText(heading, lines, keys=keys)


def _no_connection(words: str) -> AdviceText:
    if words.startswith("nobody listens"):
        then = "Is the server running, and is it this port?"
        return made("No answer: nobody listens", words, then, AGAIN, URL)
    return made("No answer", words, "Is this machine in the right network?", AGAIN, URL)


def _no_tls(failure: CannotConnect, words: str) -> AdviceText:
    if failure.not_trusted:
        verb = "go on regardless, or trust another certificate"
        return made("Not trusted", words, "Nothing of yours was sent.", ("F2", verb), AGAIN)
    if "does not speak TLS" in words:
        words = words.partition(";")[0]
        then = "The port is open: a URL with ws:// may be right."
        return made("No answer: not TLS", words, then, ("^L", "use ws:// instead"), AGAIN)
    if "client certificate" in words:
        verb = "give a client certificate"
        return made("No answer: TLS failed", words, "", ("F2", verb), AGAIN)
    then = "If the port does not speak TLS, the URL begins with ws://."
    keys = (AGAIN, URL, ("F2", "change the TLS settings"))
    return made("No answer: TLS failed", words, then, *keys)


def _broke(words: str, options: ConnectOptions) -> AdviceText:
    target = target_of(options)
    keys: Sequence[Key] = (AGAIN, URL)
    then = "It ended before an answer came."
    if target is not None and not target.is_secure:
        then += " If the server wants TLS, the URL begins with wss://."
    return made("No answer: the connection broke", words, then, *keys)
