"""Phrases as people write them: a text, or `{text, needs, case}`."""

from __future__ import annotations

from bot.domain.rulebook import Phrase
from bot.rulebook.context import Context
from bot.rulebook.forms import Form, as_text, quoted
from bot.rulebook.nodes import Place, Table

PHRASE_KEYS = ("text", "needs", "case")
_MAX = 200  # characters


def case_bound(phrase: Phrase) -> bool:
    """True where the phrase matches in one case only: `case: exact`, or capitals only."""
    letters = [c for c in phrase.text if c.isalpha()]
    return phrase.exact or (bool(letters) and all(c.isupper() for c in letters))


def phrase_list(form: Form, key: str, context: Context, owner: str) -> tuple[Phrase, ...]:
    """The phrases of a list, each once; their places are kept under `owner`."""
    found: dict[Phrase, None] = {}
    for path, node in form.nodes(key):
        phrase: Phrase | None
        if isinstance(node, Table):
            phrase = _long(form, path, node, context)
        else:
            text = as_text(form, path, node)
            phrase = Phrase(text) if text and is_phrase(form, path, text, node.place) else None
        if phrase:
            found[phrase] = None
            context.places.setdefault(f"{owner}:{phrase.text}", node.place)
    return tuple(found)


def phrase_texts(form: Form, key: str) -> tuple[str, ...]:
    """A list of phrases that have only the short form."""
    return form.words(key, lambda path, text, place: is_phrase(form, path, text, place))


def _long(form: Form, path: str, node: Table, context: Context) -> Phrase | None:
    below = form.below(path, node, PHRASE_KEYS)
    if below is None:
        return None
    below.require("text")
    case = below.text("case")
    if case not in ("", "exact"):
        below.report("case", f"must be exact, not {quoted(case)}")
    text = below.text("text")
    if not text or not is_phrase(below, "text", text, below.where("text")):
        return None
    return Phrase(text, needs=context.ids(below, "needs", "terms"), exact=case == "exact")


def is_phrase(form: Form, path: str, text: str, place: Place) -> bool:
    """True for a text that can be looked for; otherwise reported."""
    if not text.strip("* "):
        form.report(path, "must be more than a '*'", place)
    elif "*" in text[1:-1] or text in ("*", "**"):
        form.report(path, f"a '*' stands only at the start or the end, not as in {quoted(text)}", place)
    elif len(text) > _MAX:
        form.report(path, f"is longer than {_MAX} characters", place)
    else:
        return True
    return False
