"""A rules folder one can write into."""

from pathlib import Path
from textwrap import dedent

import pytest

from bot.domain.rulebook import Rulebook
from bot.errors import ConfigError
from bot.rulebook import examine, load

COMPANIES = """
    id: byd
    name: BYD
    sector: [carmaker, battery]
    aliases: [BYD, 比亚迪]
    ---
    id: nio
    name: NIO
    sector: [carmaker]
    aliases: [NIO, {text: Nio, needs: [ev]}]
    people: [William Li]
"""
TERMS = """
    - id: ev
      title: Electric vehicles
      phrases: {en: [electric car*, EV], de: [Elektroauto*]}
    - id: joint-venture
      title: Joint venture
      phrases: {en: [joint venture*]}
"""
RULE = """
    id: jv
    title: Joint venture
    claim: {kind: joint-venture, parties: between}
    when:
      all:
        - terms: joint-venture
        - companies: 2
    examples:
      - text: BYD and NIO form a joint venture.
        expect: {who: [byd, nio], kind: joint-venture, certainty: announced}
      - text: BYD and NIO met.
        expect: nothing
"""


class Folder:
    """A rules folder under construction."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str | bytes) -> "Folder":
        """Add a file; text may be indented as the test is."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else dedent(text).lstrip("\n").encode())
        return self

    def basics(self) -> "Folder":
        """Two companies, two term lists and a rule."""
        self.write("companies/all.yaml", COMPANIES).write("terms/all.yaml", TERMS)
        return self.write("claims/jv.yaml", RULE)

    def load(self, *later: "Folder") -> Rulebook:
        return load([self.root, *(folder.root for folder in later)])

    def problems(self, *later: "Folder") -> list[str]:
        """Every problem as it is printed; empty when it loads."""
        try:
            self.load(*later)
        except ConfigError as error:
            return [str(problem) for problem in error.problems]
        return []

    def notes(self) -> list[str]:
        """What lint says, as it is printed."""
        return [str(note) for note in examine([self.root]).notes]


@pytest.fixture
def rules(tmp_path):
    """An empty rules folder, shown as `rules`."""
    (tmp_path / "rules").mkdir()
    return Folder(tmp_path / "rules")


@pytest.fixture
def own(tmp_path):
    """A user's folder to be laid over `rules`, shown as `own`."""
    (tmp_path / "own").mkdir()
    return Folder(tmp_path / "own")
