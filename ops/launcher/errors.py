"""What the launcher says when a step cannot go on."""

from __future__ import annotations


class LauncherError(Exception):
    """A failure the operator can act on: one sentence on what is wrong and the one command or act that helps."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n    -> {self.remedy}" if self.remedy else self.message
