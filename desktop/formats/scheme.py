"""Scheme files: the JSON of `model.Scheme`."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from desktop.errors import UserError
from desktop.model import Colour, Colours, Label, Scheme

# For labels that come without colours: (light line, dark line), told apart by dichromats too.
_PALETTE = (("#A85400", "#FFB066"), ("#1B5FBF", "#8FBCFF"), ("#5A7300", "#B9DB74"), ("#8A3FA8", "#E5B2F2"),
            ("#00706B", "#6FD9CF"), ("#A3254B", "#FF9DB5"), ("#5B5B5B", "#C9C9C9"))  # fmt: skip


def read(path: Path) -> Scheme:
    """Raises UserError naming the file and the place for anything that is no scheme."""
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
        return loads(given, str(path))
    except OSError as error:
        raise UserError(
            f"the scheme cannot be read: {error.strerror}", "check the path", file=str(path)
        ) from None
    except UnicodeDecodeError:
        raise UserError("the scheme is not UTF-8 text", "save it as UTF-8", file=str(path)) from None
    except json.JSONDecodeError as error:
        raise UserError(f"the scheme is not valid JSON: {error.msg}", "correct it",
                        file=str(path), position=f"line {error.lineno}") from None  # fmt: skip


def loads(given: object, file: str = "") -> Scheme:
    try:
        scheme = Scheme.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UserError(
            f"not a scheme: {first['msg'].lower()}", "correct it", file=file, position=place
        ) from None
    problem = problems(scheme)
    if problem:
        raise UserError(problem, "correct the scheme", file=file)
    return scheme


def problems(scheme: Scheme) -> str | None:
    """What keeps a scheme from being used; None if nothing does."""
    if not scheme.labels:
        return "the scheme has no label"
    names = [label.name for label in scheme.labels]
    keys = [label.key.lower() for label in scheme.labels if label.key]
    if not all(map(good_name, names)):
        return "a label has an empty name, or blanks around it"
    if len(set(names)) < len(names):
        return f"the label {next(n for n in names if names.count(n) > 1)!r} is there twice"
    if any(len(key) != 1 or not key.isalnum() for key in keys):
        return (
            f"the key {next(k for k in keys if len(k) != 1 or not k.isalnum())!r} is not one letter or digit"
        )
    if len(set(keys)) < len(keys):
        return f"the key {next(k for k in keys if keys.count(k) > 1)!r} belongs to two labels"
    return None


def good_name(name: str) -> bool:
    """Whether a label may be called that."""
    return bool(name.strip()) and name == name.strip() and "\n" not in name


def dumps(scheme: Scheme) -> str:
    return json.dumps(scheme.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def new_label(name: str, scheme: Scheme) -> Label:
    """A label for a name that a file brought: a free key (perhaps none) and the next colours of the palette."""
    taken = {label.key.lower() for label in scheme.labels}
    letters = [
        char
        for char in (name + "abcdefghijklmnopqrstuvwxyz0123456789").lower()
        if char.isascii() and char.isalnum()
    ]
    light, dark = _PALETTE[len(scheme.labels) % len(_PALETTE)]
    colours = Colours(light=Colour(background=light, text="#14161A", line=light),
                      dark=Colour(background=dark, text="#FFFFFF", line=dark))  # fmt: skip
    return Label(name=name, key=next((char for char in letters if char not in taken), ""), colours=colours)
