"""A language of nobody: every text of the program 40 % longer, with accents, between two marks. Made on the spot."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]


def _load() -> ModuleType:
    """packaging/translations.py, which is no package."""
    spec = importlib.util.spec_from_file_location("translations", ROOT / "packaging" / "translations.py")
    assert spec and spec.loader
    sys.modules["translations"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = _load()


def pseudo(text: str) -> str:
    """A longer text that is not English any more, its fields and its key kept."""
    swapped = "".join(
        part if place % 2 else part.translate(str.maketrans("aeiouyAEIOU›", "áéíóúýÁÉÍÓÚ>"))
        for place, part in enumerate(re.split(r"(\{\w*\})", text))
    )
    # In words, as any language has them: a line may end between two.
    more = max(1, len(text) * 2 // 5)
    return f"‹{swapped}{('~' * 7 + ' ') * (more // 8)}{'~' * (more % 8)}›"


def write_pseudo(folder: Path, language: str) -> Path:
    """A translation of everything into nothing."""
    path = folder / f"tagline_{language}.ts"
    script.write(path, language, script.texts(ROOT))
    tree = script.ElementTree.parse(path)
    for message in tree.iter("message"):
        source, translated = message.findtext("source") or "", message.find("translation")
        translated.attrib.pop("type", None)
        several = list(translated.iter("numerusform"))
        for form in several:
            translated.remove(form)
        if several:
            for one in (message.findtext("comment") or "", source):
                script.ElementTree.SubElement(translated, "numerusform").text = pseudo(one)
        else:
            translated.text = pseudo(source)
    tree.write(path, "utf-8", xml_declaration=True)
    script.compile_(path)
    return path
