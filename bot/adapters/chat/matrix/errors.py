"""What the homeserver's answers and silences mean for the outbox (libraries: nio, aiohttp)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import nio

from bot.errors import DeliveryError, Rejected, Scope, Throttled, Unavailable, Uncertain

#: Nothing goes on with this token.
LOCKED_OUT = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED"})
_NO_ROOM = frozenset({"M_FORBIDDEN", "M_NOT_FOUND"})
#: Seconds, where the server says no number.
_A_WHILE = 5.0


class TooLarge(Rejected):
    """The event has more bytes than the server takes."""


WAY_OUT = "stop evwatch, run `evwatch matrix login` and start it again: that makes a new device"


def refusal(status: int, answer: dict[str, Any], *, sent: bool = False) -> DeliveryError:
    """The error for an answer that is none of 2xx; `sent`: it was about a message, which the server may have taken."""
    code = str(answer.get("errcode") or "")
    said = f"the homeserver said {status} {code}".rstrip()
    if status == 429 or code == "M_LIMIT_EXCEEDED":
        return Throttled(said, retry_after=_seconds(answer))
    if code in LOCKED_OUT:
        return Rejected(f"the homeserver does not know our token any more ({code}): {WAY_OUT}", scope=Scope.PLATFORM)
    if status >= 500:
        return Uncertain(said) if sent else Unavailable(said)
    if code in _NO_ROOM:
        return Rejected(f"{said}: the bot is not in the room, or may not speak there", scope=Scope.CHANNEL)
    if status == 413 or code == "M_TOO_LARGE":
        return TooLarge(said)
    if not code:  # not the homeserver: whatever stands in front of it
        return Unavailable(said)
    return Rejected(said, scope=Scope.MESSAGE)


def check(answer: nio.Response, *, sent: bool = False) -> None:
    """Raise what an answer of nio's is, unless it is well."""
    if isinstance(answer, nio.ErrorResponse):
        http = answer.transport_response
        said = {**(retry_after(http) if http is not None else {}), "errcode": answer.status_code}
        said |= {"retry_after_ms": answer.retry_after_ms} if answer.retry_after_ms else {}
        raise refusal(http.status if http is not None else 500, said, sent=sent)


@contextmanager
def on_the_wire(*, sent: bool = False) -> Iterator[None]:
    """No answer at all: Unavailable, or Uncertain where a message was on its way."""
    try:
        yield
    except aiohttp.ClientConnectorError as e:
        raise Unavailable(f"the homeserver cannot be reached ({type(e).__name__})") from e
    except (aiohttp.ClientError, TimeoutError, OSError) as e:
        why = f"no answer from the homeserver ({type(e).__name__})"
        raise (Uncertain(why) if sent else Unavailable(why)) from e


def retry_after(http: aiohttp.ClientResponse) -> dict[str, Any]:
    """The header that newer servers, and whatever stands in front of them, say it in: as our answers have it."""
    said = http.headers.get("Retry-After", "")
    return {"retry_after_ms": int(said) * 1000} if said.isdecimal() and len(said) < 7 else {}


def _seconds(answer: dict[str, Any]) -> float:
    wanted = answer.get("retry_after_ms")
    return wanted / 1000 if isinstance(wanted, int) and wanted > 0 else _A_WHILE
