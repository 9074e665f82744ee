"""The line all modules stand in, and the walls between them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# A module imports only from rows above its own; modules in one row do not know each other. A package's name stands for its
# __init__.py. A new module needs a place here; a name may stand here before its file is written.
LINE = """
desktop
desktop.errors  desktop.openfiles  desktop.longjson
desktop.scratch
desktop.model  desktop.colours
desktop.text  desktop.languages
desktop.decoding  desktop.furniture  desktop.columns  desktop.likeness
desktop.spans
desktop.occurrences
desktop.growth  desktop.query  desktop.consistency
desktop.layer
desktop.endpoints

desktop.bundle
desktop.mapping  desktop.sites

desktop.formats.receipt
desktop.formats.base
desktop.formats.traits  desktop.formats.names  desktop.formats.dates  desktop.formats.counting  desktop.formats.texts  desktop.formats.strict  desktop.formats.stretches
desktop.formats.tokens
desktop.formats.iob
desktop.formats.scheme
desktop.formats.spacy_config
desktop.formats.docbin
desktop.formats.docbin_reading
desktop.formats.documents
desktop.formats.documents.base
desktop.formats.documents.plain  desktop.formats.documents.web  desktop.formats.documents.office  desktop.formats.documents.pdf
desktop.formats.documents.word  desktop.formats.documents.mail  desktop.formats.documents.tables
desktop.formats.rows
desktop.formats.parquet
desktop.formats.jsonl  desktop.formats.huggingface
desktop.formats.cas
desktop.formats.cas_loading
desktop.formats.cas_reading
desktop.formats.objects
desktop.formats.own
desktop.formats.conll  desktop.formats.brat  desktop.formats.doccano  desktop.formats.prodigy  desktop.formats.labelstudio  desktop.formats.gliner  desktop.formats.csvtables
desktop.formats.conll_reading  desktop.formats.brat_reading  desktop.formats.labelstudio_reading  desktop.formats.csvtables_reading  desktop.formats.gliner_reading
desktop.formats.rows_reading
desktop.formats
desktop.archives  desktop.exported
desktop.sources

desktop.store.rows
desktop.store.tally  desktop.store.journal  desktop.store.migrate  desktop.store.lock  desktop.store.drives
desktop.store.header
desktop.store.carving
desktop.store.access
desktop.store.store
desktop.store.copying  desktop.store.layers  desktop.store.lines  desktop.store.removed
desktop.store.verify  desktop.store.backups  desktop.store.compare
desktop.store.queries
desktop.store.kin
desktop.store

desktop.sifting

desktop.session

desktop.commands  desktop.imports  desktop.details  desktop.repairs  desktop.compaction  desktop.recycling  desktop.purge
desktop.shelf  desktop.preview  desktop.splitting  desktop.guidelines
desktop.intake
desktop.repeats
desktop.searching
desktop.form_search
desktop.scheme_edits
desktop.history  desktop.scheme_steps  desktop.figures  desktop.salvage

desktop.datasets.tied
desktop.datasets.setjoin
desktop.datasets.cosines
desktop.datasets.origin  desktop.datasets.likeness  desktop.datasets.distinct  desktop.datasets.steps  desktop.datasets.examples  desktop.datasets.markdown
desktop.datasets.groups  desktop.datasets.splits
desktop.datasets.options  desktop.datasets.allot
desktop.datasets.stories
desktop.datasets.picking
desktop.datasets.findings  desktop.datasets.staging  desktop.datasets.survey
desktop.datasets.span_checks  desktop.datasets.corpus_checks  desktop.datasets.split_checks
desktop.datasets.checks
desktop.datasets.statistics  desktop.datasets.agreement  desktop.datasets.jobs
desktop.datasets.charts  desktop.datasets.manifest  desktop.datasets.croissant  desktop.datasets.verify  desktop.datasets.training
desktop.datasets.card_splits  desktop.datasets.loading
desktop.datasets.writing  desktop.datasets.card
desktop.datasets.papers
desktop.datasets.export
desktop.datasets
desktop.exporting  desktop.templates  desktop.fixing  desktop.outlook

