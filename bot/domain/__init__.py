"""The words of docs/design.md as frozen dataclasses and enums; standard library only."""
