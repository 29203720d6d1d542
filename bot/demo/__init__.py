"""The demo: invented news on a feed server of its own, read and told by the real parts. `evwatch demo` shows it."""
