"""What holds for every test: no settings of the machine, no network but loopback, repeatable properties."""

import ipaddress
import os
import sys

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no counter-example.
settings.register_profile("evwatch", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("evwatch")


def _loopback_only(event, args):
    """Refuse every connection that leaves the machine, whoever tries it."""
    if event != "socket.connect" or not isinstance(args[1], tuple):
        return  # a unix socket, or something else altogether
    host = str(args[1][0]).partition("%")[0]
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = host in {"", "localhost"}
    if not inside:
        raise AssertionError(f"a test reached for {host}: tests stay on loopback")


sys.addaudithook(_loopback_only)


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch):
    """EVWATCH_ variables of the shell are not the tests' own; those that say where servers are stay."""
    for name in list(os.environ):
        if name.startswith("EVWATCH_") and name not in SERVERS:
            monkeypatch.delenv(name)


#: Read by fixtures that start servers.
SERVERS = {"EVWATCH_REQUIRE_SERVERS", "EVWATCH_PG_BIN", "EVWATCH_SYNAPSE_PYTHON"}


@pytest.fixture(scope="session")
def missing_server():
    """Call it with what is missing: skips here, fails where every server is required."""

    def missing(what: str):
        if os.environ.get("EVWATCH_REQUIRE_SERVERS") == "1":
            pytest.fail(f"{what} is missing, and EVWATCH_REQUIRE_SERVERS=1 requires it")
        pytest.skip(f"{what} is missing")

    return missing
