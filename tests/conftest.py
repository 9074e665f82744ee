"""What holds for every test: folders of its own, and a count of whatever is left out."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import environments
import hypothesis
import pytest

from desktop import openfiles
from ui import qtlibs

USER_FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "APPDATA": "AppData/Roaming",
    "LOCALAPPDATA": "AppData/Local",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
    "XDG_DOCUMENTS_DIR": "Documents",
}
MISSING = pytest.StashKey[Mapping[str, str]]()
LEFT_OUT = pytest.StashKey[Counter[str]]()
PROGRAM = tuple(str(Path(__file__).parents[1] / half) for half in ("desktop", "ui"))
SECOND_OPENS: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all", action="store_true", help="run the slow tests and those that need outside tools too"
    )


def pytest_configure(config: pytest.Config) -> None:
    # The quick run tries the same examples every time, so that what passes here passes anywhere; --all draws new ones, and more.
    everything = config.getoption("--all")
    hypothesis.settings.register_profile(
        "tagline",
        deadline=None,
        derandomize=not everything,
        print_blob=True,
        max_examples=100 if everything else 40,
    )
    hypothesis.settings.load_profile("tagline")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    config.stash[MISSING] = qtlibs.missing_libraries(os.environ["QT_QPA_PLATFORM"])
    config.stash[LEFT_OUT] = Counter()
    if config.getoption("--all"):
        environments.keep_uvs_folder()
    config.add_cleanup(_leave_the_users_folders())
    config.add_cleanup(_compile_once())
    sys.addaudithook(_hear_second_opens)


def _hear_second_opens(event: str, arguments: tuple[Any, ...]) -> None:
    """Whatever in the program opens the file of a project that is open would have its lock dropped."""
    if event not in ("open", "sqlite3.connect") or not openfiles._open:
        return
    if isinstance(arguments[0], int):
        return
    name = unquote(os.fsdecode(arguments[0]).removeprefix("file://").partition("?mode=")[0])
    frame = sys._getframe(1)
    if openfiles.is_open(Path(name)):
        while frame and not frame.f_code.co_filename.startswith(PROGRAM):
            frame = frame.f_back
        if frame:
            SECOND_OPENS.append(f"{name} was opened by {frame.f_code.co_filename}:{frame.f_lineno}")


@pytest.fixture(autouse=True)
def no_second_open() -> Iterator[None]:
    """No code of the program opens the file of an open project a second time, in no test at all."""
    SECOND_OPENS.clear()
    yield
    assert SECOND_OPENS == []


def _leave_the_users_folders() -> Callable[[], None]:
    """Points all of them to a new folder, before a module of the program can have looked; returns the way back."""
    home = tempfile.TemporaryDirectory(prefix="tagline-tests-")
    patch = pytest.MonkeyPatch()
    for name, folder in USER_FOLDERS.items():
        path = Path(home.name, folder)
        path.mkdir(parents=True, exist_ok=True)
        patch.setenv(name, str(path))

    def back() -> None:
        patch.undo()
        home.cleanup()

    return back


def _compile_once() -> Callable[[], None]:
    """Where Python may keep no compiled code, each process that the tests start compiles all it imports, for spaCy some seconds:
    it is kept for the length of the run, for all of them."""
    if not sys.dont_write_bytecode:
        return lambda: None
    kept = tempfile.TemporaryDirectory(prefix="tagline-compiled-", ignore_cleanup_errors=True)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = kept.name
    sys.dont_write_bytecode = False
    return kept.cleanup


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Without Qt's libraries a file that imports Qt cannot even be read; a file that does not is read all the same."""
    if not config.stash[MISSING] or not collection_path.match("test_*.py"):
        return None
    if imports_qt(collection_path):
        config.stash[LEFT_OUT]["files that import Qt"] += 1
        return True
    return False


_called: list[str] = []


def _listen_for_calls(event: str, arguments: tuple[object, ...]) -> None:
    """Python tells of every connection, message and question for a name before it is made."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
    elif event == "socket.getaddrinfo":
        address = arguments[:2]
    else:
        return
    if (
        isinstance(address, tuple)
        and address
        and address[0] not in (None, "", "127.0.0.1", "::1", "localhost")
    ):
        _called.append(f"{event} {address}")


sys.addaudithook(_listen_for_calls)


@pytest.fixture(autouse=True)
def network_calls() -> Iterator[list[str]]:
    """Nothing talks to a network, in no test: a call from a thread that a test left over fails the next one."""
    yield _called
    calls = _called[:]
    _called.clear()
    assert calls == [], "something spoke to a network"


def imports_qt(path: Path) -> bool:
    """Whether a file imports Qt, or the window, which does."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return any(name.startswith(("PySide6", "ui.")) and not name.startswith("ui.qtlibs") for name in names)


@pytest.hookimpl(trylast=True)  # so that marks given by the conftest of a folder are there
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    reasons = [(item, _reason(item, config)) for item in items]
    left_out = [item for item, reason in reasons if reason]
    config.stash[LEFT_OUT].update(reason for _, reason in reasons if reason)
    if left_out:
        items[:] = [item for item, reason in reasons if not reason]
        config.hook.pytest_deselected(items=left_out)
    if config.stash[MISSING]:
        _skip_qt(items, config)


def _skip_qt(items: list[pytest.Item], config: pytest.Config) -> None:
    for item in items:
        if item.get_closest_marker("qt"):
            config.stash[LEFT_OUT]["tests that need Qt"] += 1
            item.add_marker(pytest.mark.skip(reason=qtlibs.explain(config.stash[MISSING])))


def _reason(item: pytest.Item, config: pytest.Config) -> str:
    """Why a test is left out, "" when it is not."""
    everything = config.getoption("--all")
    for mark in item.iter_markers("outside"):
        tool = mark.args[0]
        # What is costly to find out is only asked where the tests would run.
        if (everything or not tool.startswith("environment:")) and _missing(tool):
            return f"tests that need {tool}, which is not installed"
        if not everything:
            return f"tests that need {tool} (--all runs them)"
    if item.get_closest_marker("slow") and not everything:
        return "slow tests (--all runs them)"
    return ""


def _missing(tool: str) -> bool:
    """Whether a program is not in the path; `module:NAME` is a Python module, a name with a slash a file, and
    `environment:NAME` one of tests/environments.py."""
    if tool.startswith("environment:"):
        return not environments.is_there(tool.removeprefix("environment:"))
    if tool.startswith("module:"):
        return importlib.util.find_spec(tool.removeprefix("module:")) is None
    return not Path(tool).exists() if "/" in tool else shutil.which(tool) is None


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left out"] = dict(session.config.stash[LEFT_OUT])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Every process of a run with `-n` collects all tests, so each has counted the same."""
    node.config.stash[LEFT_OUT] |= Counter(getattr(node, "workeroutput", {}).get("left out", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for reason, count in sorted(config.stash[LEFT_OUT].items()):
        terminalreporter.write_line(f"left out: {count} {reason}")
    if config.stash[MISSING]:
        terminalreporter.write_line(qtlibs.explain(config.stash[MISSING]), yellow=True)
