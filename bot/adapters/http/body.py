"""Bodies, decompressed here and not by aiohttp: that bounds each step, not the sum, and takes a cut gzip for whole."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterator

from aiohttp import ClientResponse

from bot.errors import FetchError

#: What may be made of a chunk before the event loop gets its turn.
_STEP = 256 * 1024


async def read_body(response: ClientResponse, limit: int) -> bytes:
    """The decompressed body. Raises FetchError over `limit` bytes, and for a cut or unknown compression."""
    if (response.content_length or 0) > limit:
        raise _too_big(limit)
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    unpack = _unpacker(encoding)
    body = bytearray()
    raw = 0
    async for chunk in response.content.iter_any():
        raw += len(chunk)
        try:
            for piece in unpack.feed(chunk):
                body += piece
                if len(body) > limit:
                    raise _too_big(limit)
                if len(piece) >= _STEP:
                    await asyncio.sleep(0)
        except zlib.error as error:
            raise FetchError("the answer could not be decompressed") from error
        if raw > limit:  # compressed to more than it holds: endless empty blocks
            raise _too_big(limit)
    if not unpack.complete:
        raise FetchError("the answer was cut off")
    return bytes(body)


def _too_big(limit: int) -> FetchError:
    return FetchError(f"the answer is larger than {limit / 1024 / 1024:.3g} MiB")


class _Plain:
    complete = True

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk


class _Zlib:
    """gzip (of several members, too) and deflate (with or without zlib's header), a step at a time."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._stream: zlib._Decompress | None = None
        self._held = b""
        self._ended = False
        self.complete = True  #: an empty body is whole

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        chunk, self._held = self._held + chunk, b""
        while not self._ended:
            if self._stream is None:
                if len(chunk) < 2:  # too little to tell what begins here
                    self._held = chunk
                    self.complete = self.complete and not chunk
                    return
                self._stream = zlib.decompressobj(self._window(chunk))
                self.complete = False
            piece = self._stream.decompress(chunk, _STEP)
            yield piece
            if self._stream.eof:
                self.complete = True
                chunk, self._stream = self._stream.unused_data, None
                # Zeros and other padding behind the end are no part of it, nor is what follows them.
                self._ended = not self._gzip or (bool(chunk) and not b"\x1f\x8b".startswith(chunk[:2]))
            else:
                chunk = self._stream.unconsumed_tail
                if not chunk and len(piece) < _STEP:
                    return

    def _window(self, chunk: bytes) -> int:
        if self._gzip:
            return zlib.MAX_WBITS | 16
        zlib_header = chunk[0] & 0x0F == 8 and (chunk[0] << 8 | chunk[1]) % 31 == 0
        return zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS


def _unpacker(encoding: str) -> _Plain | _Zlib:
    if encoding in ("", "identity"):
        return _Plain()
    if encoding in ("gzip", "x-gzip"):
        return _Zlib(gzip=True)
    if encoding == "deflate":
        return _Zlib(gzip=False)
    raise FetchError("the answer is compressed in a way that was not asked for")
