"""The modals of `subscribe` and `mute`: what they look like, and the commands that what was filled in means.

Every field's action id is `ev-form-<field>`; its block id ends in the subscription it is about, so that Slack keeps no
value of another one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.adapters.chat.slack.answers import plain
from bot.domain.channels import Appetite, Cadence
from bot.domain.requests import Choice, Overview, Subscribed

Json = dict[str, Any]

SUBSCRIBE, MUTE = "subscribe", "mute"
FIELD = "ev-form-"
NEW = "new"
_MOST_OPTIONS, _MOST_VALUE = 100, 150
_LOWEST = "low"


@dataclass(frozen=True, slots=True)
class About:
    """What a modal remembers: where it was asked for, and the command it is for."""

    channel: str
    url: str = ""  #: response_url
    message: str | None = None  #: ts of the message that was clicked on
    command: str = ""
    number: str = NEW  #: the subscription

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> About:
        """What this view remembers."""
        return cls(**json.loads(view["private_metadata"]))


def subscribe_form(overview: Overview, about: About) -> Json:
    """A subscription with everything around it, as it is now."""
    chosen = _chosen(overview, about)
    limits, channel = chosen.subscription.filter if chosen else None, overview.channel
    field = _Fields(overview, about)
    which = [Choice(NEW, overview.texts["which-new"])]
    which += [Choice(str(s.subscription.id), s.words) for s in _own(overview)]
    quiet = channel.quiet
    appetite = chosen.subscription.appetite if chosen else Appetite.DEFAULT
    cadence = chosen.subscription.cadence if chosen else Cadence.AT_ONCE
    weekdays = overview.choices["weekday"]
    day = weekdays[chosen.subscription.weekday if chosen else 0].value
    hour = (chosen.subscription.digest_at if chosen else None) or channel.digest_at
    blocks = [
        field.one("which", which, about.number) | {"dispatch_action": True} if len(which) > 1 else None,
        field.many("list", overview.choices["list"], chosen.subscription.watchlists if chosen else ()),
        field.typed("company", overview.choices["company"], chosen.subscription.companies if chosen else ()),
        field.typed("without", overview.choices["company"], limits.without if limits else ()),
        field.many("kind", overview.choices["kind"], limits.kinds if limits else ()),
        field.many("certainty", overview.choices["certainty"], limits.certainties if limits else ()),
        field.one("severity", overview.choices["severity"], limits.severity if limits else _LOWEST),
        field.many("lang", overview.choices["lang"], limits.languages if limits else ()),
        field.one("wants", overview.choices["appetite"], appetite),
        field.one("cadence", overview.choices["cadence"], cadence),
        field.one("day", weekdays, day),
        field.time("digest-hour", f"{hour:%H:%M}"),
        field.time("quiet-from", f"{quiet.start:%H:%M}" if quiet else None, hint="quiet-hint"),
        field.time("quiet-until", f"{quiet.end:%H:%M}" if quiet else None),
        field.number("budget", channel.budget),
    ]
    return _modal(overview, SUBSCRIBE, about, [block for block in blocks if block], submit="save")


def with_current(overview: Overview, about: About) -> About:
    """About the channel's subscription where it has just one."""
    own = _own(overview)
    number = str(own[0].subscription.id) if len(own) == 1 else NEW
    return About(**{**asdict(about), "number": number})


def subscribe_commands(overview: Overview, view: Mapping[str, Any]) -> tuple[list[str], dict[str, str]]:
    """What was filled in as commands; or what is wrong, by block."""
    about, filled = About.of(view), _filled(view)
    chosen, channel = _chosen(overview, about), overview.channel
    wrong = {}
    if not filled["list"] and not filled["company"]:
        wrong["list" if overview.choices["list"] else "company"] = "nothing-chosen"
    start, end = filled["quiet-from"], filled["quiet-until"]
    if bool(start) != bool(end):
        wrong["quiet-until" if start else "quiet-from"] = "one-hour"
    elif start and start == end:
        wrong["quiet-until"] = "quiet-same"
    if wrong:
        return [], {f"{field}-{about.number}": overview.texts[key] for field, key in wrong.items()}
    hour = filled["digest-hour"] or f"{channel.digest_at:%H:%M}"
    own_hour = hour != f"{channel.digest_at:%H:%M}"
    words = [SUBSCRIBE, *([f"#{about.number}"] if chosen else []), *_wanted(filled, chosen)]
    if filled["cadence"] != Cadence.AT_ONCE:
        words += [filled["cadence"], *([filled["day"]] if filled["cadence"] == Cadence.WEEKLY else [])]
        words += [hour] if own_hour else []
    commands = [" ".join(words)]
    if filled["cadence"] == Cadence.AT_ONCE and own_hour:
        commands.append(f"digest {hour}")
    quiet = f"{channel.quiet.start:%H:%M}-{channel.quiet.end:%H:%M}" if channel.quiet else "off"
    if (wish := f"{start}-{end}" if start else "off") != quiet:
        commands.append(f"quiet {wish}")
    if (most := filled["budget"] or "off") != (str(channel.budget) if channel.budget is not None else "off"):
        commands.append(f"budget {most}")
    return commands, {}


