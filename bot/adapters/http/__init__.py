"""A polite, guarded GET over aiohttp: what evwatch lets the web do to it, and what it does to the web."""

from bot.adapters.http.fetcher import GuardedFetcher, Limits

__all__ = ["GuardedFetcher", "Limits"]
