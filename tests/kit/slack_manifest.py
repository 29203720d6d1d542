"""The app's manifest, and a fake Slack it is installed in."""

from typing import Any

import yaml

from tests.kit.process import ROOT
from tests.kit.slack_fake import SlackFake

FILE = ROOT / "slack-manifest.yaml"


def manifest() -> dict[str, Any]:
    """As people paste it."""
    read: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return read


def installed() -> SlackFake:
    """A workspace with exactly these scopes and events, in which an acknowledgement may take a second."""
    slack = SlackFake.from_manifest(manifest())
    slack.sockets.ack_within = 1.0
    return slack