desktop.paths
desktop.settings  desktop.places
desktop.skips
desktop.projects
desktop.cli_export  desktop.cli_check  desktop.cli_purge  desktop.cli_splits
desktop.receipts
desktop.cli
desktop.__main__

ui
ui.qtlibs
ui.offsets
ui.style  ui.words
ui.asking
ui.translation
ui.work
ui.theme
ui.parts
ui.report

ui.arcs  ui.readmark
ui.blocks
ui.flow
ui.sheet  ui.heading
ui.marks
ui.paper
ui.page
ui.moves
ui.caret
ui.abi  ui.spoken
ui.accessible
ui.textview

ui.column  ui.lull  ui.ahead  ui.garbage
ui.matching
ui.fields  ui.rows  ui.keymap  ui.badges  ui.ties
ui.span_filter
ui.article_card  ui.span_list  ui.guidelines
ui.article_filters  ui.article_list
ui.articles  ui.span_card
ui.inspector_pages  ui.history_page
ui.fold  ui.export_formats  ui.export_picks  ui.export_templates
ui.export_splits
ui.inspector  ui.welcome  ui.dialogs  ui.keys_dialog  ui.export_form
ui.export_dialog  ui.new_dialog  ui.typesetting  ui.reading  ui.details_dialog  ui.import_pages  ui.pasting
ui.import_names  ui.import_article
ui.import_preview
ui.about

