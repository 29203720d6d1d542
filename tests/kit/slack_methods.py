"""The Web API methods of messages, conversations and people, as docs.slack.dev describes them.

A method takes the workspace and its arguments, and gives the answer without `ok`; it raises Refused.
"""

from __future__ import annotations

import base64
import copy
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from tests.kit.slack_blocks import MESSAGE_TEXT, UPDATE_TEXT, message_problems, too_long_together
from tests.kit.slack_state import Workspace
from tests.kit.slack_things import APP, BOT, BOT_USER, TEAM, Channel, Json, Message, Refused

Method = Callable[[Workspace, Json], Json]

_BARE_AND = re.compile(r"&(?!(?:amp|lt|gt);)")


def invalid(error: str, problems: Sequence[str]) -> Refused:
    """A refusal with Slack's reasons."""
    told = {"messages": [f"[ERROR] {problem}" for problem in problems]}
    return Refused(error, errors=list(problems), response_metadata=told)


def content(given: Json, limit: int = MESSAGE_TEXT) -> Json:
    """Text, blocks and metadata of a message that is allowed."""
    text, blocks, metadata = given.get("text") or "", given.get("blocks") or [], given.get("metadata")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise Refused("invalid_blocks_format")
    if not text and not blocks and not given.get("attachments"):
        raise Refused("no_text")
    if len(text) > limit:
        raise Refused("msg_too_long")
    if problems := message_problems(blocks):
        raise invalid("invalid_blocks", problems)
    if too_long_together(blocks):
        raise Refused("msg_blocks_too_long")
    if metadata:
        if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
            raise Refused("invalid_metadata_format")
        if not isinstance(metadata.get("event_payload"), dict) or metadata.keys() - {"event_type", "event_payload"}:
            raise Refused("invalid_metadata_schema")
        if len(json.dumps(metadata["event_payload"])) > 8000:
            raise Refused("metadata_too_large")
    return {"text": stored(text), "blocks": copy.deepcopy(blocks), "metadata": copy.deepcopy(metadata)}


def stored(text: str) -> str:
    """A text as Slack keeps it: a bare & is written out."""
    return _BARE_AND.sub("&amp;", text)


# ---------------------------------------------------------------------------------------------------------------- chat


def post_message(slack: Workspace, given: Json) -> Json:
    channel = _writable(slack, given)
    made = content(given)
    last = next((m for m in reversed(slack.arrived) if m.channel == channel.id and m.via == "chat.postMessage"), None)
    if slack.rate and last is not None and slack.clock.now() - float(last.ts) < slack.rate:
        raise Refused("ratelimited", retry_after=max(1, round(slack.rate)))
    thread = given.get("thread_ts")
    if thread is not None:
        parent = slack.find(str(thread))
        if parent is None or parent.channel != channel.id or parent.ephemeral_to:
            raise Refused("thread_not_found")
        thread = parent.thread_ts or parent.ts
    message = Message(slack.clock.ts(), channel.id, BOT_USER, **made, thread_ts=thread, asked=given)
    message.broadcast = bool(thread) and true(given.get("reply_broadcast"))
    slack.keep(message)
    return {"channel": channel.id, "ts": message.ts, "message": message.json()}


def update(slack: Workspace, given: Json) -> Json:
    channel = _channel(slack, given)
    if channel.archived:
        raise Refused("is_inactive")
    message = _own(slack, channel, given.get("ts"), "cant_update_message")
    if "text" not in given and not given.get("blocks"):
        raise Refused("no_text")
    made = content(given, UPDATE_TEXT)
    message.text, message.blocks = made["text"], made["blocks"]
    if given.get("metadata") is not None:  # left out: what there was stays; {}: none
        message.metadata = made["metadata"] or None
    for number, block in enumerate(message.blocks):
        block.setdefault("block_id", f"{message.ts}-{number}")
    message.edits += 1
    taken = copy.copy(message)
    taken.via = "chat.update"
    slack.arrived.append(taken)
    slack.touch()
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.json()}


