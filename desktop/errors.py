"""The one family of errors a person can act on; every other exception is a bug."""

from __future__ import annotations


class UserError(Exception):
    """Something the reader can mend: what is wrong, where, and what to do about it.

    `file` names the file, `position` the place in it ("line 3", "page 2", "byte 17"), `hint` the remedy; `kind` is
    the name `tagline check` gives to what is wrong with a project file.
    """

    def __init__(
        self, message: str, hint: str = "", *, file: str = "", position: str = "", kind: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.file = file
        self.position = position
        self.kind = kind

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.position) if part)
        line = f"{place}: {self.message}" if place else self.message
        return f"{line} ({self.hint})" if self.hint else line

    def as_dict(self) -> dict[str, str]:
        """The object printed for `--json`."""
        return {"message": self.message, "file": self.file, "position": self.position, "hint": self.hint}


class UsageError(UserError):
    """The command or its options were wrong: exit code 2 on the command line."""


class Cancelled(Exception):  # noqa: N818
    """The person stopped a long piece of work; everything is as it was before."""