def mute_form(overview: Overview, about: About) -> Json:
    """What is to be heard of no more, and for how long."""
    field = _Fields(overview, about)
    what = field.typed("mute-what", overview.mutable, [c.value for c in overview.mutable[:1]], least=0)
    blocks = [what | {"optional": False}, field.one("muted-for", overview.choices["period"], "7d")]
    return _modal(overview, MUTE, about, blocks, submit="mute")


def mute_command(view: Mapping[str, Any]) -> str:
    """What was filled in as a command."""
    filled = _filled(view)
    return " ".join([MUTE, *filled["mute-what"], filled["muted-for"]])


def option(choice: Choice) -> Json:
    """One thing to choose."""
    return {"text": plain(choice.label), "value": choice.value}


def options(choices: Iterable[Choice]) -> list[Json]:
    """As many as Slack shows, each once."""
    once = {c.value: c for c in choices if len(c.value) <= _MOST_VALUE}
    return [option(c) for c in once.values()][:_MOST_OPTIONS]


def _own(overview: Overview) -> list[Subscribed]:
    here = [s for s in overview.subscriptions if s.subscription.channel.ref == overview.channel.ref]
    return here[: _MOST_OPTIONS - 1]


def _chosen(overview: Overview, about: About) -> Subscribed | None:
    return next((s for s in _own(overview) if str(s.subscription.id) == about.number), None)


def _wanted(filled: Mapping[str, Any], chosen: Subscribed | None) -> list[str]:
    """Names and filters as one types them; outlets are no field of the form, and stay."""
    words = [*filled["list"], *filled["company"], *(f"-{c}" for c in filled["without"])]
    words += [f"{name}:{','.join(filled[name])}" for name in ("kind", "certainty", "lang") if filled[name]]
    words += [f"severity:{filled['severity']}"] if filled["severity"] != _LOWEST else []
    words += [f"outlet:{','.join(chosen.outlets)}"] if chosen and chosen.outlets else []
    words += [filled["wants"]] if filled["wants"] != Appetite.DEFAULT else []
    return [f'"{w}"' if " " in w else w for w in words]


def _filled(view: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in each field: a value, None, or a list of values."""
    found: dict[str, Any] = {"list": []}
    for actions in view["state"]["values"].values():
        for action_id, state in actions.items():
            if "selected_options" in state:
                value: Any = [o["value"] for o in state["selected_options"] or ()]
            elif "selected_option" in state:
                value = (state["selected_option"] or {}).get("value")
            else:
                value = state.get("selected_time") or state.get("value")
            found[action_id.removeprefix(FIELD)] = value
    return found


def _modal(overview: Overview, callback: str, about: About, blocks: list[Json], *, submit: str) -> Json:
    return {
        "type": "modal",
        "callback_id": f"ev-{callback}",
        "title": plain(overview.texts[callback], 24),
        "submit": plain(overview.texts[submit], 24),
        "close": plain(overview.texts["cancel"], 24),
        "private_metadata": json.dumps(asdict(about)),
        "blocks": blocks,
    }


class _Fields:
    """Makes input blocks, labelled in the channel's language."""

    def __init__(self, overview: Overview, about: About) -> None:
        self._texts = overview.texts
        self._number = about.number

    def one(self, name: str, choices: Sequence[Choice], value: str) -> Json:
        """Choose one."""
        there = options(choices)
        return self._block(name, {"type": "static_select", "options": there, **_first(there, value)})

    def many(self, name: str, choices: Sequence[Choice], values: Iterable[str]) -> Json | None:
        """Choose any number; None where there is nothing to choose from."""
        if not choices:
            return None
        there = options(choices)
        element = {"type": "multi_static_select", "options": there, "placeholder": plain(self._texts["any"])}
        return self._block(name, element | _firsts(there, values), optional=True)

    def typed(self, name: str, known: Sequence[Choice], values: Iterable[str], *, least: int = 1) -> Json:
        """Choose what is found by typing a part of its name."""
        element = {"type": "multi_external_select", "min_query_length": least}
        element |= {"placeholder": plain(self._texts["type-name"])}
        return self._block(name, element | _firsts(options(known), values), optional=True)

    def time(self, name: str, value: str | None, *, hint: str = "") -> Json:
        """Choose a time of day."""
        block = self._block(name, {"type": "timepicker", **({"initial_time": value} if value else {})}, optional=True)
        return block | ({"hint": plain(self._texts[hint], 2000)} if hint else {})

    def number(self, name: str, value: int | None) -> Json:
        """Type a whole number."""
        element = {"type": "number_input", "is_decimal_allowed": False, "min_value": "0", "max_value": "1000"}
        return self._block(name, element | ({} if value is None else {"initial_value": str(value)}), optional=True)

    def _block(self, name: str, element: Json, *, optional: bool = False) -> Json:
        return {
            "type": "input",
            "block_id": f"{name}-{self._number}",
            "optional": optional,
            "label": plain(self._texts[name], 2000),
            "element": element | {"action_id": FIELD + name},
        }


def _first(there: Sequence[Json], value: str) -> Json:
    return next(({"initial_option": o} for o in there if o["value"] == value), {})


def _firsts(there: Sequence[Json], values: Iterable[str]) -> Json:
    wanted = set(values)
    chosen = [o for o in there if o["value"] in wanted]
    return {"initial_options": chosen} if chosen else {}
