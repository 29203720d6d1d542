"""What people type, as they see it: Slack's own markup taken off, its three entities read once."""

from __future__ import annotations

import re

#: `<@U1>`, `<#C1|name>`, `<!here>`, `<https://...|label>`: what people type between angle brackets comes escaped.
_MARKUP = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def typed(text: str, bot_user: str) -> str:
    """The words, the first mention of the bot left out; of a link its address."""
    addressed = re.compile(rf"<@{re.escape(bot_user)}(?:\|[^<>]*)?>[\s:,]*")
    return _read(_MARKUP.sub(_shown, addressed.sub(" ", text, count=1))).strip()


def _shown(found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    if target.startswith(("@", "#", "!")):
        if not label:
            return "@" + target[1:] if target.startswith("!") else target
        return label if label.startswith(("@", "#")) else target[0].replace("!", "@") + label
    if target.startswith(("mailto:", "tel:")):
        return label or target.partition(":")[2]
    return target


def _read(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
