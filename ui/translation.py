"""Which language the window speaks: that of the system, where there is a translation to it, else English.

A language is two files in resources/translations: `tagline_de.qm`, which Qt reads, and `tagline_de.ts`, of which it was
made. The core speaks English only, since what it says also goes to the command line, into project files and datasets. What
it says has its values in it already, so it is known by its pattern: `{label} has no attribute {name}`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from desktop.paths import shipped
from ui.words import CORE

# Another language than the system's, to try one.
VARIABLE = "TAGLINE_LANGUAGE"
_FIELD = re.compile(r"\{(\w+)\}")
# What is longer is no sentence of the core but a text that somebody wrote.
_LONGEST = 2000


class Pattern:
    """A sentence of the core with its fields, which finds itself in what the core said."""

    def __init__(self, sentence: str) -> None:
        self.pieces = [piece for piece in _FIELD.split(sentence)[::2] if piece]
        self.weight = sum(map(len, self.pieces))
        met: set[str] = set()
        regex = ""
        for place, part in enumerate(_FIELD.split(sentence)):
            if place % 2 == 0:
                regex += re.escape(part)
            else:
                regex += f"(?P={part})" if part in met else f"(?P<{part}>.+?)"
                met.add(part)
        self._regex = re.compile(regex, re.DOTALL)

    def values(self, said: str) -> dict[str, str] | None:
        """What stands in the fields; None where it is not this sentence."""
        if not all(piece in said for piece in self.pieces):
            return None
        found = self._regex.fullmatch(said)
        return found.groupdict() if found else None


class CoreTranslator(QTranslator):
    """Translates what the core said; `sentences` gives the translation of each sentence with fields."""

    def __init__(self, sentences: Mapping[str, str], parent: QApplication | None = None) -> None:
        super().__init__(parent)
        self._plain = {one: other for one, other in sentences.items() if "{" not in one}
        patterns = [(Pattern(one), other) for one, other in sentences.items() if "{" in one]
        # The one that says most itself and leaves least to its fields.
        self._patterns = sorted(patterns, key=lambda pair: -pair[0].weight)
        self._tell = lru_cache(maxsize=1000)(self._told)

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        return self._tell(text) if context == CORE and len(text) <= _LONGEST else None

    def _told(self, said: str) -> str | None:
        if said in self._plain:
            return self._plain[said]
        for pattern, other in self._patterns:
            values = pattern.values(said)
            if values is not None:
                # A field may hold a sentence of its own: the step that a step goes back to.
                return other.format(**{name: self._told(value) or value for name, value in values.items()})
        return self._told_in_parts(said)

    def _told_in_parts(self, said: str) -> str | None:
        """What is wrong and what helps were put together."""
        parts = said.split("; ")
        told = [self._told(part) for part in parts] if len(parts) > 1 else []
        return "; ".join(one or part for one, part in zip(told, parts, strict=True)) if any(told) else None


def core_sentences(file: Path) -> dict[str, str]:
    """The sentences of the core in a .ts file that are translated."""
    from xml.etree import ElementTree  # noqa: PLC0415  (English needs none)

    context = next(
        (one for one in ElementTree.parse(file).iter("context") if one.findtext("name") == CORE), None
    )
    pairs = ((one.findtext("source"), one.findtext("translation")) for one in context or ())
    return {source: translation for source, translation in pairs if source and translation}


def wanted() -> list[str]:
    """The languages of the person, the one they read best first."""
    asked = os.environ.get(VARIABLE)
    return [asked] if asked else list(QLocale.system().uiLanguages())


def install(app: QApplication, languages: Iterable[str], folder: Path | None = None) -> str:
    """Have the window speak the first of `languages` that there is; returns it, or "" for English.

    To be called before anything is shown: a text is translated when it is made.
    """
    folder = folder or shipped("resources", "translations")
    for language in languages:
        names = [language.replace("-", "_"), language.replace("-", "_").split("_")[0]]
        for name in names:
            if (folder / f"tagline_{name}.qm").is_file():
                _install(app, name, folder)
                return name
        if names[-1] == "en":
            break
    return ""


def _install(app: QApplication, name: str, folder: Path) -> None:
    window, buttons = QTranslator(app), QTranslator(app)
    if buttons.load(f"qtbase_{name}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(buttons)
    if window.load(str(folder / f"tagline_{name}.qm")):
        app.installTranslator(window)
    source = folder / f"tagline_{name}.ts"
    if source.is_file():
        app.installTranslator(CoreTranslator(core_sentences(source), app))
    app.setLayoutDirection(QLocale(name).textDirection())
