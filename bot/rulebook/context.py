"""What the schema needs to know beyond one table: which ids exist, and where things stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.errors import Problem
from bot.rulebook.forms import Form, is_id, quoted
from bot.rulebook.layers import Laid
from bot.rulebook.loader import in_words, suggest
from bot.rulebook.nodes import Place


@dataclass(slots=True)
class Context:
    """Shared by all builders of one rulebook."""

    laid: Laid
    problems: list[Problem]
    #: `company:nio` -> where it stands; `company:nio:NIO`, `outlet:dpa:DPA`, `feed:x:url`: parts lint speaks of.
    places: dict[str, Place] = field(default_factory=dict)

    def retired(self, kind: str, key: str) -> bool:
        """True where a layer took this thing away."""
        return key in self.laid.retired[kind] and key not in self.laid.things[kind]

    def exists(self, kind: str, key: str, report: Callable[[str], None]) -> bool:
        """True where a reference leads somewhere; otherwise reported."""
        if key in self.laid.things[kind]:
            return True
        if self.retired(kind, key):
            report(f"the {in_words(kind)} '{key}' is retired")
        elif kind not in self.laid.torn:  # it may stand in what could not be read
            hint = suggest(key, (known for known in self.laid.things[kind] if is_id(known)))
            report(f"unknown {in_words(kind)} {quoted(key)}{hint}")
        return False

    def ids(self, form: Form, key: str, kind: str) -> tuple[str, ...]:
        """A list of references. What was taken away is left out without a word: a user can retire a bundled company."""

        def check(path: str, text: str, place: Place) -> bool:
            if self.retired(kind, text) and kind == "company":
                return False
            return self.exists(kind, text, lambda message: form.report(path, message, place))

        return form.words(key, check)

    def id(self, form: Form, key: str, kind: str) -> str | None:
        """One reference; None where it is missing or leads nowhere."""
        text = form.text(key)
        if not text or not self.exists(kind, text, lambda message: form.report(key, message)):
            return None
        return text
