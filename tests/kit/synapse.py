"""A real Matrix server in a process of its own: Synapse on SQLite, one listener on loopback, no federation.

`scripts/synapse` makes its environment; EVWATCH_SYNAPSE_PYTHON names another. The fixtures are in tests/conftest.py.
"""

import base64
import hashlib
import hmac
import itertools
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import yaml

ROOT = Path(__file__).resolve().parents[2]
NAME = "evwatch.test"
#: Nobody is ever told to wait. Without them the server has the limits of a fresh installation.
RELAXED: dict[str, Any] = {
    **{
        f"rc_{what}": {"per_second": 10_000, "burst_count": 10_000}
        for what in (
            "message",
            "registration",
            "registration_token_validity",
            "admin_redaction",
            "joins_per_room",
            "3pid_validation",
            "third_party_invite",
            "media_create",
            "key_requests",
            "room_creation",
            "reports",
            "delayed_event_mgmt",
            "user_directory",
            "profile",
        )
    },
    "rc_login": {k: {"per_second": 10_000, "burst_count": 10_000} for k in ("address", "account", "failed_attempts")},
    "rc_joins": {k: {"per_second": 10_000, "burst_count": 10_000} for k in ("local", "remote")},
    "rc_invites": {k: {"per_second": 10_000, "burst_count": 10_000} for k in ("per_room", "per_user", "per_issuer")},
}


def interpreter() -> Path | None:
    """The Python that has a Synapse, if there is one."""
    named = os.environ.get("EVWATCH_SYNAPSE_PYTHON")
    python = Path(named) if named else ROOT / ".cache/synapse/bin/python"
    return python if python.exists() else None


@dataclass(frozen=True)
class Account:
    """Somebody with a device and a token; the password is for those who test logging in."""

    user: str  #: `@name:evwatch.test`
    token: str
    device: str
    password: str


class Synapse:
    """Start it, kill it, start it again: the data stay, and so does the address."""

    def __init__(self, folder: Path, python: Path, limits: dict[str, Any] | None = None) -> None:
        self.folder = folder
        self.started_in = 0.0  #: seconds, at the last start
        self._python = python
        self._process: subprocess.Popen[bytes] | None = None
        self._secret = secrets.token_hex()
        self._names = itertools.count(1)
        self._port = _free_port()
        folder.mkdir(parents=True)
        self._write(RELAXED if limits is None else limits)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    # its life

    def start(self, seconds: float = 60) -> None:
        """Start it and wait until it answers."""
        began = time.monotonic()
        with (self.folder / "stderr.log").open("ab") as stderr:
            self._process = subprocess.Popen(
                [self._python, "-m", "synapse.app.homeserver", "-c", "homeserver.yaml"],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
                start_new_session=True,
            )
        while not self._healthy():
            if self._process.poll() is not None or time.monotonic() - began > seconds:
                self.kill()
                raise AssertionError(f"Synapse did not start:\n{self.log()}")
            time.sleep(0.02)
        self.started_in = time.monotonic() - began

    def stop(self, seconds: float = 20) -> None:
        """As an operator stops it."""
        self._end(signal.SIGTERM, seconds)

    def kill(self) -> None:
        """As when the machine stops."""
        self._end(signal.SIGKILL, 10)

    def restart(self) -> None:
        self.stop()
        self.start()

    def memory(self) -> float:
        """Resident now, in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:"))

    def log(self, since: int = 0) -> str:
        """What it had to say, from this character on."""
        logs = (self.folder / name for name in ("stderr.log", "homeserver.log"))
        return "".join(path.read_text(encoding="utf-8", errors="replace") for path in logs if path.exists())[since:]

    # its people

    def register(self, name: str = "person", *, admin: bool = False) -> Account:
        """A new person; the name gets a number, for the server is shared."""
        localpart, password = f"{name}{next(self._names)}-{secrets.token_hex(3)}", secrets.token_hex(8)
        path = "/_synapse/admin/v1/register"
        nonce = self.call("GET", path)["nonce"]
        words = (nonce, localpart, password, "admin" if admin else "notadmin")
        mac = hmac.new(self._secret.encode(), "\0".join(words).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": localpart, "password": password, "admin": admin, "mac": mac}
        made = self.call("POST", path, body)
        return Account(made["user_id"], made["access_token"], made["device_id"], password)

    def unlimited(self, account: Account, admin: Account) -> None:
        """No rate limit for this account, as docs/matrix.md tells operators."""
        path = f"/_synapse/admin/v1/users/{account.user}/override_ratelimit"
        self.call("POST", path, {"messages_per_second": 0, "burst_count": 0}, token=admin.token)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, token: str | None = None) -> Any:
        """One request of an administrator's; for people there is tests/kit/matrix_client.py."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        data = None if body is None else json.dumps(body).encode()
        try:
            with urlopen(Request(self.url + path, data, headers, method=method), timeout=20) as answer:
                return json.load(answer)
        except HTTPError as e:
            with e:
                raise AssertionError(f"{method} {path}: {e.code} {e.read().decode()}") from None

    # behind the door

    def _healthy(self) -> bool:
        try:
            with urlopen(f"{self.url}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _end(self, number: signal.Signals, seconds: float) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            os.killpg(self._process.pid, number)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def _write(self, limits: dict[str, Any]) -> None:
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        (self.folder / "signing.key").write_text(f"ed25519 a_test {key}\n", encoding="ascii")
        handler = {"class": "logging.FileHandler", "formatter": "line", "filename": str(self.folder / "homeserver.log")}
        log = {
            "version": 1,
            "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
            "handlers": {"file": handler},
            "loggers": {"synapse.access": {"level": "INFO"}},
            "root": {"level": "WARNING", "handlers": ["file"]},
        }
        (self.folder / "log.yaml").write_text(yaml.safe_dump(log), encoding="utf-8")
        listener = {
            "port": self._port,
            "bind_addresses": ["127.0.0.1"],
            "type": "http",
            "tls": False,
            "resources": [{"names": ["client"], "compress": False}],
        }
        config = {
            "server_name": NAME,
            "public_baseurl": self.url,
            "report_stats": False,
            "listeners": [listener],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "signing_key_path": str(self.folder / "signing.key"),
            "media_store_path": str(self.folder / "media"),
            "log_config": str(self.folder / "log.yaml"),
            "registration_shared_secret": self._secret,
            "macaroon_secret_key": secrets.token_hex(),
            "form_secret": secrets.token_hex(),
            "bcrypt_rounds": 4,
            "presence": {"enabled": False},
            "federation_domain_whitelist": [],
            "trusted_key_servers": [],
            **limits,
        }
        (self.folder / "homeserver.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")


def _free_port() -> int:
    """A port nobody has now; Synapse cannot be asked which one it took."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
