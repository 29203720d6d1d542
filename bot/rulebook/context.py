"""What the schema needs to know beyond one table: which ids exist, and where things stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.errors import Problem
from bot.rulebook.forms import Form, is_id, quoted
from bot.rulebook.layers import Laid
from bot.rulebook.loader import in_words, suggest
from bot.rulebook.nodes import Items, Place, Text


@dataclass(slots=True)
class Context:
    """Shared by all builders of one rulebook."""

    laid: Laid
    problems: list[Problem]
    #: `company:nio` -> where it stands; `company:nio:NIO`, `outlet:dpa:DPA`, `feed:x:url`: parts lint speaks of.
    places: dict[str, Place] = field(default_factory=dict)
    #: `company:old-id` -> the id of today.
    former: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.former = _former(self.laid)

    def retired(self, kind: str, key: str) -> bool:
        """True where a layer took this thing away."""
        return key in self.laid.retired[kind] and self.today(kind, key) not in self.laid.things[kind]

    def today(self, kind: str, key: str) -> str:
        """The id a thing has today."""
        return key if key in self.laid.things[kind] else self.former.get(f"{kind}:{key}", key)

    def exists(self, kind: str, key: str, report: Callable[[str], None]) -> bool:
        """True where a reference leads somewhere; otherwise reported."""
        if self.today(kind, key) in self.laid.things[kind]:
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

        return tuple(dict.fromkeys(self.today(kind, text) for text in form.words(key, check)))

    def id(self, form: Form, key: str, kind: str) -> str | None:
        """One reference; None where it is missing or leads nowhere."""
        text = form.text(key)
        if not text or not self.exists(kind, text, lambda message: form.report(key, message)):
            return None
        return self.today(kind, text)

    def former_ids(self, form: Form, kind: str) -> tuple[str, ...]:
        """The ids a thing had before: nobody else's, of today or of then."""
        today = form.text("id")

        def check(path: str, text: str, place: Place) -> bool:
            if not is_id(text):
                wrong = f"must be lower-case letters, digits and hyphens, not {quoted(text)}"
            elif text in self.laid.things[kind]:
                wrong = f"{quoted(text)} is the id of a {in_words(kind)} of today"
            elif (other := self.former[f"{kind}:{text}"]) != today:
                wrong = f"{quoted(text)} is a former id of {quoted(other)} too"
            else:
                return True
            form.report(path, wrong, place)
            return False

        return form.words("formerly", check)


def _former(laid: Laid) -> dict[str, str]:
    """`company:old-id` -> the id of today, as written: references by former ids stand before and after these."""
    found: dict[str, str] = {}
    for kind, things in laid.things.items():
        for today, thing in things.items():
            pair = thing.table.pairs.get("formerly")
            for old in pair.value.items if pair and isinstance(pair.value, Items) else ():
                if isinstance(old, Text):
                    found.setdefault(f"{kind}:{old.value.strip()}", today)
    return found
