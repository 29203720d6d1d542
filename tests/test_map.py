"""The map of docs/design.md is the house that stands: layout, arrows, settings, words."""

import ast
import importlib.metadata
import io
import re
import shutil
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from bot.adapters import chat

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

LONGEST = 330  #: lines of a file under bot/
#: A file that is longer, and why.
LONGER = {"bot/ports.py": "the contract of every adapter, read as one"}
#: Written once by a generator, never touched again.
MIGRATIONS = "bot/adapters/store/migrations/versions/"


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked_files() -> list[Path]:
    """Every file of the project that is text, by git where there is git."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    # New files count before they are committed.
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    paths = [ROOT / name for name in listed.decode().split("\0") if name]
    return [p for p in paths if p.is_file() and b"\0" not in p.read_bytes()[:8000]]


# ------------------------------------------------------------------------------------------------------------- arrows


@pytest.fixture
def house(tmp_path):
    """A copy of the package with its contracts, for planting mistakes."""
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint_imports(house: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    command += ["--no-cache", "--no-logo"]
    # The copy's own `bot`, not the installed one: the working directory comes first.
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False, timeout=120)


def plant(house: Path, module: str, statement: str) -> int:
    """Add an import at the end of a module; its line."""
    path = house / Path(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = path.read_text(encoding="utf-8").rstrip("\n")
    path.write_text(f"{text}\n\n{statement}\n", encoding="utf-8")
    return len(text.splitlines()) + 2


def test_imports_follow_the_arrows(house):
    """The tree as it is keeps every contract."""
    result = lint_imports(house)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "statement", "told", "contract"),
    [
        ("bot.errors", "import bot.domain.claims", "bot.errors -> bot.domain.claims", "imports point down"),
        ("bot.domain.claims", "import bot.engine.text", "bot.domain.claims -> bot.engine.text", "imports point down"),
        ("bot.engine.text", "import bot.ports", "bot.engine.text -> bot.ports", "imports point down"),
        ("bot.pipeline", "import bot.adapters.chat", "bot.pipeline -> bot.adapters.chat", "imports point down"),
        ("bot.domain.claims", "import yaml", "bot.domain.claims -> yaml", "domain imports the standard library only"),
        ("bot.engine.text", "import asyncio", "bot.engine.text -> asyncio", "engine does no I/O"),
        ("bot.engine.text", "from time import time", "bot.engine.text -> time", "engine does no I/O"),
        (
            "bot.adapters.chat.console",
            "import bot.engine.text",
            "console -> bot.engine.text",
            "adapters know the words",
        ),
        (
            "bot.adapters.chat.console",
            "import bot.adapters.http",
            "console -> bot.adapters.http",
            "do not know each other",
        ),
        ("bot.pipeline", "import bot.settings", "bot.pipeline -> bot.settings", "settings and logs"),
    ],
)
def test_an_import_against_the_arrows_is_named(house, module, statement, told, contract):
    """The check fails and says which contract is broken, by which module, in which line."""
    line = plant(house, module, statement)
    result = lint_imports(house)
    output = re.sub(r"\s+", " ", result.stdout)
    assert result.returncode == 1, result.stdout + result.stderr
    assert re.search(rf"{re.escape(told)} \(l\. ?{line}\)", output), result.stdout
    assert re.search(rf"{re.escape(contract)}[^\n]* BROKEN", result.stdout), result.stdout


def test_domain_imports_the_standard_library_only():
    """Whatever the library: the contract's list could forget one."""
    allowed = sys.stdlib_module_names | {"bot"}
    strangers = [
        f"{shown(path)}:{line}: {name}"
        for path in [*python_files("bot/domain"), ROOT / "bot/errors.py"]
        for name, line in imported(path)
        if name not in allowed
    ]
    assert strangers == []


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """The top name of every module a file imports, and the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0], node.lineno


def test_the_contracts_name_every_library():
    """A new dependency is forbidden to the engine, unless it is the one the engine is made of."""
    contracts = {c["id"]: set(c.get("forbidden_modules", ())) for c in PROJECT["tool"]["importlinter"]["contracts"]}
    names = importlib.metadata.packages_distributions()
    wanted = {canonical(Requirement(line).name) for line in PROJECT["project"]["dependencies"]}
    modules = {m for m, owners in names.items() if wanted & {canonical(o) for o in owners} and m.isidentifier()}
    modules = {m for m in modules if not m.startswith("_")}
    assert modules - contracts["domain"] == set()
    assert modules - contracts["engine"] == {"ahocorasick_rs"}


# ------------------------------------------------------------------------------------------------------------- engine


def test_the_engine_has_no_language_in_it():
    """Language facts are data under rules/: no character outside ASCII, in a comment neither."""
    strange = [
        f"{shown(path)}:{number}: {line.strip()}"
        for path in python_files("bot/engine")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if not line.isascii()
    ]
    assert strange == []


def test_the_engine_spells_no_letters_by_escape():
    """Marks and ranges of scripts may be written as escapes, words of a language may not."""
    words = [
        f"{shown(path)}:{token.start[0]}: {token.string[:60]}"
        for path in python_files("bot/engine")
        for token in tokenize.tokenize(io.BytesIO(path.read_bytes()).readline)
        if token.type == tokenize.STRING and spells_a_word(token.string)
    ]
    assert words == []


def spells_a_word(literal: str) -> bool:
    try:
        value = ast.literal_eval(literal)
    except (SyntaxError, ValueError):
        return False
    text = value if isinstance(value, str) else ""
    return re.search(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]+", re.sub(r".-.", "", text)) is not None


def test_the_engine_asks_no_clock():
    """`datetime` is there for values; the time comes in as an argument."""
    asked = [
        f"{shown(path)}:{node.lineno}: .{node.func.attr}()"
        for path in [*python_files("bot/engine"), *python_files("bot/domain")]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
    ]
    assert asked == []


def test_the_engine_waits_for_nothing():
    """No async def, no await."""
    waits = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files("bot/engine")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, waits)
    ]
    assert found == []


# ------------------------------------------------------------------------------------------------------------- layout


def test_files_stay_readable():
    """No file under bot/ is longer than a reader's patience, but for those with a reason."""
    lengths = {shown(p): len(p.read_text(encoding="utf-8").splitlines()) for p in python_files("bot")}
    too_long = {path: n for path, n in lengths.items() if n > LONGEST and path not in LONGER}
    assert {path: n for path, n in too_long.items() if not path.startswith(MIGRATIONS)} == {}