def delete(slack: Workspace, given: Json) -> Json:
    channel = _channel(slack, given)
    message = _own(slack, channel, given.get("ts"), "cant_delete_message")
    slack.drop(message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(slack: Workspace, given: Json) -> Json:
    channel = _writable(slack, given)
    user = str(given.get("user"))
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    ts = slack.clock.ts()
    message = Message(
        ts, channel.id, BOT_USER, **content(given), ephemeral_to=user, via="chat.postEphemeral", asked=given
    )
    message.thread_ts = given.get("thread_ts")
    slack.keep(message)
    slack.answer(user, message)
    return {"message_ts": ts}


def permalink(slack: Workspace, given: Json) -> Json:
    channel = _channel(slack, given)
    message = slack.find(str(given.get("message_ts")))
    if message is None or message.channel != channel.id or message.ephemeral_to:
        raise Refused("message_not_found")
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    url = f"https://evdesk.slack.example/archives/{channel.id}/p{message.ts.replace('.', '')}{thread}"
    return {"channel": channel.id, "permalink": url}


# ------------------------------------------------------------------------------------------------------- conversations


def info(slack: Workspace, given: Json) -> Json:
    return {"channel": _channel(slack, given).json()}


def history(slack: Workspace, given: Json) -> Json:
    channel = _readable(slack, given)
    newest_first = sorted(slack.shown(channel.id), key=lambda message: message.ts, reverse=True)
    page, more = _page([m for m in newest_first if _within(m, given)], given, 100, 999)
    return {"messages": _messages(page, given), "pin_count": 0, **more}


def replies(slack: Workspace, given: Json) -> Json:
    channel = _readable(slack, given)
    parent = slack.find(str(given.get("ts")))
    if parent is None or parent.channel != channel.id or parent.ephemeral_to:
        raise Refused("thread_not_found")
    # a reply's own ts gives that reply alone
    thread = [parent, *(reply for reply in parent.replies if _within(reply, given))]
    page, more = _page(thread, given, 1000, 1000)
    return {"messages": _messages(page, given), **more}


def members(slack: Workspace, given: Json) -> Json:
    page, more = _page(sorted(_channel(slack, given).members), given, 100, 999)
    return {"members": page, **more}


def channels(slack: Workspace, given: Json) -> Json:
    """conversations.list: everything public, and what is private if the bot is in it."""
    page, more = _page(_of_types(slack, given, mine=False), given, 100, 999)
    return {"channels": [channel.json() for channel in page], **more}


def my_channels(slack: Workspace, given: Json) -> Json:
    """users.conversations: what the bot is in; of a `user` what they are in, if the bot may know of it."""
    user = given.get("user")
    there = _of_types(slack, given, mine=not user)
    page, more = _page([channel for channel in there if not user or user in channel.members], given, 100, 999)
    return {"channels": [channel.json() for channel in page], **more}


def open_im(slack: Workspace, given: Json) -> Json:
    people = str(given.get("users") or "").split(",")
    if people == [""]:
        raise Refused("users_list_not_supplied")
    if len(people) > 1:
        raise Refused("method_not_supported_for_channel_type")  # group messages are no part of us
    user = slack.users.get(people[0])
    if user is None or user.stranger:
        raise Refused("user_not_found")
    if user.deleted:
        raise Refused("user_disabled")
    return {"channel": {"id": slack.im(user.id)}}


# -------------------------------------------------------------------------------------------------------------- people


def user_info(slack: Workspace, given: Json) -> Json:
    user = slack.users.get(str(given.get("user")))
    if user is None:
        raise Refused("user_not_found")
    return {"user": user.json(locale=true(given.get("include_locale")))}


def auth_test(slack: Workspace, given: Json) -> Json:
    return {
        "url": "https://evdesk.slack.example/",
        "team": "EV desk",
        "user": "evwatch",
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "app_id": APP,
        "is_enterprise_install": False,
    }


#: method -> (function, scopes of which one is needed; `:history` and `:read` stand for the channel's kind)
METHODS: dict[str, tuple[Method, str]] = {
    "auth.test": (auth_test, ""),
    "chat.postMessage": (post_message, "chat:write"),
    "chat.update": (update, "chat:write"),
    "chat.delete": (delete, "chat:write"),
    "chat.postEphemeral": (post_ephemeral, "chat:write"),
    "chat.getPermalink": (permalink, ""),
    "conversations.info": (info, ":read"),
    "conversations.history": (history, ":history"),
    "conversations.replies": (replies, ":history"),
    "conversations.members": (members, ":read"),
    "conversations.list": (channels, ":read"),
    "conversations.open": (open_im, "im:write"),
    "users.conversations": (my_channels, ":read"),
    "users.info": (user_info, "users:read"),
}


def _channel(slack: Workspace, given: Json) -> Channel:
    """The channel, if the bot may know of it."""
    channel = slack.channels.get(str(given.get("channel")))
    if channel is None or ((channel.private or channel.im) and BOT_USER not in channel.members):
        raise Refused("channel_not_found")
    return channel


def _readable(slack: Workspace, given: Json) -> Channel:
    channel = _channel(slack, given)
    if BOT_USER not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _writable(slack: Workspace, given: Json) -> Channel:
    if (user := slack.users.get(str(given.get("channel")))) is not None:
        return slack.channels[slack.im(user.id)]
    channel = _channel(slack, given)
    if channel.archived:
        raise Refused("is_archived")
    if BOT_USER not in channel.members and "chat:write.public" not in slack.scopes:
        raise Refused("not_in_channel")
    return channel


def _own(slack: Workspace, channel: Channel, ts: Any, else_: str) -> Message:
    message = slack.find(str(ts))
    if message is None or message.channel != channel.id or message.ephemeral_to:
        raise Refused("message_not_found")
    if not message.from_bot:
        raise Refused(else_)
    return message


def _of_types(slack: Workspace, given: Json, *, mine: bool) -> list[Channel]:
    words = {"channels": "public_channel", "groups": "private_channel", "im": "im"}
    types = str(given.get("types") or "public_channel").split(",")
    return [
        channel
        for channel in slack.channels.values()
        if words[channel.kind] in types
        and (BOT_USER in channel.members or (channel.kind == "channels" and not mine))
        and not (channel.archived and true(given.get("exclude_archived")))
    ]


def _messages(page: list[Message], given: Json) -> list[Json]:
    return [message.json(metadata=true(given.get("include_all_metadata"))) for message in page]


def _within(message: Message, given: Json) -> bool:
    """Between `oldest` and `latest`; the ends themselves only where `inclusive`."""
    at, inclusive = message.ts, true(given.get("inclusive"))
    for name, sign in (("oldest", 1), ("latest", -1)):
        end = given.get(name)
        if end in (None, "", "0", 0, "now"):
            continue
        try:
            distance = sign * (_micros(at) - _micros(str(end)))
        except ValueError:
            raise Refused(f"invalid_ts_{name}") from None
        if distance < 0 or (distance == 0 and not inclusive):
            return False
    return True


def _micros(ts: str) -> int:
    seconds, _, rest = ts.partition(".")
    return int(seconds) * 1_000_000 + int(rest[:6].ljust(6, "0"))


def _page(things: list[Any], given: Json, usual: int, most: int) -> tuple[list[Any], Json]:
    """One page, and what says where the next begins: at a thing, so that what comes in meanwhile moves nothing."""
    names = [getattr(thing, "ts", None) or getattr(thing, "id", thing) for thing in things]
    try:
        limit = min(int(given.get("limit") or usual), most)
        wanted = base64.b64decode(given.get("cursor") or "").decode().removeprefix("next_ts:")
        start = names.index(wanted) if wanted else 0
    except ValueError:
        raise Refused("invalid_cursor") from None
    end = start + limit
    cursor = base64.b64encode(f"next_ts:{names[end]}".encode()).decode() if end < len(things) else ""
    return things[start:end], {"has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def true(value: Any) -> bool:
    return value in (True, 1, "1", "true", "True")
