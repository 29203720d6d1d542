"""Values of the domain to JSON text and back: evidence, claims, readings, messages, filters, stories.

What has its default is left out, so that a field added later reads as its default in old rows. A key nobody knows is
refused: the database of newer code is refused at start.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from bot.adapters.store.types import clean, from_micros, micros
from bot.errors import StoreError

T = TypeVar("T")


def dumps(value: object) -> str:
    """The value as compact JSON; NUL cleaned; ValueError for a naive datetime."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def loads(kind: type[T], text: str) -> T:
    """The value of this type again. Raises StoreError for what it does not understand."""
    try:
        value: T = _decoder(cast("Any", kind))(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as e:
        raise StoreError(f"a row holds no {getattr(kind, '__name__', kind)}: {e}") from e
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return micros(value)
    if isinstance(value, frozenset):
        return sorted(_plain(v) for v in value)
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):
        return {_plain(k): _plain(v) for k, v in value.items()}
    if is_dataclass(value):
        return {
            name: _plain(v)
            for name, default in _defaults(cast("Any", type(value)))
            if (v := getattr(value, name)) != default
        }
    raise TypeError(f"cannot be stored: {type(value).__name__}")


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((f.name, _default(f)) for f in fields(kind))


def _default(f: Field[Any]) -> Any:
    return f.default_factory() if f.default_factory is not MISSING else f.default


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    if hasattr(kind, "__supertype__"):  # a NewType
        return _decoder(kind.__supertype__)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        some = _decoder(next(t for t in inner if t is not type(None)))
        return lambda v: None if v is None else some(v)
    if origin in (tuple, frozenset):
        each = _decoder(inner[0])
        return lambda v: origin(map(each, v))
    if origin is not None and issubclass(origin, Mapping):
        of_key, of_value = map(_decoder, inner)
        return lambda v: {of_key(k): of_value(x) for k, x in v.items()}
    if kind is datetime:
        return from_micros
    if is_dataclass(kind):
        return _Maker(kind)
    if issubclass(kind, Enum):
        return cast("Callable[[Any], Any]", kind)
    return _checked(kind)


def _checked(kind: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{value!r} is no {kind.__name__}")
        return value

    return check


class _Maker:
    """Makes a dataclass of its plain form; looks its fields up at first use, because types may hold themselves."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind
        self._decoders: dict[str, Callable[[Any], Any]] | None = None

    def __call__(self, plain: dict[str, Any]) -> Any:
        if self._decoders is None:
            hints = get_type_hints(self._kind)
            self._decoders = {f.name: _decoder(hints[f.name]) for f in fields(self._kind)}
        decoders = self._decoders
        return self._kind(**{name: decoders[name](v) for name, v in plain.items()})
