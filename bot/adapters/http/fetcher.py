"""The guarded GET: vetted addresses, redirects by hand, limits on everything, one retry before a first byte."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_fixed
from yarl import URL

from bot.adapters.http.addresses import Target, vet
from bot.adapters.http.body import read_body
from bot.adapters.http.headers import parse_retry_after, readable
from bot.adapters.http.resolver import Lookup, VettingResolver, system_lookup
from bot.adapters.http.turns import Turns
from bot.errors import FetchError
from bot.ports import Clock, Fetched

_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how much, how often; seconds and bytes."""

    connect: float = 10.0
    total: float = 20.0  #: of a whole chain of redirects, without the wait for the host's turn
    body: int = 15 * 1024 * 1024  #: decompressed
    redirects: int = 10
    gap: float = 1.0  #: between two requests to one host; none for hosts on the allow-list
    retry_pause: float = 2.0


class _Unanswered(FetchError):
    """Not a byte came back: the only failure that is tried once more."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class GuardedFetcher:
    """The Fetcher of bot.ports. `allow_hosts` are exact host:port pairs that may be private, on any port."""

    def __init__(
        self,
        *,
        allow_hosts: frozenset[str],
        user_agent: str,
        clock: Clock,
        limits: Limits | None = None,
        lookup: Lookup = system_lookup,
    ) -> None:
        self._allow_hosts = frozenset(place.strip().lower() for place in allow_hosts)
        self._user_agent = user_agent
        self._clock = clock
        self._limits = limits or Limits()
        self._lookup = lookup
        self._turns = Turns()
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str, headers: Mapping[str, str]) -> Fetched:
        """Fetch `url`, over redirects. Raises FetchError for everything but 200 and 304."""
        target = vet(url, self._allow_hosts)
        conditional = any(name.lower() in _CONDITIONS for name in headers)
        been = {target.url}
        permanent = True
        left = self._limits.total
        while True:
            answer, left = await self._in_turn(target, headers, left)
            if answer.status not in _REDIRECTS:
                break
            permanent = permanent and answer.status in _PERMANENT
            target = vet(answer.headers["location"], self._allow_hosts, base=target.url)
            if target.url in been:
                raise FetchError("the redirects go round in a circle")
            been.add(target.url)
            if len(been) > self._limits.redirects + 1:
                raise FetchError(f"more than {self._limits.redirects} redirects")
        if answer.status == 410:
            # Behind a temporary redirect only that other address is gone, not the feed.
            raise FetchError("the host says that this feed is gone for good", gone=permanent)
        if answer.status == 304 and not conditional:
            raise FetchError("the host says 'not modified' to a question that did not ask")
        return Fetched(
            status=answer.status,
            url=str(target.url),
            permanent_url=str(target.url) if permanent and len(been) > 1 else None,
            headers=answer.headers,
            body=answer.body,
        )

    async def close(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _in_turn(self, target: Target, headers: Mapping[str, str], seconds: float) -> tuple[_Answer, float]:
        """One hop in the host's turn, and the seconds left for the others."""
        name, gap = (target.place, 0.0) if target.listed else (target.host, self._limits.gap)
        loop = asyncio.get_running_loop()
        async with self._turns.at(name, gap):
            start = loop.time()
            try:
                async with asyncio.timeout(seconds):
                    answer = await self._patiently(target.url, headers)
            except TimeoutError as error:
                raise FetchError(f"no complete answer within {self._limits.total:g} seconds") from error
            return answer, seconds - (loop.time() - start)

    async def _patiently(self, url: URL, headers: Mapping[str, str]) -> _Answer:
        attempts = AsyncRetrying(
            stop=stop_after_attempt(2),
            wait=wait_fixed(self._limits.retry_pause),
            retry=retry_if_exception_type(_Unanswered),
            reraise=True,
        )
        return await attempts(self._ask, url, headers)

    async def _ask(self, url: URL, headers: Mapping[str, str]) -> _Answer:
        """One request, with the errors of the lower libraries translated."""
        answered = False
        try:
            async with self._open().get(url, headers=headers, allow_redirects=False) as response:
                answered = True
                return await self._read(response)
        except FetchError:
            raise
        except TimeoutError as error:
            if isinstance(error, aiohttp.ConnectionTimeoutError):
                raise FetchError(f"no connection within {self._limits.connect:g} seconds") from error
            raise  # the deadline of the whole
        except Exception as error:
            raise _translate(error, answered=answered) from error

    async def _read(self, response: aiohttp.ClientResponse) -> _Answer:
        status = response.status
        headers = readable(response.raw_headers)
        if status == 200:
            return _Answer(status, headers, await read_body(response, self._limits.body))
        if status in (304, 410) or (status in _REDIRECTS and headers.get("location")):
            return _Answer(status, headers, b"")
        if status in (429, 503):
            wait = parse_retry_after(headers.get("retry-after"), self._clock.now())
            raise FetchError(f"the host asks to come back later ({status})", retry_after=wait)
        raise FetchError(f"the host answered {status}")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=VettingResolver(self._allow_hosts, self._lookup),
                    use_dns_cache=False,
                    force_close=True,  # a feed is asked every quarter of an hour at most
                    limit=0,  # how many at a time is the pipeline's business
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate"},
                timeout=aiohttp.ClientTimeout(sock_connect=self._limits.connect, ceil_threshold=3600),
                auto_decompress=False,
                requote_redirect_url=False,
                trust_env=False,  # no proxies, no .netrc
            )
            # aiohttp asks a second time at once; its own test client does this too.
            self._session._retry_connection = False  # noqa: SLF001 - there is no public switch for it
        return self._session


_CUT, _SILENT = "the answer was cut off", "the host closed the connection without an answer"
_UNTRUSTED = "the host's certificate or encryption is not valid"
#: What the lower libraries raise, most specific first; the text for chat; whether it can mean that nothing came back.
_MEANING: tuple[tuple[type[Exception], str, bool], ...] = (
    (aiohttp.ClientConnectorDNSError, "the name of the host is not known", False),
    (aiohttp.ClientSSLError, _UNTRUSTED, False),
    (ssl.SSLError, _UNTRUSTED, False),
    (aiohttp.ClientConnectorError, "the host does not take the connection", True),
    (aiohttp.ClientPayloadError, _CUT, False),
    (aiohttp.ServerDisconnectedError, _SILENT, True),
    (aiohttp.ClientOSError, _SILENT, True),
    (ConnectionError, _SILENT, True),
    (Exception, "the answer is not valid HTTP", False),
)


def _translate(error: Exception, *, answered: bool) -> FetchError:
    text, silent = next((text, silent) for kind, text, silent in _MEANING if isinstance(error, kind))
    # aiohttp hands over what it had of a status line; a text instead means that it had nothing.
    begun = isinstance(error, aiohttp.ServerDisconnectedError) and not isinstance(error.message, str)
    if silent and (answered or begun):
        return FetchError(_CUT)
    return _Unanswered(text) if silent else FetchError(text)
