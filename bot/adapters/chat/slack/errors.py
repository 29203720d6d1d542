"""What slack_sdk and aiohttp raise -> was it sent, was it not, will it ever be.

Slack has no idempotency key, so all hangs on telling *not sent* (try again) from *perhaps sent* (look for it first).
An answer of 5xx is "perhaps", whatever its body: only 503 says that nobody has looked at the request. Words are from
docs.slack.dev/reference/methods; a refusal in a word nobody knows is tried again, for nothing was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.errors import DeliveryError, Rejected, Scope, Throttled, Unavailable, Uncertain

#: Where a 429 does not say for how long, in seconds.
_RETRY_AFTER = 30.0
_TOO_FAST = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_NOT_NOW = frozenset({"service_unavailable", "team_added_to_org", "org_login_required", "external_channel_migrating"})
#: "It's possible some aspect of the operation succeeded before the error was raised."
_PERHAPS = frozenset({"internal_error", "fatal_error", "request_timeout", "update_failed"})
#: Blocks, text or metadata that Slack does not take: the plain text alone may go through.
PLAIN_HELPS = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_must_be_sent_from_app",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
    }
)
_DEAD = {
    Scope.MESSAGE: PLAIN_HELPS
    | {
        "cannot_reply_to_message",
        "cant_update_message",
        "edit_window_closed",
        "invalid_arg_name",
        "invalid_arguments",
        "message_not_found",
        "no_text",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "thread_not_found",
    },
    Scope.CHANNEL: {
        "access_denied",
        "cannot_dm_bot",
        "channel_not_found",
        "channel_type_not_supported",
        "ekm_access_denied",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "method_not_supported_for_channel_type",
        "no_permission",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "team_not_found",
        "user_disabled",
        "user_not_found",
    },
    Scope.PLATFORM: {
        "accesslimited",
        "account_inactive",
        "app_access_restricted",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    },
}
_SCOPES = {word: scope for scope, words in _DEAD.items() for word in words}
#: What people can do about it; every other word stands for itself.
_SENTENCES = {
    "account_inactive": "the app was removed from the workspace, or its token was",
    "channel_not_found": "there is no such channel, or it is private and the bot was never invited",
    "invalid_auth": "Slack does not know the token: copy it from the app's page once more",
    "is_archived": "the channel is archived",
    "is_inactive": "the channel is archived",
    "message_not_found": "the message was deleted",
    "not_allowed_token_type": "the bot's token begins with xoxb-, the app's with xapp-: is one in the other's place?",
    "not_in_channel": "the bot is not in the channel: /invite it",
    "thread_not_found": "the message it belongs to was deleted",
    "token_revoked": "the token was revoked",
}


def word_of(error: BaseException | None) -> str:
    """Slack's own word for what is wrong; empty where the answer was no answer of Slack's."""
    if not isinstance(error, SlackApiError):
        return ""
    data = getattr(error.response, "data", error.response)  # a str where the body was no JSON
    return str(data.get("error") or "") if isinstance(data, Mapping) else ""


def translated(error: Exception, *, sending: bool = True) -> DeliveryError:
    """One of the four. Not `sending`: nothing was to be changed, so what is left open may be asked again."""
    if isinstance(error, DeliveryError):
        return error
    if isinstance(error, SlackApiError):
        found = _refused(error)
    elif isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        found = Unavailable("Slack cannot be reached")
    elif isinstance(error, SlackRequestError | aiohttp.InvalidURL):
        found = Unavailable("EVWATCH_SLACK_API_URL is no address")
    else:  # the request had left
        found = Uncertain(f"no answer of Slack's ({type(error).__name__})")
    return Unavailable(str(found)) if isinstance(found, Uncertain) and not sending else found


def _refused(error: SlackApiError) -> DeliveryError:
    status, word = _status(error.response), word_of(error)
    if status == 429 or word in _TOO_FAST:
        return Throttled("Slack asks for a pause", retry_after=_retry_after(error.response))
    if word in _SCOPES:
        return Rejected(_sentence(word, error.response), scope=_SCOPES[word])
    if word in _NOT_NOW or status == 503:
        return Unavailable(f"Slack is busy ({word or status})")
    if word in _PERHAPS or status >= 500 or (not word and status < 400):
        return Uncertain(f"Slack's answer leaves it open ({word or status})")
    return Unavailable(f"Slack refuses it ({word or status})")


def _status(response: Any) -> int:
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def _retry_after(response: Any) -> float:
    try:
        return max(1.0, float(getattr(response, "headers", {}).get("Retry-After", "")))
    except (TypeError, ValueError):
        return _RETRY_AFTER


def _sentence(word: str, response: Any) -> str:
    if word == "missing_scope":
        return f"the app lacks a scope: {response.get('needed')} (missing_scope); see docs/slack.md"
    return f"{_SENTENCES[word]} ({word})" if word in _SENTENCES else f"Slack refuses it ({word})"