def test_every_folder_of_the_package_is_one():
    """A folder without __init__.py is left out of contracts and of coverage without a word."""
    folders = {p.parent for p in python_files("bot")}
    assert {shown(f) for f in folders if not (f / "__init__.py").exists() and "migrations" not in f.parts} == set()


def test_the_top_level_is_the_one_that_was_asked_for():
    """pyproject.toml, bot/, rules/, tests/, Dockerfile, .env.example."""
    for name in ("pyproject.toml", "bot", "rules", "tests", "Dockerfile", ".env.example", "bot/py.typed"):
        assert (ROOT / name).exists(), name


def test_the_console_is_a_platform():
    """Platforms are found by their module's name; nobody lists them."""
    assert "console" in chat.names()


# ----------------------------------------------------------------------------------------------------- settings, docs


def settings_names() -> set[str]:
    from bot.settings import PREFIX, SECRETS, Settings

    names = {PREFIX + name.upper() for name in Settings.model_fields}
    return names | {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS}


@pytest.mark.parametrize("file", [".env.example", "docs/operating.md"])
def test_every_setting_is_explained(file):
    """Every field of Settings is in .env.example and in the docs, and nothing else is."""
    written = set(re.findall(r"EVWATCH_[A-Z_]*[A-Z]", (ROOT / file).read_text(encoding="utf-8")))
    servers_of_tests = {"EVWATCH_REQUIRE_SERVERS", "EVWATCH_PG_BIN", "EVWATCH_SYNAPSE_PYTHON"}
    assert written - servers_of_tests == settings_names()


