"""Every text of the program in a file for translators: python3 packaging/translations.py LANGUAGE

Writes resources/translations/tagline_LANGUAGE.ts, or adds to it what is new, and makes the .qm of it that Qt reads. The texts
are the literals given to `tr`, `plural`, `later` and `forms` in ui/, those of the table of actions, and the sentences that
people may read of desktop/. Needs PySide6, whose `lrelease` it runs.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "resources" / "translations"
WINDOW, CORE = "window", "core"
# What is read on the command line, or in the papers of a dataset, and stays English there; lists of words.
ENGLISH = re.compile(
    r"desktop/(cli\w*|__main__|languages|furniture|columns|intake|preview)\.py"
    r"|desktop/datasets/(card|card_splits|loading|charts|croissant|manifest|markdown|papers|training|statistics|origin|agreement)\.py"
    r"|desktop/formats/(spacy_config|tokens|counting|parquet|cas|huggingface)\.py|desktop/store/(carving|migrate)\.py"
)
# Files whose names are shown.
NAMING = ("desktop/settings.py", "desktop/mapping.py", "desktop/formats/traits.py")
# Calls whose literal is a sentence even where it is a single word, by the places of their arguments.
SAYING = {
    "UserError": (0, 1), "UsageError": (0, 1), "Check": (2, 4), "CorpusCheck": (2, 4), "SplitCheck": (2, 4), "step": (0,),
    "title": (0,), "Start": (1, 2),
}  # fmt: skip
_CODE = re.compile(
    r"SELECT |INSERT |DELETE |UPDATE |PRAGMA |CREATE |COPY |WHERE|= \?|\bAND\b|\(\?P|\\[dsw]|^--|[<>]=? ?\?|%s"
)
_FIELD, _LETTERS = re.compile(r"\{\w+\}"), re.compile("[A-Za-z]{2}")
_WORDS = re.compile(r"[A-Za-z]{2,}['’]?[a-z]* (?:.*[a-z]{2,})?")


@dataclass(frozen=True)
class Text:
    """A text and where it stands; `one` is its singular where it has a number."""

    context: str
    text: str
    file: str
    line: int
    one: str = ""


def texts(root: Path = ROOT) -> list[Text]:
    """All there is to translate, each text once."""
    found: dict[tuple[str, str, str], Text] = {}
    for half, read in (("ui", of_window), ("desktop", of_core), ("ui", of_steps)):
        for path in sorted((root / half).rglob("*.py")):
            file = path.relative_to(root).as_posix()
            for text in read(ast.parse(path.read_bytes()), file):
                found.setdefault((text.context, text.text, text.one), text)
    return list(found.values())


def called(node: ast.AST) -> str:
    """The name of what a call calls."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def of_window(tree: ast.AST, file: str) -> Iterator[Text]:
    for node in ast.walk(tree):
        name = called(node)
        if not isinstance(node, ast.Call) or name not in ("tr", "later", "plural", "forms", "Action"):
            continue
        given = node.args[1:2] if name == "Action" else node.args[: 2 if name in ("plural", "forms") else 1]
        literals = [literal for argument in given for literal in strings(argument)]
        if name in ("plural", "forms"):
            if len(literals) == 2:
                yield Text(WINDOW, literals[1], file, node.lineno, literals[0])
        else:
            yield from (Text(WINDOW, literal, file, node.lineno) for literal in literals)


def strings(node: ast.AST) -> Iterator[str]:
    """The literals that an argument may be: itself, or those of a choice between two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)


def of_core(tree: ast.AST, file: str) -> Iterator[Text]:
    """The sentences of a module of the core, values as named fields."""
    if ENGLISH.fullmatch(file):
        return
    if file in NAMING:
        yield from (Text(CORE, re.sub("[_-]", " ", name), file, line) for name, line in names_of(tree))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            around = parents[node]
            if isinstance(
                around, ast.Expr | ast.JoinedStr | ast.FormattedValue | ast.Compare | ast.Subscript
            ):
                continue
            said = isinstance(around, ast.Call) and any(
                place < len(around.args) and around.args[place] is node
                for place in SAYING.get(called(around), ())
            )
            for one in sentences(node):
                if reads(one) or (said and _LETTERS.search(_FIELD.sub("", one))):
                    yield Text(CORE, one, file, node.lineno)


def names_of(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The names that a table gives to people: of settings, and of what can be chosen."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and called(node.value or node) == "Field"
        ):
            yield node.target.id, node.lineno
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Name)
            and node.value.id == "Literal"
        ):
            yield from ((name, node.lineno) for one in ast.walk(node.slice) for name in strings(one))
        if isinstance(node, ast.Call) and called(node) == "Option":
            yield from (
                (name, node.lineno)
                for one in node.args
                if isinstance(one, ast.Tuple)
                for value in one.elts
                for name in strings(value)
            )


def of_steps(tree: ast.AST, file: str) -> Iterator[Text]:
    """The titles of steps that the window makes itself: of the scheme and of the guidelines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = ast.unparse(node.func).rpartition("self.")[2]
            given = {"_edit": node.args[0], "_edit_label": node.args[0], "set_asked.emit": node.args[-1]}.get(
                name
            )
            for title in sentences(given) if given else ():
                yield Text(CORE, title.replace("{}", "label {label}"), file, node.lineno)


