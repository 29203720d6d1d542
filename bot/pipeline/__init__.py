"""The straight line from a feed to a channel: poll, deliver, digest, keep. They act; the engine decides."""
