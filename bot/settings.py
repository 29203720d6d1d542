"""Settings from EVWATCH_* variables and `.env`; every mistake is reported at once, no secret's value ever."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from dotenv import dotenv_values
from pydantic import BeforeValidator, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.domain.channels import ChannelRef
from bot.errors import ConfigError, Problem

PREFIX = "EVWATCH_"
ENV_FILE = ".env"

#: Never faster than this, whatever the setting says: hosts we do not know are asked politely.
LOWEST_FLOOR = timedelta(minutes=5)

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: object) -> timedelta:
    """`90s`, `15m`, `6h`, `2d`; ValueError for anything else."""
    if isinstance(text, timedelta):
        return text
    match = re.fullmatch(r"(\d{1,7})\s*([smhd])", str(text).strip())
    if not match:
        raise ValueError("must be a number with s, m, h or d behind it, like 15m")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def _words(text: object) -> object:
    return [w for w in re.split(r"[,\s]+", text) if w] if isinstance(text, str) else text


def _refs(text: object) -> object:
    words = _words(text)
    return [ChannelRef.parse(w) if isinstance(w, str) else w for w in words] if isinstance(words, list) else words


class Settings(BaseSettings):
    """What the environment says. Each secret may stand in a file instead: its name with _FILE behind it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    #: Database, console.jsonl and the lock live here.
    data_dir: Path = Path("data")
    #: Unset: SQLite in the data folder. `postgresql+asyncpg://...` moves the state to PostgreSQL.
    database_url: SecretStr | None = None
    #: Laid over the bundled rules; unset: ./rules if it is there.
    rules_dir: Path | None = None
    #: Leave the bundled rules out.
    rules_only: bool = False
    #: Channels told of trouble, and users who may do everything: `slack:T1/C2 matrix:@me:example.org`.
    operators: Annotated[tuple[ChannelRef, ...], NoDecode, BeforeValidator(_refs)] = ()
    #: IANA zone and language of channels that have not said otherwise.
    timezone: str = "UTC"
    language: str = "en"
    #: Mail address or page in our User-Agent, for hosts that want to complain.
    contact: str | None = None
    #: host:port that may be private, and may be polled below the floor.
    allow_hosts: Annotated[frozenset[str], NoDecode, BeforeValidator(_words)] = frozenset()
    #: No feed is polled more often than this, `allow_hosts` aside.
    poll_floor: Annotated[timedelta, BeforeValidator(duration)] = timedelta(minutes=15)
    log_format: Literal["auto", "text", "json"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str | None = None
    matrix_homeserver: str | None = None
    matrix_user: str | None = None
    matrix_password: SecretStr | None = None
    matrix_token: SecretStr | None = None
    matrix_allow: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)] = ()

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):  # not found, no plain name, a folder
            near = difflib.get_close_matches(name, available_timezones(), n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise ValueError(f"no such IANA time zone{hint}") from None
        return name

    @field_validator("allow_hosts")
    @classmethod
    def _hosts(cls, hosts: frozenset[str]) -> frozenset[str]:
        for host in hosts:
            if not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^\s/:@\[\]]+):\d{1,5}", host):
                raise ValueError(f"must be host:port, not {host!r}")
        return frozenset(h.lower() for h in hosts)

    @field_validator("poll_floor")
    @classmethod
    def _floor(cls, floor: timedelta) -> timedelta:
        if floor < LOWEST_FLOOR:
            raise ValueError("must be 5m or more; a host of your own may be polled faster by EVWATCH_ALLOW_HOSTS")
        return floor

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over `.env`; a secret's file stands in where the secret itself is not set."""
        return init_settings, env_settings, dotenv_settings, _SecretFiles(settings_cls)

    def for_platform(self, name: str) -> dict[str, Any]:
        """What a chat platform is made of: what all get, and everything that starts with its own name."""
        shared = ("data_dir", "contact", "timezone", "language", "operators")
        values = {key: getattr(self, key) for key in shared}
        values |= {k: SecretStr(v) if is_secret(k) else v for k, v in _extras(name).items()}
        values |= {key: getattr(self, key) for key in type(self).model_fields if key.startswith(f"{name}_")}
        return values

    def mentions(self, name: str) -> bool:
        """Whether anything at all is set for this platform: only then its module is worth importing."""
        own = (key for key in type(self).model_fields if key.startswith(f"{name}_"))
        return any(getattr(self, key) for key in own) or bool(_extras(name))

    def secrets(self) -> frozenset[str]:
        """Every secret value, for the log's redaction."""
        own = (getattr(self, key) for key in SECRETS)
        found = {value.get_secret_value() for value in own if value is not None}
        found |= {v for k, v in _environment().items() if is_secret(k) and not k.endswith("_file")}
        url = self.database_url.get_secret_value() if self.database_url else ""
        password = re.match(r"[^:]+://[^:/@]*:([^@/]+)@", url)
        return frozenset(found | ({password[1]} if password else set())) - {""}


