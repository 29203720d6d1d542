"""`python -m bot` is `evwatch`."""

from bot.cli import main

main()