ui.labelling
ui.relating  ui.toolbar  ui.statusline  ui.label_keys
ui.hits  ui.repeats_bar  ui.offers  ui.query_bar  ui.search_run
ui.hits_table  ui.hit_bar  ui.repeat_steps
ui.concordance
ui.concordance_flow
ui.repeats
ui.first_steps
ui.charts  ui.question
ui.laid_page
ui.statistics_page
ui.statistics_flow
ui.attribute_menu  ui.pages  ui.colour_field  ui.scheme_questions
ui.attribute_form  ui.relation_form
ui.label_form
ui.scheme_page  ui.list_page
ui.check_page  ui.receipt_page  ui.splits_page
ui.scheme_flow  ui.repair_flow  ui.backup_flow  ui.recovery_flow  ui.check_flow  ui.receipt_flow  ui.splits_flow  ui.upkeep  ui.purge_flow  ui.bin_flow
ui.care
ui.actions
ui.resume
ui.going
ui.export_flow
ui.longwork  ui.saving  ui.browsing  ui.projects  ui.transfer  ui.article_flow  ui.undoing  ui.help  ui.palette  ui.past
ui.panels  ui.late
ui.window
ui.app
ui.driver
ui.tour
ui.__main__
"""
ROWS = [row.split() for row in LINE.strip().splitlines() if row]
PLACE = {module: place for place, row in enumerate(ROWS) for module in row}

QT = {"PySide6", "shiboken6", "PyQt5", "PyQt6", "PySide2"}
# Imported where they are used, so that the start stays quick.
HEAVY = {"spacy", "charset_normalizer", "datasets", "cassis", "lxml", "duckdb"}
TOP = {
    "pyproject.toml", "desktop", "ui", "resources", "tests", "seeds", "packaging",
    "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md", "LICENSE",
}  # fmt: skip
NO_PACKAGES = ("packaging", "resources", "seeds", "tests")
QT_TEXT = re.compile(r"textCursor|\butf[-_]?16")  # an encoding, not a name such as to_utf16
MOST_LINES_IN_FILE, MOST_LINES_IN_FUNCTION = 400, 60


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {
    module_name(path): path for half in ("desktop", "ui") for path in sorted((ROOT / half).rglob("*.py"))
}
TREES = {module: ast.parse(path.read_bytes(), str(path)) for module, path in FILES.items()}


def name(module: str) -> str:
    """Its file, as the reader of a failure wants it."""
    return FILES[module].relative_to(ROOT).as_posix()


def imports(module: str) -> Iterator[tuple[str, int]]:
    """Each module that `module` imports anywhere in its file, and the line. An import of our own is of the longest known name.

    What is imported under TYPE_CHECKING names a type and makes no order: left out.
    """
    typing_only = {
        inner
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(TREES[module]):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{name(module)}:{node.lineno}: write the import in full, from desktop or ui"
            )
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield (inner if inner in FILES else str(node.module)), node.lineno


def imports_of(half: str) -> list[tuple[str, str, str]]:
    """All imports of one half: the module, what it imports, and where it says so."""
    modules = [module for module in FILES if module.split(".")[0] == half]
    return [(module, what, f"{name(module)}:{line}") for module in modules for what, line in imports(module)]


def top(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def none_of(offenders: Iterable[str]) -> None:
    __tracebackhide__ = True
    found = sorted(offenders)
    assert not found, "\n" + "\n".join(found)


def test_every_module_has_a_place_in_the_line() -> None:
    none_of(f"{module}: give it a row in LINE" for module in FILES.keys() - PLACE.keys())


def test_no_module_stands_in_the_line_twice() -> None:
    assert len(PLACE) == sum(map(len, ROWS))


@pytest.mark.parametrize("half", ["desktop", "ui"])
def test_modules_import_only_from_above(half: str) -> None:
    none_of(
        f"{where}: {module} imports {what}"
        for module, what, where in imports_of(half)
        if module in PLACE and what in PLACE and PLACE[what] >= PLACE[module]
    )


def test_desktop_imports_neither_qt_nor_ui() -> None:
    none_of(f"{where}: {what}" for _, what, where in imports_of("desktop") if top(what) in QT | {"ui"})


def test_qtlibs_imports_no_qt() -> None:
    none_of(what for what, _ in imports("ui.qtlibs") if top(what) in QT)


def loaded_by(modules: Iterable[str]) -> set[str]:
    """The top-level modules that a fresh Python has loaded after importing these."""
    program = f"import importlib, sys\nfor name in {list(modules)!r}: importlib.import_module(name)\nprint(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return {top(module) for module in result.stdout.split()}


def test_desktop_loads_neither_qt_nor_heavy_libraries() -> None:
    loaded = loaded_by([module for module in FILES if top(module) == "desktop"])
    assert loaded & (QT | HEAVY | {"ui"}) == set()


def test_the_console_script_loads_qt_only_when_it_needs_a_window() -> None:
    modules = [module for module in ("ui", "ui.qtlibs", "ui.__main__") if module in FILES]
    assert loaded_by(modules) & (QT | HEAVY) == set()


def test_only_the_store_imports_sqlite3() -> None:
    everything = imports_of("desktop") + imports_of("ui")
    none_of(where for module, what, where in everything if top(what) == "sqlite3" and not in_store(module))


def in_store(module: str) -> bool:
    return module == "desktop.store" or module.startswith("desktop.store.")


def test_only_offsets_knows_how_qt_counts() -> None:
    none_of(
        f"{name(module)}:{number}: {line.strip()}"
        for module, path in FILES.items()
        if top(module) == "ui" and module != "ui.offsets"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if QT_TEXT.search(line)
    )


@pytest.mark.parametrize("folder", NO_PACKAGES)
def test_folders_that_must_not_be_packages(folder: str) -> None:
    none_of(map(str, (ROOT / folder).rglob("__init__.py")))


def test_only_known_entries_at_the_top() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    entries = {entry.split("/")[0] for entry in listed.stdout.split("\0") if entry}
    none_of(entry for entry in entries - TOP if not entry.startswith("."))


def test_files_stay_short() -> None:
    lengths = {name(module): len(path.read_text("utf-8").splitlines()) for module, path in FILES.items()}
    none_of(f"{file}: {lines} lines" for file, lines in lengths.items() if lines > MOST_LINES_IN_FILE)


def test_functions_stay_short() -> None:
    none_of(
        f"{name(module)}:{node.lineno}: {node.name} has {lines} lines"
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_LINES_IN_FUNCTION
    )