def is_secret(name: str) -> bool:
    """Whether a setting of this name (lower case, without prefix) is kept out of logs and errors."""
    return name in SECRETS or name.endswith(("_token", "_password", "_secret", "_key"))


SECRETS = tuple(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))


def load() -> Settings:
    """Read and check it all. ConfigError names every wrong variable."""
    environment = _environment()
    problems = [_problem(name, why) for name, why in _unreadable_files(environment)]
    try:
        settings = Settings()
    except ValidationError as e:
        problems += [_problem(str(d["loc"][0]), _said(d)) for d in e.errors(include_url=False, include_input=False)]
        raise ConfigError(problems) from None  # the cause prints values
    if problems:
        raise ConfigError(problems)
    return settings


def unknown() -> list[str]:
    """EVWATCH_ variables nobody reads, with the nearest name we do read: most likely a slip."""
    known = {*Settings.model_fields, *(f"{s}_file" for s in SECRETS)}
    found = []
    for name in sorted(_environment().keys() - known):
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
        if near:
            found.append(f"{PREFIX}{name.upper()} (did you mean {PREFIX}{near[0].upper()}?)")
    return found


class _SecretFiles(PydanticBaseSettingsSource):
    """Secrets from the files that *_FILE variables name."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Unused: all of it is done in one call."""
        raise NotImplementedError

    def __call__(self) -> dict[str, Any]:
        """Every secret whose file can be read; load() has told of the others."""
        values = {}
        for name, path in _files(_environment()).items():
            try:
                values[name] = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                continue
        return values


def _environment() -> dict[str, str]:
    """EVWATCH_ variables of the process and of `.env`, lower case without the prefix; empty ones are unset."""
    both: Mapping[str, str | None] = {**dotenv_values(ENV_FILE), **os.environ}
    return {k[len(PREFIX) :].lower(): v for k, v in both.items() if v and k.upper().startswith(PREFIX)}


def _extras(platform: str) -> dict[str, str]:
    """Settings of a platform we have no fields for; it is one new file, so its settings cannot be known here."""
    own = (k for k in Settings.model_fields if k.startswith(f"{platform}_"))
    if any(own):
        return {}
    values = {k: v for k, v in _environment().items() if k.startswith(f"{platform}_")}
    for key in [k for k in values if k.endswith("_file")]:
        path = values.pop(key)
        try:
            values.setdefault(key.removesuffix("_file"), Path(path).read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as e:
            raise ConfigError([_problem(key, _why_unreadable(e))]) from None
    return values


def _files(environment: Mapping[str, str]) -> dict[str, str]:
    return {s: environment[f"{s}_file"] for s in SECRETS if f"{s}_file" in environment and s not in environment}


def _unreadable_files(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    both = [s for s in SECRETS if {s, f"{s}_file"} <= environment.keys()]
    found = [(f"{s}_file", "is set together with the secret itself") for s in both]
    for name, path in _files(environment).items():
        try:
            Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as e:
            found.append((f"{name}_file", _why_unreadable(e)))
    return found


def _why_unreadable(error: Exception) -> str:
    return f"cannot be read: {error.strerror}" if isinstance(error, OSError) else "is no UTF-8 text"


def _problem(name: str, why: str) -> Problem:
    return Problem(PREFIX + name.upper(), 0, "", why)


def _said(detail: Any) -> str:
    return str(detail["msg"]).removeprefix("Value error, ")
