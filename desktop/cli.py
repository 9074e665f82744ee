"""The command line: everything but showing. Each subcommand takes --json: one object on standard output, then."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop import (
    __version__,
    cli_check,
    cli_export,
    cli_purge,
    cli_splits,
    columns,
    intake,
    longjson,
    mapping,
    projects,
    settings,
    templates,
)
from desktop.bundle import Report
from desktop.datasets.export import as_json
from desktop.errors import Cancelled, UsageError, UserError
from desktop.exporting import export_project
from desktop.formats import readable
from desktop.intake import counted
from desktop.session import Session
from desktop.store import queries

LONGEST_NAME = 200
Result = tuple[int, dict[str, Any], list[str]]
"""Exit code, the object for --json, the lines for people."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns its exit code: 0 done, 1 a problem in data or file, 2 wrong usage."""
    arguments = parser().parse_args(argv)
    _never_fail_to_print()
    try:
        with _stoppable():
            code, result, lines = arguments.run(arguments)
    except UserError as error:
        return _fail(error, as_json=arguments.json)
    except (Cancelled, KeyboardInterrupt):
        return _fail(UserError("stopped; nothing was changed"), as_json=arguments.json)
    try:
        if arguments.json:
            _print_json(result)
        else:
            print("\n".join(lines))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has read enough (head); the work is done all the same
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(code)


@contextmanager
def _stoppable() -> Iterator[None]:
    """A request to end, or a terminal that is closed, stops the work as Ctrl+C does: nothing half done is left behind."""
    wanted = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {}
    with suppress(ValueError):  # only the main thread may ask for signals
        # Who started the program so that it outlives the terminal (nohup) has SIGHUP passed over.
        before = {
            each: signal.signal(each, signal.default_int_handler)
            for each in wanted
            if signal.getsignal(each) is signal.SIG_DFL
        }
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _never_fail_to_print() -> None:
    # File names may hold bytes that are no characters, and a terminal may know ASCII only.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _print_json(result: dict[str, Any]) -> None:
    # Only UTF-8 can carry everything; elsewhere JSON's own escapes must.
    readable = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") == "utf8"
    sys.stdout.writelines(longjson.pieces(result, ascii_only=not readable, depth=None))
    print(flush=True)


def _fail(error: UserError, *, as_json: bool) -> int:
    if as_json:
        _print_json({"error": error.as_dict()})
    print(f"tagline: {error}", file=sys.stderr)
    return 2 if isinstance(error, UsageError) else 1


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tagline",
        description="Tag articles on the desktop, offline. Without a subcommand: tagline [PROJECT] opens the window.",
    )
    parser.add_argument("--version", action="version", version=f"tagline {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _new(_add(commands, "new", "make a project", _run_new))
    _import(_add(commands, "import", "bring articles and labels into a project", _run_import))
    cli_export.add_arguments(_add(commands, "export", "write a dataset", _run_export))
    cli_check.add_arguments(_add(commands, "check", "check a project file and its labels", _run_check))
    cli_splits.add_arguments(
        _add(commands, "splits", "list and change kept splits, groups and stories", _run_splits)
    )
    _add(commands, "recover", "make a new project of what can be read of a damaged one", _run_recover)
    cli_purge.add_arguments(
        _add(commands, "purge", "remove an article or an annotator for good, not to be undone", _run_purge)
    )
    _add(commands, "info", "count what a project holds", _run_info)
    tour = commands.add_parser("tour", help="do the whole job through the real window, with screenshots")
    tour.add_argument("folder", metavar="FOLDER", type=Path, help="where the pictures go")
    tour.add_argument("--json", action="store_true", help="print one JSON object")
    tour.set_defaults(run=_run_tour)
    return parser


def _add(commands: Any, name: str, help: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=help, description=help.capitalize() + "."
    )
    parser.add_argument("project", metavar="PROJECT", type=Path, help="a .tagline file")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)
    return parser


def _new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--scheme",
        type=Path,
        metavar="FILE",
        help="labels of your own (JSON); else event, actor, location, claim",
    )
    parser.add_argument(
        "--sample", action="store_true", help="with the five sample articles and their reference labels"
    )


def _import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a file or folder")
    parser.add_argument("--format", choices=[f.id for f in readable()], help="else the file's name tells")
    parser.add_argument(
        "--annotator", metavar="NAME", help="whose labels they are where the file does not say"
    )
    parser.add_argument("--encoding", metavar="NAME", help="of plain text; else found out")
    parser.add_argument(
        "--unknown", choices=["skip", "add"], default="skip", help="labels that the scheme does not have"
    )
    parser.add_argument("--map", action="append", default=[], metavar="OLD=NEW", dest="names",
                        help="bring in a label, relation type or attribute (label.attribute) under another name of the "
                        "scheme, or add it; OLD= leaves it out; may be given several times")  # fmt: skip
    parser.add_argument("--column", action="append", default=[], metavar="FIELD=COLUMN", dest="columns",
                        help=f"which column of a table is the {', '.join(columns.FIELDS)}; =COLUMN leaves one out; the others are "
                        "guessed, and remembered")  # fmt: skip
    parser.add_argument("--changed", choices=["skip", "add"], default="skip",
                        help="files that held another text when they were imported before")  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")


