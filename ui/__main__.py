"""`tagline`: a subcommand goes to the command line, anything else is a project for the window."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop import SUBCOMMANDS
from ui import qtlibs


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and (arguments[0].startswith("-") or arguments[0] in SUBCOMMANDS):
        return _command(arguments) if arguments[0] != "tour" else _tour(arguments)
    if len(arguments) > 1:
        return _fail(
            f"{arguments[1]!r} is one argument too many (tagline [PROJECT]; tagline --help lists the rest)", 2
        )
    return _window(Path(arguments[0]) if arguments else None)


def _command(arguments: list[str]) -> int:
    from desktop.cli import main  # not needed to show the window  # noqa: PLC0415

    return main(arguments)


def _window(project: Path | None) -> int:
    if not _platform():
        return _fail(
            "there is no screen here: use a subcommand (tagline --help), or try: tagline tour FOLDER", 1
        )
    problem = _missing()
    if problem:
        return _fail(problem, 1)
    gc.disable()  # nearly all that is made until the window stands stays; later on, `ui.garbage` looks for what does not
    from ui.app import run  # noqa: PLC0415

    return run(project)


def _tour(arguments: list[str]) -> int:
    from desktop.cli import parser  # noqa: PLC0415

    asked = parser().parse_args(arguments)
    if not _platform():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    problem = _missing()
    if problem:
        return _fail(problem, 1)
    from ui.tour import tour  # noqa: PLC0415

    return tour(asked.folder, as_json=asked.json)


def _platform() -> str | None:
    """The Qt platform that will be used: the one named in the environment, else that of the screen, if there is one."""
    return os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] or qtlibs.screen()


def _missing() -> str:
    missing = qtlibs.missing_libraries(_platform() or "offscreen")
    return qtlibs.explain(missing) if missing else ""


def _fail(message: str, code: int) -> int:
    print(f"tagline: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
