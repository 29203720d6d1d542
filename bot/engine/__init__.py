"""Pure reading, stories, routing and messages: no I/O, no clock, no await."""
