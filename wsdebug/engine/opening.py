"""The way in: DNS, TCP, proxy, TLS and upgrade, each a recorded step, hop after hop."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from wsdebug.engine.answer import header_pairs, status_of
from wsdebug.engine.body import body_object
from wsdebug.engine.handshake import Agreed, Handshake
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.reach import Reach
from wsdebug.engine.redirect import next_hop
from wsdebug.engine.route import Route, route_of
from wsdebug.engine.target import Target
from wsdebug.engine.transport import Wire, exchange
from wsdebug.engine.unrecorded import Record
from wsdebug.errors import CannotConnect, HandshakeRefused, UsageError

if TYPE_CHECKING:
    import ssl

__all__ = ["Opening"]


class Opening:
    """Runs once. With `location` it follows redirects, every hop with all its steps.

    `wire` is the transport of the hop under way, in the end the open one.
    """

    def __init__(
        self,
        target: Target,
        options: ConnectOptions,
        recorder: Record,
        *,
        number: int,
        on_status: Callable[..., None],
    ) -> None:
        self.step = "DNS"
        self.wire = Wire()
        self._target = target
        self._options = options
        self._recorder = recorder
        self._number = number
        self._on_status = on_status
        self._handshake: Handshake | None = None
        self._reach: Reach | None = None
        self._notices = target.notices

    async def run(self) -> Agreed:
        """Go in. Raises CannotConnect, HandshakeRefused, UsageError."""
        hops = 0
        while True:
            try:
                agreed = await self._hop()
            except HandshakeRefused as refusal:
                self._target, self._options = next_hop(refusal, self._target, self._options, hops)
            else:
                self._handshake = None  # the library's holds a compressor of its own: 256 KiB
                return agreed
            self.wire.abort()
            self.wire, self._handshake, self._reach = Wire(), None, None
            hops += 1
            url = self._recorder.redactor.url(self._target.url)
            self._notices = (*self._notices, f"redirected to {url}")
            self._on_status(notices=self._notices, tls="")

    def timed_out(self) -> CannotConnect:
        """What to say when the time is over: a refusal, if its head has come."""
        seconds = f"{self._options.connect_timeout:g}"
        if self._handshake is not None and self._handshake.raw:
            self._record_response(self._handshake)
            if not self._handshake.has_head:
                words = f"{self.step}: the head of the answer had no end in {seconds} s"
                return CannotConnect(words, step=self.step, timed_out=True)
            try:
                hop, _ = next_hop(self._handshake.refused(), self._target, self._options, 0)
            except HandshakeRefused as refusal:
                return refusal
            url = self._recorder.redactor.url(hop.url)
            words = f"{self.step}: sent on to {url}, but the answer had no end in {seconds} s"
            return CannotConnect(words, step=self.step, timed_out=True)
        if self._reach is not None and (said_no := self._reach.refusal):
            return said_no
        host = self._reach.host if self._reach is not None else self._target.host
        words = f"{self.step}: no answer from {host} in {seconds} s"
        return CannotConnect(words, step=self.step, timed_out=True)

    async def _hop(self) -> Agreed:
        target, options = self._target, self._options
        context = _context(options) if target.is_secure else None
        try:
            handshake = self._handshake = Handshake(target, options)
        except ValueError as error:
            raise UsageError(f"the handshake cannot be made: {error}") from error
        route = route_of(target, options)
        if self._recorder.is_kept:
            url = self._recorder.redactor.url(target.url)
            self._event("connecting", url=url, **_over(route))
        self._notice(route)
        self._reach = Reach(
            route, options, self.wire, self._recorder, enter=self._enter, event=self._event
        )
        transport = await self._reach.run()
        if context is not None:
            await self._secure(transport, context)
        self._enter("upgrade")
        try:
            return await self._upgrade(handshake)
        except HandshakeRefused as refusal:
            why = self.wire.error
            if context is not None and why is not None and _is_of_tls(why):
                raise self._tls_failure(why, context) from refusal
            if isinstance(why, OSError) and not handshake.raw:
                words = f"{target.place} broke the connection: {why.strerror or why}"
                raise CannotConnect(words.lower(), step="upgrade") from refusal
            raise

    def _notice(self, route: Route) -> None:
        """A proxy that nobody named here is told."""
        if route.proxy is not None and route.proxy.source:
            words = f"over the proxy {route.proxy.url} of the environment ({route.proxy.source})"
            self._notices = tuple(dict.fromkeys((*self._notices, words)))
            self._on_status(notices=self._notices)

    async def _secure(self, transport: asyncio.Transport, context: "ssl.SSLContext") -> None:
        from wsdebug.engine.tls import start_tls

        self._enter("TLS")
        facts = await start_tls(self.wire, transport, context, self._name, place=self._target.place)
        self._event("tls", **facts)
        self._on_status(tls=str(facts["version"]).replace("TLSv", "TLS "))

    @property
    def _name(self) -> str:
        return self._options.servername or self._target.host

    def _tls_failure(self, error: Exception, context: "ssl.SSLContext") -> CannotConnect:
        from wsdebug.engine.tls import tls_failure

        return tls_failure(error, context, self._name, place=self._target.place)

    async def _upgrade(self, handshake: Handshake) -> Agreed:
        self._record_request(handshake)
        try:
            agreed = await exchange(self.wire, handshake.request, handshake.feed)
        except HandshakeRefused:
            self._record_response(handshake)
            raise
        self._record_response(handshake)
        return agreed

    def _record_request(self, handshake: Handshake) -> None:
        if not self._recorder.is_kept:
            return
        redactor = self._recorder.redactor
        line, pairs = header_pairs(handshake.request)
        self._event(
            "request",
            line=redactor.url(line),
            headers=redactor.headers(pairs),
            raw=b64encode(redactor.head(handshake.request)).decode(),
        )

    def _record_response(self, handshake: Handshake) -> None:
        if not self._recorder.is_kept:
            return
        for head in handshake.interim:
            self._response(head, status_of(head), b"")
        if handshake.raw:
            self._response(handshake.head, handshake.status, handshake.body)

    def _response(self, head: bytes, status: int, body: bytes) -> None:
        redactor = self._recorder.redactor
        line, pairs = header_pairs(head)
        fields: dict[str, Any] = {
            "status": status,
            "reason": redactor.text(line.partition(" ")[2].partition(" ")[2]),
            "headers": redactor.headers(pairs),
        }
        if body:
            fields["body"] = body_object(body)
        raw = b64encode(redactor.head(head)).decode()
        self._event("response", **fields, raw=raw)

    def _enter(self, step: str) -> None:
        self.step = step
        self._on_status(step=step, host=self._target.host)

    def _event(self, name: str, **fields: Any) -> None:
        self._recorder.event(name, self._number, **fields)


def _over(route: Route) -> dict[str, str]:
    """What the `connecting` event says of the way, beside the URL."""
    if route.proxy is not None:
        return {"proxy": route.proxy.url}
    return {"unix-socket": route.unix_socket} if route.unix_socket else {}


def _is_of_tls(error: Exception) -> bool:
    """TLS 1.3: the server judges our certificate after its own handshake is done."""
    import ssl

    return isinstance(error, ssl.SSLError)


def _context(options: ConnectOptions) -> "ssl.SSLContext":
    from wsdebug.engine.tls import tls_context

    return tls_context(options)
