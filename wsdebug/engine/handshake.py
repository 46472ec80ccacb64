"""The upgrade (RFC 6455 section 4), by websockets' protocol, with the raw heads kept."""

from base64 import b64encode
from dataclasses import dataclass

from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.exceptions import InvalidHeader, InvalidMessage, SecurityError
from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory,
    PerMessageDeflate,
)
from websockets.http11 import Request
from websockets.typing import Origin, Subprotocol
from websockets.uri import parse_uri

from wsdebug import __version__
from wsdebug.engine.answer import TOKEN, Answer, NotHttp, begins_as_tls
from wsdebug.engine.deflate import Deflate
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import Target
from wsdebug.errors import HandshakeRefused, UsageError

__all__ = ["Agreed", "Handshake"]

UPGRADE = "RFC 6455 §4.1"  # what a client asks of the answer
FIELDS = {
    "authorization": "bearer",
    "cookie": "cookie",
    "origin": "origin",
    "sec-websocket-protocol": "subprotocol",
}


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the opening handshake settled; `rest` are bytes after the response head."""

    subprotocol: str | None
    extensions: str
    deflate: Deflate | None
    rest: bytes


class Handshake(Answer):
    """One upgrade over bytes: write `request`, `feed` what comes until it gives an answer.

    `raw` is the response head, and the first bytes of a refused body.
    """

    def __init__(self, target: Target, options: ConnectOptions) -> None:
        """Raises UsageError for a header that cannot be sent."""
        super().__init__()
        self._protocol = ClientProtocol(
            parse_uri(target.url),
            origin=Origin(options.origin) if options.origin else None,
            extensions=_offers(options),
            subprotocols=[Subprotocol(name) for name in options.subprotocol] or None,
        )
        try:
            request = self._protocol.connect()
            request.headers = _headers(request, target, options)
        except InvalidHeader as error:
            field = FIELDS.get(error.name.lower(), "header")
            words = f"the value of {error.name} must be one line without control characters"
            raise UsageError(words, field=field) from error
        for key in request.headers.get_all("Sec-WebSocket-Key"):
            self._protocol.key = key  # the answer is checked against a key of one's own too
        self._protocol.send_request(request)
        self.request = b"".join(self._protocol.data_to_send())

    def feed(self, data: bytes, *, eof: bool = False) -> Agreed | None:
        """Take received bytes; None until the head is whole and, if refused, the body.

        Raises HandshakeRefused.
        """
        try:
            if not self.take(data, eof=eof):
                return None
        except NotHttp as error:
            raise self.refused(str(error), error.section) from error
        if self.raw.startswith(b"HTTP/1.1 101"):
            return self._agree(len(self.head))
        if self.status == 101:
            raise self.refused("the answer is HTTP/1.0, which knows no upgrade", UPGRADE)
        if eof or self.is_whole:
            raise self.refused()
        return None

    def refused(self, why: str = "", section: str = "") -> HandshakeRefused:
        """What has come as a refusal; `why` where the status does not say it, and by which rule."""
        status = self.status
        if not status and begins_as_tls(self.raw):
            why, section = "the server speaks TLS; try wss://", ""
        elif not status:
            why, section = why or "the answer is not HTTP", section or "RFC 9112 §2.1"
        else:
            why = why or _advice(status, self.headers, self._protocol.uri.path)
        words = ", ".join(filter(None, (str(status or ""), why)))
        return HandshakeRefused(
            f"refused: {words}" + (f" ({section})" if section else ""),
            status=status,
            reason=self.reason,
            headers=self.headers,
            body=self.body if status else self.beginning,
            why=why,
        )

    def _agree(self, end: int) -> Agreed:
        try:
            self._protocol.receive_data(bytes(self.raw[:end]))
        except ValueError as error:
            # older websockets try a window of 8 bits, which zlib cannot compress with
            words = f"agreed to a compression that cannot be done: {error}"
            raise self.refused(words, "RFC 7692 §7.1.2") from error
        wrong = self._protocol.handshake_exc
        if isinstance(wrong, InvalidMessage | SecurityError):
            raise self.refused(str(wrong.__cause__ or wrong), "RFC 9112 §5")
        if wrong is not None:
            raise self.refused(str(wrong), UPGRADE)
        rest = bytes(self.raw[end:])
        del self.raw[end:]
        extension = next(
            (e for e in self._protocol.extensions if isinstance(e, PerMessageDeflate)), None
        )
        agreed = [
            value for name, value in self.headers if name.lower() == "sec-websocket-extensions"
        ]
        return Agreed(self._protocol.subprotocol, ", ".join(agreed), _deflate(extension), rest)


def _advice(status: int, headers: list[tuple[str, str]], path: str) -> str:
    """What a refusal means, in a few words; empty where its number says enough."""
    values = {name.lower(): value for name, value in reversed(headers) if value}
    match status:
        case 401:
            scheme = values.get("www-authenticate", "").split()
            return f"wants {scheme[0].rstrip(',')}" if scheme else ""
        case 404:
            return f"nothing at {path or '/'}; check the path"
        case 426 if version := values.get("sec-websocket-version"):
            return f"wants version {version} of the protocol"
        case 429 | 503 if seconds := values.get("retry-after"):
            return f"wants no more before {seconds}" + (" s" if seconds.isdecimal() else "")
        case _:
            return ""


def _offers(options: ConnectOptions) -> list[ClientPerMessageDeflateFactory] | None:
    offer = options.compression
    if offer is None:
        return None
    bits = offer.client_max_window_bits
    return [
        ClientPerMessageDeflateFactory(
            server_no_context_takeover=offer.server_no_context_takeover,
            client_no_context_takeover=offer.client_no_context_takeover,
            server_max_window_bits=offer.server_max_window_bits,
            client_max_window_bits=True if bits == 0 else bits,
        )
    ]


def _deflate(extension: PerMessageDeflate | None) -> Deflate | None:
    if extension is None:
        return None
    return Deflate(
        our_window_bits=extension.local_max_window_bits,
        our_context_takeover=not extension.local_no_context_takeover,
        peer_window_bits=extension.remote_max_window_bits,
        peer_context_takeover=not extension.remote_no_context_takeover,
    )


def _headers(request: Request, target: Target, options: ConnectOptions) -> Headers:
    """Defaults, less those removed or given anew, then the person's headers in their order."""
    given = {name.lower() for name, _ in options.header}
    pairs = [pair for pair in request.headers.raw_items() if pair[0].lower() not in given]
    pairs.append(("User-Agent", f"wsdebug/{__version__}"))
    if authorization := _authorization(target, options):
        pairs.append(("Authorization", authorization))
    if options.cookie:
        pairs.append(("Cookie", options.cookie))
    pairs = [pair for pair in pairs if pair[0].lower() not in given]
    pairs += [(name, value) for name, value in options.header if value is not None]
    headers = Headers()
    for name, value in pairs:
        if not TOKEN.fullmatch(name):
            raise UsageError(f"{name!r} is no name of a header", field="header")
        headers[name] = value.encode().decode("latin-1")  # on the wire: UTF-8, as it was given
    return headers


def _authorization(target: Target, options: ConnectOptions) -> str:
    if options.user is not None and options.bearer is not None:
        words = "user and bearer both make the header Authorization; give one of them"
        raise UsageError(words, field="bearer")
    if options.bearer is not None:
        return f"Bearer {options.bearer}"
    user = options.user or target.user
    if not user:
        return ""
    pair = user if ":" in user else f"{user}:"  # RFC 7617 section 2
    return f"Basic {b64encode(pair.encode()).decode()}"