def _open(arguments: argparse.Namespace, *, writing: bool) -> Session:
    opening = projects.open_project if writing else projects.open_anyhow
    return opening(arguments.project, _annotator(arguments))


def _annotator(arguments: argparse.Namespace) -> str:
    given: str | None = getattr(arguments, "annotator", None)
    if given is None:
        return settings.load().name
    name = given.strip()
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        problem = "is empty" if not name else "is too long or holds characters that are none"
        raise UsageError(f"the annotator's name {problem}", f"use a name of up to {LONGEST_NAME} characters")
    return name


def _run_tour(arguments: argparse.Namespace) -> Result:
    raise UsageError(
        "the tour needs the window, which this command does not have", "run: tagline tour FOLDER"
    )


def _run_new(arguments: argparse.Namespace) -> Result:
    session = projects.create(arguments.project, settings.load().name, arguments.scheme or projects.STARTS[0])
    report = Report()
    try:
        if arguments.sample:
            report = projects.add_sample(session, labels=True)
        info = queries.info(session.store)
    finally:
        session.store.close()
    _tell_skipped(report)
    counts = f"{counted(info['articles'], 'article')}, {counted(info['spans'], 'label')}"
    result = {"project": str(arguments.project), **info, "skipped": report.skipped}
    return (1 if report.skipped else 0), result, [f"Made {arguments.project}: {counts}."]


def _run_import(arguments: argparse.Namespace) -> Result:
    preferences = settings.load()
    wishes = intake.Wishes(
        arguments.paths, arguments.format, arguments.encoding, columns.parse(arguments.columns), preferences.columns,
        arguments.unknown, mapping.parse(arguments.names), arguments.changed,
    )  # fmt: skip
    session = _open(arguments, writing=True)
    preview = None
    try:
        if arguments.dry_run:
            preview = intake.look(session, wishes, session.annotator, _progress)
        report = preview.report if preview else intake.bring_in(session, wishes, session.annotator, _progress)
    finally:
        session.store.close()
    _tell_skipped(report)
    for name in wishes.names.unused(report):
        print(f"tagline: --map {name}: no file uses that name; check its spelling", file=sys.stderr)
    if wishes.columns and not arguments.dry_run and report.articles:
        for row in report.columns:
            preferences.remember_columns(row["header"], row["fields"])
        settings.save(preferences)
    code = 1 if report.skipped else 0
    if preview:
        return code, preview.as_json(), intake.preview_lines(preview)
    return code, asdict(report), intake.lines(report)


def _progress(done: int) -> None:
    if done and done % 500 == 0 and sys.stderr.isatty():
        print(f"{done} articles …", file=sys.stderr)


def _tell_skipped(report: Report) -> None:
    for row in report.skipped:
        print(f"tagline: {intake.place(row)}: skipped: {row['reason']}", file=sys.stderr)


def _run_export(arguments: argparse.Namespace) -> Result:
    session = _open(arguments, writing=arguments.save_template is not None)
    try:
        template = (
            templates.load(session.store, arguments.template) if arguments.template is not None else None
        )
        options = cli_export.options_of(arguments, template)
        if arguments.save_template is not None:
            templates.tidy(arguments.save_template)  # before anything is written
        outcome = export_project(session, arguments.folder, options)
        if arguments.save_template is not None:
            templates.save(session, arguments.save_template, options)
    finally:
        session.store.close()
    result = as_json(outcome)
    return 0, result, cli_export.lines(result)


def _run_check(arguments: argparse.Namespace) -> Result:
    repair = arguments.repair
    return cli_check.run(
        lambda: _open(arguments, writing=repair or bool(arguments.fix)), repair=repair, fix=arguments.fix
    )


def _run_splits(arguments: argparse.Namespace) -> Result:
    session = _open(arguments, writing=cli_splits.changes(arguments))
    try:
        return cli_splits.run(session, arguments)
    finally:
        session.store.close()


def _run_recover(arguments: argparse.Namespace) -> Result:
    return cli_check.recover(arguments.project, _annotator(arguments))


def _run_purge(arguments: argparse.Namespace) -> Result:
    session = projects.open_project(arguments.project, settings.load().name)
    try:
        return cli_purge.run(session, arguments)
    finally:
        session.store.close()


def _run_info(arguments: argparse.Namespace) -> Result:
    session = _open(arguments, writing=False)
    try:
        info = queries.info(session.store)
    finally:
        session.store.close()
    lines = [f"{name.replace('_', ' ')}: {_shown(value)}" for name, value in info.items()]
    return 0, info, lines


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or "none"
    return ", ".join(value) or "none" if isinstance(value, list) else str(value)
