"""What people type in chat becomes a Reply: one parser, one set of handlers for every platform."""
