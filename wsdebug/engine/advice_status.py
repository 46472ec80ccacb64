"""Advice for each way in which a server may answer without opening a WebSocket."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from wsdebug.engine.advice import (
    AGAIN,
    SETTINGS,
    URL,
    AdviceText,
    Way,
    made,
    sentence,
    target_of,
)
from wsdebug.engine.advice_challenges import challenges
from wsdebug.engine.answer import begins_as_tls
from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import HandshakeRefused
from wsdebug.payload.escape import escape

__all__ = ["refused"]

WITH_THESE: Way = ("form", "connect with these")
ELSEWISE: Way = ("settings", "use a token, cookie or header instead")
CREDENTIALS: Way = ("settings", "set a user, token, cookie or header")
NOTHING_ELSE = "Nothing else went wrong on the way."
BODY = 120  # bytes of a body that is shown


def refused(failure: HandshakeRefused, options: ConnectOptions) -> AdviceText:
    """What a refusal means, and what to do."""
    text = _by_status(failure, options)
    words = _said(failure)
    if not words or text.form is not None:
        return text
    return replace(text, lines=(*text.lines, (f"It says: {words}", "muted")))


def _said(failure: HandshakeRefused) -> str:
    """The body, escaped, where it is a short line of plain text."""
    kind = _header(failure, "content-type").lower()
    is_plain = kind.startswith("text/plain") or "json" in kind
    if failure.status < 400 or not is_plain or len(failure.body) > BODY:
        return ""
    try:
        text = failure.body.decode().strip()
    except UnicodeDecodeError:
        return ""
    return "" if "\n" in text else escape(text)


def _by_status(failure: HandshakeRefused, options: ConnectOptions) -> AdviceText:
    status = failure.status
    if status == 401:
        return _wants_credentials(failure, options)
    if status in SPECIAL:
        return SPECIAL[status](failure, options)
    if status in PLAIN:
        said, then, ways = PLAIN[status]
        return made(f"Refused: {status}", said, then, *ways)
    if 300 <= status < 400:
        return _sends_on(failure, options)
    if 200 <= status < 300:
        then = "If the path is right, something on the way may have removed the upgrade."
        said = "The server answers as an ordinary web page; check the path."
        return made(f"Refused: {status}, an ordinary answer", said, then, URL, AGAIN)
    reason = f" {failure.reason}" if failure.reason else ""
    said = f"The server answered {status}{reason}."
    ways = (AGAIN, URL, SETTINGS)
    return made(f"Refused: {status}", said, "The body of its answer may say more.", *ways)


# Every status that needs no look at the answer: what it means, what to think of, what to press.
PLAIN: dict[int, tuple[str, str, tuple[Way, ...]]] = {
    403: (
        "The server understood, and does not let you in.",
        "It may look at the origin, a cookie, a token or the address.",
        (("settings", "change origin, cookie or headers"), AGAIN),
    ),
    407: (
        "A proxy on the way wants a user name and a password.",
        "It answers in place of the server, which was not reached.",
        (AGAIN, SETTINGS),
    ),
    408: (
        "The server did not wait for the request.",
        "The way there may be slow, or the server busy.",
        (AGAIN,),
    ),
    410: ("What was there is gone; check the path.", "", (URL, AGAIN)),
    500: ("The server failed on its own.", "Its log may say why.", (AGAIN,)),
    501: (
        "The server cannot do what was asked for.",
        "It may not know WebSockets at all.",
        (URL, AGAIN),
    ),
    502: (
        "A gateway answered; the server behind it did not, or not properly.",
        "Is the server running? Does the gateway pass WebSockets on?",
        (AGAIN,),
    ),
    504: (
        "A gateway answered; the server behind it did not in time.",
        "Is the server running? Does the gateway pass WebSockets on?",
        (AGAIN,),
    ),
    511: (
        "The network wants you to log in first.",
        "A page of it opens in a browser. The server was not reached.",
        (AGAIN,),
    ),
}


def _header(failure: HandshakeRefused, name: str) -> str:
    return next((value for key, value in failure.headers if key.lower() == name), "")


def _wants_credentials(failure: HandshakeRefused, options: ConnectOptions) -> AdviceText:
    asked = challenges(failure)
    schemes = {scheme.lower(): parameters for scheme, parameters in reversed(asked)}
    names = " or ".join(dict.fromkeys(escape(scheme) for scheme, _ in asked))
    heading = f"Refused: 401, wants {names}" if names else "Refused: 401"
    if any(name.lower() == "authorization" and value for name, value in options.header):
        said = "The server did not take the Authorization header that was sent."
        return made(heading, said, NOTHING_ELSE, ("settings", "change the header"), AGAIN)
    if "basic" in schemes:
        return _basic(heading, schemes["basic"], options)
    if "bearer" in schemes:
        return _bearer(heading, schemes["bearer"], options)
    if not asked:
        said = "The server wants to know who you are, but does not say how."
        return made(heading, said, NOTHING_ELSE, CREDENTIALS, AGAIN)
    said = f"The server wants {names}, which wsdebug does not make."
    then = "A header that was made elsewhere can be set."
    return made(heading, said, then, ("settings", "set a header"), AGAIN)


def _basic(heading: str, parameters: dict[str, str], options: ConnectOptions) -> AdviceText:
    target = target_of(options)
    sent = options.user or (target.user if target else None)
    realm = f" for “{parameters['realm']}”" if parameters.get("realm") else ""
    then = f"None were sent. {NOTHING_ELSE}"
    if sent:
        then = f"It did not take those that were sent. {NOTHING_ELSE}"
    elif options.bearer:
        then = f"A token was sent instead. {NOTHING_ELSE}"
    said = f"The server wants a user name and a password{realm}."
    text = made(heading, said, then, WITH_THESE, AGAIN, ELSEWISE)
    user = (sent or "").partition(":")[0]
    return replace(text, form="basic", user=user, lines=(*text.lines, *_in_the_open(options)))


def _bearer(heading: str, parameters: dict[str, str], options: ConnectOptions) -> AdviceText:
    realm = f" for “{parameters['realm']}”" if parameters.get("realm") else ""
    then = f"None was sent. {NOTHING_ELSE}"
    if options.bearer:
        why = parameters.get("error_description") or parameters.get("error", "")
        why = f": {why.rstrip('.')}" if why else ""
        then = f"It did not take the one that was sent{why}."
    ways = (("form", "connect with it"), AGAIN, ELSEWISE)
    text = made(heading, f"The server wants a token{realm}.", then, *ways)
    return replace(text, form="bearer", lines=(*text.lines, *_in_the_open(options)))


def _in_the_open(options: ConnectOptions) -> list[tuple[str, str]]:
    """What to say where credentials would go over a network as they are."""
    target = target_of(options)
    if target is None or target.is_secure:
        return []
    if target.host in ("localhost", "::1") or target.host.startswith("127."):
        return []
    return [("Over ws:// anyone on the way can read what you send.", "warning")]


def _bad_request(failure: HandshakeRefused, options: ConnectOptions) -> AdviceText:
    if b"HTTPS port" in failure.body or b"HTTP request to an HTTPS" in failure.body:
        return _is_tls("Refused: 400, this port wants TLS")
    said = "The server could not make sense of the request."
    then = "A header it needs may be missing, or one of yours wrong."
    return made("Refused: 400", said, then, ("settings", "change the headers"), URL, AGAIN)


def _is_tls(heading: str) -> AdviceText:
    said = "What listens there speaks TLS: the URL begins with wss://."
    return made(heading, said, "", ("url", "use wss:// instead"), AGAIN)


def _nothing_there(failure: HandshakeRefused, options: ConnectOptions) -> AdviceText:
    target = target_of(options)
    path = urlsplit(target.resource).path if target else ""
    said = failure.why or f"nothing at {path or '/'}; check the path"
    return made("Refused: 404", said, "The host and the port are right.", URL, AGAIN)


def _not_for_get(failure: HandshakeRefused, options: ConnectOptions) -> AdviceText:
    allowed = _header(failure, "allow")
    said = "Something is there, but it is not opened by GET, as a WebSocket is; check the path."
    return made("Refused: 405", said, f"It takes {allowed}." if allowed else "", URL, AGAIN)


def _wants_upgrade(failure: HandshakeRefused, options: ConnectOptions) -> AdviceText:
    version, protocol = _header(failure, "sec-websocket-version"), _header(failure, "upgrade")
    if version:
        heading = f"Refused: 426, wants version {escape(version)}"
        said = f"The server speaks version {version} of the protocol; 13 was asked for."
        return made(
            heading, said, "13 is that of RFC 6455.", ("settings", "change the headers"), AGAIN
        )
    if protocol and protocol.lower() != "websocket":
        said = f"The server goes on with {protocol} only."
        return made("Refused: 426", said, "", URL, AGAIN)
    said = "The server wants an upgrade, though one was asked for."
    then = "Something on the way may have removed the Upgrade header."
    return made("Refused: 426", said, then, AGAIN, URL)


def _later(failure: HandshakeRefused, options: ConnectOptions) -> AdviceText:
    said = "The server does not take connections now."
    if failure.status == 429:
        said = "Too many connections or requests came from here."
    after = _header(failure, "retry-after")
    then = f"It asks to wait until {after}." if after else ""
    if after.isdecimal():
        then = f"It asks to wait {after} s."
    return made(f"Refused: {failure.status}", said, then, AGAIN)


def _sends_on(failure: HandshakeRefused, options: ConnectOptions) -> AdviceText:
    place = _header(failure, "location")
    heading = f"Refused: {failure.status}, sends on"
    if not place:
        return made(f"Refused: {failure.status}", "The server sends on, but not where to.", "", URL)
    if options.location and failure.why:
        return made(heading, failure.why, "", ("settings", "change the settings"), URL, AGAIN)
    # Without a full stop, which could be taken for a part of the URL.
    said = (f"The server sends on to {escape(place)}", "plain")
    then = ("A redirect is followed only when asked.", "muted")
    return AdviceText(
        heading,
        (said, then),
        ways=(("settings", "follow redirects"), ("url", "dial that URL"), AGAIN),
    )


def _not_agreed(failure: HandshakeRefused, options: ConnectOptions) -> AdviceText:
    """A 101 that is not right (RFC 6455 section 4.1)."""
    heading, why = "Refused: 101, but not as it should be", failure.why.lower()
    if "accept" in why:
        said = "The accept key is not the answer to the key that was sent (RFC 6455 section 4.1)."
        then = "A cache may have answered, or no WebSocket server listens there."
        return made("Refused: wrong accept key", said, then, AGAIN, URL)
    if "subprotocol" in why:
        said = "The server chose a subprotocol that was not offered (RFC 6455 section 4.1)."
        ways = (("settings", "change the subprotocols"), AGAIN)
        return made("Refused: wrong subprotocol", said, failure.why, *ways)
    if "extension" in why or "compression" in why or "parameter" in why:
        said = "The server agreed to an extension that was not offered, or not like this."
        ways = (("settings", "change the compression"), AGAIN)
        return made("Refused: wrong extension", said, failure.why, *ways)
    return made(heading, failure.why or "The answer breaks RFC 6455 section 4.1.", "", AGAIN, URL)


def _not_http(failure: HandshakeRefused, options: ConnectOptions) -> AdviceText:
    if begins_as_tls(failure.body):
        return _is_tls("Refused: this port wants TLS")
    then = "What listens there may speak another protocol; check the port."
    if not failure.body:
        then = "If the server wants TLS, the URL begins with wss://."
        if (target := target_of(options)) and target.is_secure:
            then = "The server may be restarting, or not be a web server at all."
    heading = "Refused: no answer in HTTP"
    return made(heading, sentence(failure.why), then, URL, AGAIN)


SPECIAL: dict[int, Callable[[HandshakeRefused, ConnectOptions], AdviceText]] = {
    0: _not_http,
    101: _not_agreed,
    400: _bad_request,
    404: _nothing_there,
    405: _not_for_get,
    426: _wants_upgrade,
    429: _later,
    503: _later,
}
