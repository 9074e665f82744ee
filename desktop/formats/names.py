"""Names that other programs accept: tags and types without blanks, file names safe on every system."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

import regex

# 40 code points of 4 bytes leave room in the 255 bytes of a file name for a split, a suffix and a number.
_LONGEST = 40
_WINDOWS = regex.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", regex.IGNORECASE)


class Unique:
    """Hands out each name once, the later ones with `-2`, `-3` …; case and composition of letters make no difference."""

    def __init__(self, mark: str = "-") -> None:
        self._mark = mark
        self._taken: set[str] = set()

    def __call__(self, name: str) -> str:
        number, found = 1, name
        while self._key(found) in self._taken:
            number += 1
            found = f"{name}{self._mark}{number}"
        self._taken.add(self._key(found))
        return found

    @staticmethod
    def _key(name: str) -> str:
        # Windows and macOS take A.txt and a.txt for one file, macOS also é in one and in two characters.
        return unicodedata.normalize("NFC", name).casefold()


def slugs(names: Iterable[str], slug: Callable[[str], str]) -> dict[str, str]:
    """A slug for every name, unique among them; the same for the same names in the same order."""
    unique = Unique("_")
    return {name: unique(slug(name)) for name in names}


def word_slug(name: str) -> str:
    """Letters, marks and digits of any script, `_` and `-`: a CoNLL tag and part of a file name."""
    return _filled(regex.sub(r"[^\p{L}\p{M}\p{N}_-]+", "_", name))


def ascii_slug(name: str) -> str:
    """`[A-Za-z0-9_-]`, the characters brat stores types in (normalize_to_storage_form in its projectconfig.py)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _filled(regex.sub(r"[^A-Za-z0-9_-]+", "_", plain))


def _filled(slug: str) -> str:
    return slug[:_LONGEST] if slug.strip("_-") else "label"


def file_name(name: str) -> str:
    """`name` as the stem of a file that Linux, macOS and Windows can all store."""
    stem = regex.sub(r"[^\p{L}\p{M}\p{N}._-]+", "_", name)[:_LONGEST].strip(".")
    return f"_{stem}" if not stem or _WINDOWS.match(stem) else stem
