"""Translation: every text is found, every sentence of the core is known again, and the language is the person's."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import invented
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ui import translation
from ui.translation import CoreTranslator, Pattern, core_sentences
from ui.words import plural, retold, tr

ROOT = Path(__file__).parents[2]

script, pseudo = invented.script, invented.pseudo
TEXTS = script.texts(ROOT)
WINDOW = [text for text in TEXTS if text.context == "window"]
CORE = [text for text in TEXTS if text.context == "core"]
TITLES = {
    (text.file, text.line)
    for path in (ROOT / "ui").glob("*.py")
    for text in script.of_steps(ast.parse(path.read_bytes()), path.name)
}

# Files whose texts are read by nobody in the window: hands for tests, the command line, style sheets.
UNSEEN = {
    "driver", "tour", "__main__", "qtlibs", "abi", "offsets", "style", "theme", "translation", "app", "blocks",
}  # fmt: skip
# What stays English, and why: reports are read by those who mend the program; step titles are data of the project.
ENGLISH = {
    ("report", "describe"), ("report", "told"), ("about", "diagnostics"), ("about", "said_of_log"), ("about", "versions"),
    ("about", "licence_texts"), ("report", "write_log"),
}  # fmt: skip
# Names of states, the beginning of a reason that the core gives, titles of steps: data, which is translated where it is shown.
DATA = {"annotator ", "not saved", "read only", "changed: this file", "label ", "Recolour label "}
SHOWING = {
    "setText", "setToolTip", "setWindowTitle", "setPlaceholderText", "setAccessibleName", "setAccessibleDescription",
    "setTitle", "addMenu", "addItem", "addButton", "setTabText", "setTabToolTip", "setStatusTip", "showMessage",
    "setInformativeText", "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QMenu", "ListRow", "SearchField", "NoteEdit",
    "LineEdit", "RowsView", "Card", "Bars", "Columns", "Segments", "heading", "muted", "say", "info", "error", "ask",
    "getOpenFileName", "getSaveFileName", "getExistingDirectory", "add_tool", "UserError", "setMarkdown", "show_detail", "_caption", "captioned", "_captioned", "_heading", "_muted", "_quiet",
}  # fmt: skip
# Names that are the same in every language, and signs.
NAMES = re.compile(
    r"Tagline|https?:.*|[\W\d_]*|.|Inter|Source Serif 4|L?GPL 3|\W*(Esc|Enter|Backspace|[FN])\W*"
)


def around(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def literals(tree: ast.AST) -> Iterator[tuple[ast.AST, str, list[ast.AST]]]:
    """Each string that is no docstring, with its words and what stands around it, inside first."""
    parents = around(tree)
    for node in ast.walk(tree):
        inside = parents.get(node)
        if isinstance(inside, ast.JoinedStr | ast.FormattedValue | ast.Expr):
            continue
        if isinstance(node, ast.JoinedStr):
            said = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = node.value
        else:
            continue
        chain = []
        while inside is not None:
            chain.append(inside)
            inside = parents.get(inside)
        yield node, said, chain


def untranslated(path: Path) -> Iterator[str]:
    """Literals that are shown to people, or read like a sentence, and are not marked."""
    for node, said, chain in literals(ast.parse(path.read_bytes())):
        calls = [script.called(one) for one in chain if isinstance(one, ast.Call)]
        inside = next((one.name for one in chain if isinstance(one, ast.FunctionDef)), "")
        if {"tr", "plural", "later", "forms", "Action", "AssertionError", "setStyleSheet"} & set(calls):
            continue
        if (
            (path.stem, inside) in ENGLISH
            or NAMES.fullmatch(said)
            or re.search(r"[{;#]\s*$|: \d|SELECT", said)
        ):
            continue
        if {"_edit", "_edit_label"} & set(calls[:1]) or "Assert" in {type(one).__name__ for one in chain}:
            continue
        call = next((one for one in chain if not isinstance(one, ast.IfExp)), None)
        shown = isinstance(call, ast.Call) and bool(call.args) and script.called(call) in SHOWING
        if said in DATA or (path.name, getattr(node, "lineno", 0)) in TITLES:
            continue
        if shown and script.called(call) in ("addItem", "ListRow") and node in call.args[1:2]:
            continue
        if (shown and re.search(r"[a-z]{2}", said)) or (
            script.reads(said) and not re.search(r"px|color:|^<|background", said)
        ):
            yield f"{path.name}:{getattr(node, 'lineno', 0)}: {said!r}"


def test_every_text_of_the_window_is_marked_for_translation() -> None:
    files = [path for path in sorted((ROOT / "ui").glob("*.py")) if path.stem not in UNSEEN]
    assert [found for path in files for found in untranslated(path)] == []


def test_a_text_that_is_not_marked_is_found(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text(
        'def f(label, n, name):\n    """A docstring."""\n    label.setText("Missing")\n    label.setText(tr("There"))\n'
        '    told = f"{n} things were left {name}"\n    label.setToolTip("Back" if n else tr("On"))\n    label.setObjectName("edge")\n'
    )
    found = sorted(line.split(": ", 1)[1] for line in untranslated(path))
    assert found == ["' things were left '", "'Back'", "'Missing'"]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_sentences_are_whole_with_named_fields() -> None:
    for text in WINDOW:
        where = f"{text.file}:{text.line}: {text.text!r}"
        assert text.text == text.text.strip() or "|" in text.text, (
            f"{where} is glued to what stands beside it"
        )
        assert not re.match(r"[,:;.)·] ?", text.text), f"{where} goes on with what stands before it"
        names = fields(text.text)
        assert all(re.fullmatch(r"[a-z_]+", name) for name in names), (
            f"{where}: a field needs a name that tells"
        )
        assert not text.one or fields(text.one) | {"n"} == names | {"n"}, (
            f"{where}: its singular has other fields"
        )


def test_the_script_finds_what_is_there_and_keeps_what_is_translated(tmp_path: Path) -> None:
    assert len(WINDOW) > 700 and len(CORE) > 500
    known = {text.text for text in TEXTS}
    assert {
        "&Undo",
        "&File",
        "● Saved",
        "{n} articles",
        "Label {label}: {quote}",
        "Recolour label {name}",
    } <= known
    path = tmp_path / "tagline_de.ts"
    count, missing = script.write(path, "de", TEXTS)
    assert count == missing == len(TEXTS)
    content = path.read_text("utf-8")
    path.write_text(content.replace(
        '<source>&amp;Undo</source>\n      <translation type="unfinished" />',
        "<source>&amp;Undo</source>\n      <translation>&amp;Zurück</translation>",
    ), "utf-8")  # fmt: skip
    assert script.write(path, "de", TEXTS) == (count, count - 1)
    assert "&amp;Zurück" in path.read_text("utf-8")


def test_a_translation_changes_what_is_shown(speak: Any) -> None:
    assert tr("Close") == "Close"
    assert speak("eo-EO", "en-GB") == "eo"
    assert tr("Close") == pseudo("Close")
    assert plural("{n} article", "{n} articles", 1) == pseudo("{n} article").replace("{n} ", "1\u00a0")
    assert plural("{n} article", "{n} articles", 7) == pseudo("{n} articles").replace("{n} ", "7\u00a0")
    assert retold("the article has no text") == pseudo("the article has no text")


def test_the_language_is_the_first_that_there_is(
    speak: Any, app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert speak("fr-FR") == ""
    assert speak("en-GB", "eo") == "", "who reads English best is not given another language"
    assert app.layoutDirection() == Qt.LayoutDirection.LeftToRight
    assert speak("de-DE", "he-IL", "en") == "he"
    assert app.layoutDirection() == Qt.LayoutDirection.RightToLeft
    monkeypatch.setenv(translation.VARIABLE, "he")
    assert translation.wanted() == ["he"]


# The core

VALUES = ("Iraqi army", "3", "الجيش", "a, b", "‘x’")


def test_the_core_is_understood_with_its_values_in_it(translator: CoreTranslator) -> None:
    for text in CORE:
        values = dict(zip(sorted(fields(text.text)), VALUES * 2, strict=False))
        said = text.text.format(**values)
        told = translator.translate("core", said)
        # Another sentence may be as near, but every value is still in it.
        assert told and told.startswith("‹") and all(value in told for value in values.values()), (said, told)


@pytest.fixture(scope="module")
def translator() -> CoreTranslator:
    return CoreTranslator({text.text: pseudo(text.text) for text in CORE})


def test_a_step_that_names_a_step(translator: CoreTranslator) -> None:
    told = translator.translate("core", "Put the article back to “Label actor: Iraqi army”")
    assert told and told.count("‹") == 2 and "Iraqi army" in told and "Lábél" in told


def test_what_is_no_sentence_of_the_core_stays(translator: CoreTranslator) -> None:
    assert translator.translate("core", "Thursday, the Iraqi army announced that") is None
    assert translator.translate("core", "x" * 5000) is None
    assert translator.translate("window", "the article has no text") is None


def test_a_field_that_comes_twice_is_the_same_twice() -> None:
    pattern = Pattern("{name} and {name}, {n} times")
    assert pattern.values("a and a, 3 times") == {"name": "a", "n": "3"}
    assert pattern.values("a and b, 3 times") is None


def test_sentences_are_read_from_the_file(translations_folder: Path) -> None:
    found = core_sentences(translations_folder / "tagline_eo.ts")
    assert found["the article has no text"] == pseudo("the article has no text")
    assert "Close" not in found
