"""Structured logs on stderr (library: structlog): text or JSON, and no secret in any of it."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Collection
from typing import IO, Any, Literal
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

#: Shorter values are no secrets worth the name, and redacting them would eat ordinary words.
_SHORTEST = 4


def configure(
    secrets: Collection[str] = (),
    *,
    format: Literal["auto", "text", "json"] = "auto",
    level: str = "info",
    stream: IO[str] | None = None,
) -> None:
    """Set up structlog and the standard library's logging; both end in the same line."""
    out = stream or sys.stderr
    hide = _Redaction(secrets)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%S.%fZ", utc=True),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _Line(_renderer(format, out), hide),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("apscheduler", "aiosqlite", "alembic", "asyncio", "nio", "slack_sdk", "slack_bolt"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # tests and reloads configure again
    )


class _Redaction:
    """Replaces every secret, in every form a log line may carry it."""

    def __init__(self, secrets: Collection[str]) -> None:
        forms: set[str] = set()
        for secret in secrets:
            if len(secret) >= _SHORTEST:
                forms |= {secret, quote(secret, safe=""), quote(secret), json.dumps(secret)[1:-1], repr(secret)[1:-1]}
                forms.add(json.dumps(secret, ensure_ascii=False)[1:-1])
        self._forms = sorted(forms, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, "***")
        return text


class _Line:
    """Render first, redact last: nothing gets round it."""

    def __init__(self, renderer: Processor, hide: _Redaction) -> None:
        self._renderer = renderer
        self._hide = hide

    def __call__(self, logger: WrappedLogger, name: str, event: EventDict) -> str:
        return self._hide(str(self._renderer(logger, name, event)))


def _renderer(format: str, out: IO[str]) -> Processor:
    if format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    if format == "auto" and out.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return _text


def _text(logger: WrappedLogger, name: str, event: EventDict) -> str:
    """`2026-08-01T10:00:00.000000Z info feed polled new=3`; a value with a space or an odd character is quoted."""
    head = f"{event.pop('timestamp')} {event.pop('level')} {_plain(event.pop('event'))}"
    trace = event.pop("exception", None)
    line = " ".join([head, *(f"{key}={_value(value)}" for key, value in event.items())])
    return f"{line}\n{trace}" if trace else line


def _plain(value: Any) -> str:
    text = str(value)
    return text if text.isprintable() else json.dumps(text, ensure_ascii=True)


def _value(value: Any) -> str:
    text = str(value)
    bare = text.isprintable() and text and not any(c in ' "=' for c in text)
    return text if bare else json.dumps(text, ensure_ascii=not text.isprintable())
