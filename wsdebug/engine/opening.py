"""The way in: DNS, TCP, TLS and upgrade, each a recorded step, hop after hop."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from wsdebug.engine.dial import connect_tcp, resolve
from wsdebug.engine.handshake import Agreed, Handshake, header_pairs
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.redirect import next_hop
from wsdebug.engine.target import Target
from wsdebug.engine.transport import Wire
from wsdebug.engine.unrecorded import Record
from wsdebug.errors import CannotConnect, HandshakeRefused, UsageError

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

    async def run(self) -> Agreed:
        """Go in. Raises CannotConnect, HandshakeRefused, UsageError."""
        hops = 0
        notices = self._target.notices
        while True:
            try:
                return await self._hop()
            except HandshakeRefused as refusal:
                self._target, self._options = next_hop(refusal, self._target, self._options, hops)
            self.wire.abort()
            self.wire, self._handshake = Wire(), None
            hops += 1
            url = self._recorder.redactor.url(self._target.url)
            self._on_status(notices=(*notices, f"redirected to {url}"), tls="")

    def timed_out(self) -> CannotConnect:
        """What to say when the time is over: a refusal, if its head has come."""
        if self._handshake is not None and self._handshake.has_head:
            self._record_response(self._handshake)
            try:
                next_hop(self._handshake.refused(), self._target, self._options, 0)
            except HandshakeRefused as refusal:
                return refusal
        seconds = f"{self._options.connect_timeout:g}"
        words = f"{self.step}: no answer from {self._target.host} in {seconds} s"
        return CannotConnect(words, step=self.step, timed_out=True)

    async def _hop(self) -> Agreed:
        target, options = self._target, self._options
        context = _context(options) if target.is_secure else None
        try:
            handshake = self._handshake = Handshake(target, options)
        except ValueError as error:
            raise UsageError(f"the handshake cannot be made: {error}") from error
        if self._recorder.is_kept:
            self._event("connecting", url=self._recorder.redactor.url(target.url))
        self._enter("DNS")
        addresses = await resolve(target, options)
        self._event("dns", addresses=list(dict.fromkeys(info[4][0] for info in addresses)))
        self._enter("TCP")
        sock = await connect_tcp(target, addresses)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(lambda: self.wire, sock=sock)
        local, remote = sock.getsockname(), sock.getpeername()
        self._event("tcp", local=_address(local), remote=_address(remote))
        if context is not None:
            await self._secure(transport, context)
        self._enter("upgrade")
        try:
            return await self._upgrade(handshake)
        except HandshakeRefused as refusal:
            why = self.wire.error
            # TLS 1.3: the server judges our certificate after its own handshake is done
            if context is not None and isinstance(why, ssl.SSLError):
                raise self._tls_failure(why, context) from refusal
            if isinstance(why, OSError) and not handshake.raw:
                words = f"{target.place} broke the connection: {why.strerror or why}"
                raise CannotConnect(words.lower(), step="upgrade") from refusal
            raise

    async def _secure(self, transport: asyncio.Transport, context: ssl.SSLContext) -> None:
        from wsdebug.engine.tls import tls_facts

        self._enter("TLS")
        try:
            secure = await asyncio.get_running_loop().start_tls(
                transport, self.wire, context, server_hostname=self._name
            )
        except OSError as error:
            raise self._tls_failure(error, context) from error
        if secure is None:
            raise CannotConnect("the connection was closed during TLS", step="TLS")
        self.wire.transport = secure
        facts = tls_facts(secure.get_extra_info("ssl_object"))
        self._event("tls", **facts)
        self._on_status(tls=str(facts["version"]).replace("TLSv", "TLS "))

    @property
    def _name(self) -> str:
        return self._options.servername or self._target.host

    def _tls_failure(self, error: Exception, context: ssl.SSLContext) -> CannotConnect:
        from wsdebug.engine.tls import tls_failure

        return tls_failure(error, self._target, context, self._name)

    async def _upgrade(self, handshake: Handshake) -> Agreed:
        self._record_request(handshake)
        self.wire.write(handshake.request)
        came = asyncio.Event()
        chunks: list[bytes] = []

        def on_data(data: bytes) -> None:
            chunks.append(data)
            came.set()

        self.wire.listen(on_data, came.set)
        try:
            while True:
                await came.wait()
                came.clear()
                data = b"".join(chunks)
                chunks.clear()
                agreed = handshake.feed(data, eof=self.wire.has_ended)
                if agreed is not None:
                    self._record_response(handshake)
                    self.wire.keep()
                    return agreed
        except HandshakeRefused:
            self._record_response(handshake)
            raise

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
        if not handshake.raw or not self._recorder.is_kept:
            return
        redactor = self._recorder.redactor
        line, pairs = header_pairs(handshake.head)
        fields: dict[str, Any] = {
            "status": handshake.status,
            "reason": redactor.text(line.partition(" ")[2].partition(" ")[2]),
            "headers": redactor.headers(pairs),
        }
        body = handshake.body
        if body:
            try:
                fields["body"] = body.decode()
            except UnicodeDecodeError:
                fields["body"] = {"b64": b64encode(body).decode()}
        raw = b64encode(redactor.head(handshake.head)).decode()
        self._event("response", **fields, raw=raw)

    def _enter(self, step: str) -> None:
        self.step = step
        self._on_status(step=step, host=self._target.host)

    def _event(self, name: str, **fields: Any) -> None:
        self._recorder.event(name, self._number, **fields)


def _context(options: ConnectOptions) -> ssl.SSLContext:
    from wsdebug.engine.tls import tls_context

    return tls_context(options)


def _address(address: Any) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