def reads(text: str) -> bool:
    """Whether it is a sentence, or a part of one, and not code."""
    return not _CODE.search(text) and bool(_WORDS.search(_FIELD.sub("", text)))


def sentences(node: ast.AST) -> list[str]:
    """A literal, or an f-string with its values as named fields; one for each way where it chooses between literals."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) and "{" not in node.value.replace("{}", "") else []
    ways, names = [""], dict[str, str]()
    for part in node.values if isinstance(node, ast.JoinedStr) else ():
        if isinstance(part, ast.Constant):
            ways = [way + str(part.value) for way in ways]
        elif isinstance(part, ast.FormattedValue):
            choice = [*strings(part.value)] if isinstance(part.value, ast.IfExp) else []
            ways = [way + one for way in ways for one in (choice or [field(part.value, names)])]
    return ways if any(ways) else []


def field(value: ast.AST, names: dict[str, str]) -> str:
    """The field that stands for a value, by the last name in it; another value of that name gets a number."""
    code = ast.unparse(value)
    found = [
        one
        for one in re.findall(r"[A-Za-z]\w*", re.sub(r"'[^']*'", "", code))
        if one not in ("len", "str", "for", "in", "if", "else")
    ]
    name = (found[-1] if found else "value").lower()
    while names.get(name, code) != code:
        name += "2"
    names[name] = code
    return f"{{{name}}}"


def write(path: Path, language: str, found: Iterable[Text]) -> tuple[int, int]:
    """Bring a .ts file up to date; returns how many texts it has and how many of them are not translated yet."""
    known = dict(translated(path)) if path.is_file() else {}
    top = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict[str, ElementTree.Element] = {}
    missing = count = 0
    for text in found:
        if text.context not in contexts:
            contexts[text.context] = ElementTree.SubElement(top, "context")
            ElementTree.SubElement(contexts[text.context], "name").text = text.context
        message = ElementTree.SubElement(
            contexts[text.context], "message", {"numerus": "yes"} if text.one else {}
        )
        ElementTree.SubElement(message, "location", filename=f"../../{text.file}", line=str(text.line))
        ElementTree.SubElement(message, "source").text = text.text
        if text.one:
            ElementTree.SubElement(message, "comment").text = text.one
        forms = known.get((text.context, text.text, text.one), [])
        translation = ElementTree.SubElement(message, "translation", {} if forms else {"type": "unfinished"})
        if text.one:
            for form in forms or [""]:
                ElementTree.SubElement(translation, "numerusform").text = form
        else:
            translation.text = forms[0] if forms else ""
        missing, count = missing + (not forms), count + 1
    ElementTree.indent(top)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
        + ElementTree.tostring(top, "utf-8")
        + b"\n"
    )
    return count, missing


def translated(path: Path) -> Iterator[tuple[tuple[str, str, str], list[str]]]:
    """What a .ts file has translated: the forms of each text."""
    for context in ElementTree.parse(path).iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None:
                continue
            several = [one.text or "" for one in translation.iter("numerusform")]
            forms = several or [translation.text or ""]
            if all(forms):
                name, text, one = (
                    context.findtext("name"),
                    message.findtext("source"),
                    message.findtext("comment"),
                )
                yield (name or "", text or "", one or ""), forms


def compile_(path: Path) -> None:
    """Make the .qm that Qt reads; what is not translated is not in it."""
    import PySide6  # noqa: PLC0415

    tool = next(Path(PySide6.__file__).parent.rglob("lrelease*"))
    subprocess.run(
        [str(tool), "-silent", "-nounfinished", str(path), "-qm", str(path.with_suffix(".qm"))], check=True
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("language", help="its code, such as ar or pt_BR")
    asked = parser.parse_args()
    path = FOLDER / f"tagline_{asked.language}.ts"
    count, missing = write(path, asked.language, texts())
    compile_(path)
    print(f"{path.relative_to(ROOT)}: {count} texts, {missing} not translated yet")
    return 0


if __name__ == "__main__":
    sys.exit(main())