def test_the_example_settings_change_nothing(tmp_path, monkeypatch):
    """A copy of .env.example as .env is the same as no .env: every line in it is a comment or an example."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


def test_the_example_settings_are_valid(tmp_path, monkeypatch):
    """Uncommented, every example of .env.example is a value that is taken."""
    from bot import settings

    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(re.sub(r"(?m)^#(EVWATCH_)", r"\1", text), encoding="utf-8")
    assert settings.load().timezone == "UTC"
    assert settings.unknown() == []


def test_every_word_of_a_rule_file_is_documented():
    """The closed sets a rule file chooses from stand in docs/rules.md."""
    from bot.domain.claims import Kind
    from bot.domain.rulebook import Parties, Severity, Status, Within

    text = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    words = [word for choices in (Kind, Parties, Severity, Status, Within) for word in choices]
    assert [word for word in words if not re.search(rf"(?<![\w-]){word}(?![\w-])", text)] == []


def test_every_key_of_a_rule_file_is_documented():
    """What the loader takes stands in docs/rules.md."""
    from bot.rulebook.schema import KEYS

    text = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    keys = {key for known in KEYS.values() for key in known}
    assert {key for key in keys if not re.search(rf"\b{key}(`|:|\b)", text)} == set()


def test_every_cue_is_documented():
    """What a grammar word does stands in docs/reading.md."""
    from bot.domain.rulebook import Cue

    text = (ROOT / "docs/reading.md").read_text(encoding="utf-8")
    assert [str(cue) for cue in Cue if f"`{cue}`" not in text] == []


# ------------------------------------------------------------------------------------------------- locks, foreign words


def pins(file: str) -> dict[str, str]:
    text = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    return {canonical(name): version for name, version in re.findall(r"(?m)^([\w.-]+)==(\S+)", text)}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("file", ["runtime.txt", "dev.txt", "build.txt", "bench.txt", "synapse.txt"])
def test_a_lock_is_pins_and_hashes_alone(file):
    """No index, no host, no option: whoever installs uses their own."""
    lines = (ROOT / "requirements" / file).read_text(encoding="utf-8").splitlines()
    form = re.compile(r"[\w.-]+==\S+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?|    # via .*|# .*|")
    assert [line for line in lines if not form.fullmatch(line)] == []
    assert not re.search("://", "\n".join(lines))


def test_the_locks_agree():
    """What is tested is what is shipped: dev holds every pin of runtime."""
    runtime, dev = pins("runtime.txt"), pins("dev.txt")
    assert {name: (v, dev.get(name)) for name, v in runtime.items() if dev.get(name) != v} == {}


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("file", ["runtime.txt", "dev.txt"])
def test_a_lock_is_whole_for_every_python(file, python):
    """Resolved on 3.11, and nothing is needed on a newer one that does not stand there."""
    locked = pins(file)
    environment = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    missing = set()
    for name in locked:
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        wanted = (Requirement(line) for line in needs)
        missing |= {
            f"{name} -> {r.name}"
            for r in wanted
            if r.marker is None or r.marker.evaluate(environment)
            if canonical(r.name) not in locked
        }
    assert missing == set()


def test_what_is_imported_is_installed():
    """Every library bot/ imports comes with the runtime lock, not by luck with the tools of development."""
    owners = importlib.metadata.packages_distributions()
    shipped = pins("runtime.txt")
    strangers = {
        f"{shown(path)}:{line}: {name}"
        for path in python_files("bot")
        for name, line in imported(path)
        if name not in sys.stdlib_module_names | {"bot"}
        and not shipped.keys() & {canonical(owner) for owner in owners.get(name, ())}
    }
    assert strangers == set()


def test_dependencies_have_lower_bounds_only():
    """The locks say what is installed; apscheduler 4 is the one thing ruled out, being another library."""
    bounded = [
        line for line in PROJECT["project"]["dependencies"] if re.search(r"[<=~!](?!=)|==|~=", line.replace(">=", ""))
    ]
    assert bounded == ["apscheduler>=3.11,<4"]


def test_no_machine_is_named():
    """No path of somebody's machine, no address of a package index."""
    machine = re.compile(
        r"(?<![\w./-])/(?:work|root|home|opt|Users)/|--(?:extra-)?index-url|--trusted-host|pythonhosted\.org"
    )
    named = [
        f"{shown(path)}:{number}: {line.strip()[:100]}"
        for path in tracked_files()
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if machine.search(line)
    ]
    assert named == []
