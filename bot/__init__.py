"""evwatch: tells a chat channel when a watched company moves into electric vehicles or a joint venture."""

__version__ = "0.1.0"
