"""Slack: a bot of one workspace, over Socket Mode (libraries: slack_sdk, slack_bolt)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.adapters.chat.slack.platform import Slack


def configured(settings: Mapping[str, Any]) -> bool:
    """Both tokens: one to speak with, one to listen."""
    return bool(settings.get("slack_bot_token") and settings.get("slack_app_token"))


def create(settings: Mapping[str, Any]) -> Slack:
    """The bot of these tokens; `slack_api_url` is another address of the Web API."""
    return Slack(settings["slack_bot_token"], settings["slack_app_token"], settings.get("slack_api_url"))
