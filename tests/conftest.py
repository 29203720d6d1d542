"""What holds for every test: no settings of the machine, no network but loopback, repeatable properties."""

import ipaddress
import os
import sys
from contextlib import AsyncExitStack

import pytest
from hypothesis import HealthCheck, settings

from tests.kit.synapse import Synapse, interpreter

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


@pytest.fixture(scope="session")
def make_synapse(tmp_path_factory, missing_server):
    """Start a Matrix server: with no limits unless told otherwise; it is ended with the tests."""
    servers = []

    def make(limits=None):
        python = interpreter() or missing_server("Synapse (scripts/synapse makes its environment)")
        server = Synapse(tmp_path_factory.mktemp("synapse") / "server", python, limits)
        servers.append(server)
        server.start()
        return server

    yield make
    for server in servers:
        server.kill()


@pytest.fixture(scope="session")
def shared_synapse(make_synapse):
    """One server for all tests: what keeps them apart is their people and rooms."""
    return make_synapse()


@pytest.fixture
def synapse(shared_synapse):
    """The shared server; what it says during a test is shown where the test fails."""
    before = len(shared_synapse.log())
    yield shared_synapse
    print(shared_synapse.log(before))


@pytest.fixture(scope="session")
def strict_synapse(make_synapse):
    """A server with the limits of a fresh installation."""
    return make_synapse(limits={})


@pytest.fixture
async def people(synapse, tmp_path):
    """Call it with a name to make a person, who is there until the end of the test."""
    from tests.kit.matrix_client import Person  # half a second, for those who need it

    async with AsyncExitStack() as stack:

        async def make(name="person", *, on=synapse, account=None):
            return await stack.enter_async_context(Person(on, tmp_path / "people", name, account))

        yield make
