"""The upgrade (RFC 6455 section 4), by websockets' protocol, with the raw heads kept."""

from base64 import b64encode
from dataclasses import dataclass

from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory,
    PerMessageDeflate,
)
from websockets.http11 import Request, Response
from websockets.typing import Origin, Subprotocol
from websockets.uri import parse_uri

from wsdebug.engine.conversation import Deflate
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import Target
from wsdebug.errors import HandshakeRefused

__all__ = ["Agreed", "Handshake"]

BODY_LIMIT = 1 << 16
HEAD_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the opening handshake settled; `rest` are bytes after the response head."""

    subprotocol: str | None
    extensions: str
    deflate: Deflate | None
    rest: bytes


class Handshake:
    """One upgrade over bytes: write `request`, `feed` what comes until it gives an answer."""

    def __init__(self, target: Target, options: ConnectOptions) -> None:
        self._protocol = ClientProtocol(
            parse_uri(target.url),
            origin=Origin(options.origin) if options.origin else None,
            extensions=_offers(options),
            subprotocols=[Subprotocol(name) for name in options.subprotocol] or None,
        )
        request = self._protocol.connect()
        request.headers = _headers(request, target, options)
        self._protocol.send_request(request)
        self.request = b"".join(self._protocol.data_to_send())
        self.raw = bytearray()  # response head, and the first bytes of a refused body

    @property
    def head(self) -> bytes:
        """The response head as received, whole or not."""
        end = self.raw.find(b"\r\n\r\n")
        return bytes(self.raw[: end + 4] if end >= 0 else self.raw)

    @property
    def body(self) -> bytes:
        """The first 64 KiB after the head."""
        return bytes(self.raw[len(self.head) :][:BODY_LIMIT])

    def feed(self, data: bytes, *, eof: bool = False) -> Agreed | None:
        """Take received bytes; None until the head is whole and, if refused, the body.

        Raises HandshakeRefused.
        """
        self.raw += data
        end = self.raw.find(b"\r\n\r\n") + 4
        if end < 4:
            if eof or len(self.raw) > HEAD_LIMIT:
                raise self._refused(None, "the answer ended before its head did")
            return None
        accepted = self.raw.startswith(b"HTTP/1.1 101")
        if not accepted:
            if eof or self._has_body(end):
                raise self._refused(self._parse(end), "")
            return None
        self._protocol.receive_data(bytes(self.raw[:end]))
        response = next(
            (e for e in self._protocol.events_received() if isinstance(e, Response)), None
        )
        error = self._protocol.handshake_exc
        if error is not None or response is None:
            raise self._refused(response, str(error) if error else "the answer is not HTTP/1.1")
        rest = bytes(self.raw[end:])
        del self.raw[end:]
        extension = next(
            (e for e in self._protocol.extensions if isinstance(e, PerMessageDeflate)), None
        )
        return Agreed(
            self._protocol.subprotocol,
            ", ".join(response.headers.get_all("Sec-WebSocket-Extensions")),
            _deflate(extension),
            rest,
        )

    def _has_body(self, end: int) -> bool:
        """Whether the body is as long as it says, or as long as is kept."""
        have = len(self.raw) - end
        if have >= BODY_LIMIT:
            return True
        head = bytes(self.raw[:end]).lower()
        at = head.find(b"\r\ncontent-length:")
        if at < 0:
            return b"\r\ntransfer-encoding:" in head and self.raw.endswith(b"0\r\n\r\n")
        value = head[at + 17 :].split(b"\r\n", 1)[0].strip()
        return value.isdigit() and have >= int(value)

    def _parse(self, end: int) -> Response | None:
        """The head by websockets' parser, without the body, which may be broken."""
        lines = bytes(self.raw[:end]).decode("latin-1").split("\r\n")
        version, _, rest = lines[0].partition(" ")
        status, _, reason = rest.partition(" ")
        if not version.startswith("HTTP/") or not status.isdigit():
            return None
        headers = Headers()
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if colon:
                headers[name.strip()] = value.strip()
        return Response(int(status), reason, headers)

    def _refused(self, response: Response | None, why: str) -> HandshakeRefused:
        if response is None:
            words = why or "the answer is not HTTP"
            return HandshakeRefused(f"refused: {words}", status=0, why=words, body=self.body)
        if response.status_code != 101:
            scheme = response.headers.get_all("WWW-Authenticate")
            why = f"wants {scheme[0].split()[0]}" if scheme and scheme[0].split() else ""
        words = f"refused: {response.status_code}" + (f", {why}" if why else "")
        return HandshakeRefused(
            words,
            status=response.status_code,
            reason=response.reason_phrase,
            headers=list(response.headers.raw_items()),
            body=self.body,
            why=why,
        )


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
    headers = Headers()
    for name, value in request.headers.raw_items():
        if name.lower() not in given:
            headers[name] = value
    if "user-agent" not in given:
        headers["User-Agent"] = "wsdebug/0.1.0"
    user = options.user or target.user
    if user and "authorization" not in given:
        headers["Authorization"] = "Basic " + b64encode(user.encode()).decode()
    elif options.bearer and "authorization" not in given:
        headers["Authorization"] = f"Bearer {options.bearer}"
    if options.cookie and "cookie" not in given:
        headers["Cookie"] = options.cookie
    for name, given_value in options.header:
        if given_value is not None:
            headers[name] = given_value
    return headers
