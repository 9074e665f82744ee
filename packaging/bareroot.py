"""An empty Debian with the built program in it and nothing else, without a network. Linux, as root, with debootstrap.

Every run has its own mounts, processes and network of its own with nothing in it; all of them are gone when it ends.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

SUITE = "bookworm"
PERSON = "anna"
HOME = f"/home/{PERSON}"
_SCREENS = "/tmp/.X11-unix"


class BareRoot:
    """A root folder. `run` goes as a person without rights, unless as "root"."""

    def __init__(self, path: Path, base: Path | None = None) -> None:
        """A new root at `path`; `base` is an unpacked minimal Debian to copy, else debootstrap fetches one."""
        self.path = path.absolute()
        if base:
            _call("cp", "-a", str(base), str(self.path))
        else:
            _call("debootstrap", "--variant=minbase", SUITE, str(self.path))
        _call("chroot", str(self.path), "useradd", "--create-home", PERSON)

    def install(self, deb: Path) -> str:
        """Install with what it declares and nothing that it recommends; returns what apt said. Needs the network."""
        name = f"/tmp/{deb.name}"
        shutil.copyfile(deb, self.path / name[1:])
        shutil.copyfile("/etc/resolv.conf", self.path / "etc/resolv.conf")
        command = (
            f"apt-get update -q && apt-get install -q -y --allow-downgrades --no-install-recommends {name}"
        )
        return self.run("sh", "-c", command, who="root", network=True, timeout=900).stdout

    def run(
        self,
        *command: str,
        env: Mapping[str, str] | None = None,
        who: str = PERSON,
        network: bool = False,
        expect: int | None = 0,
        timeout: float = 180,
        folder: str = "/tmp",
        read_only: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end. Raises AssertionError with what was said if it ends with another code than `expect` (None: any)."""
        inside = self.command(*command, env=env, who=who, network=network, folder=folder, read_only=read_only)
        said = subprocess.run(inside, capture_output=True, text=True, check=False, timeout=timeout)
        assert expect is None or said.returncode == expect, (
            f"{' '.join(command)}: ended with {said.returncode}\n{said.stdout[-2000:]}{said.stderr[-4000:]}"
        )
        return said

    def start(self, *command: str, env: Mapping[str, str] | None = None) -> Running:
        """Start and go on."""
        return Running(self.command(*command, env=env))

    def command(
        self,
        *command: str,
        env: Mapping[str, str] | None = None,
        who: str = PERSON,
        network: bool = False,
        folder: str = "/tmp",
        read_only: str = "",
    ) -> list[str]:
        """The whole command line. `env` is the whole environment but PATH; `read_only` a folder that cannot be written."""
        root = shlex.quote(str(self.path))
        variables = [f"{name}={value}" for name, value in (default_env() if env is None else env).items()]
        steps = [f"mount -t proc proc {root}/proc", f"mkdir -p {root}{_SCREENS}"]
        if Path(_SCREENS).is_dir():
            steps.append(f"mount --bind {_SCREENS} {root}{_SCREENS}")
        if read_only:
            place = shlex.quote(f"{self.path}{read_only}")
            steps += [f"mount --bind {place} {place}", f"mount -o remount,ro,bind {place}"]
        inner = [
            "chroot", *([] if who == "root" else [f"--userspec={who}:{who}"]), str(self.path),
            "env", "-i", "-C", folder, "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *variables, *command,
        ]  # fmt: skip
        steps.append(f"exec {shlex.join(inner)}")
        spaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child", *([] if network else ["--net"])]
        return [*spaces, "sh", "-e", "-c", "\n".join(steps)]

    def own(self, path: Path) -> None:
        """Give what was put into the root to the person."""
        _call(
            "chroot", str(self.path), "chown", "-R", f"{PERSON}:{PERSON}", f"/{path.relative_to(self.path)}"
        )


class Running:
    """A program that goes on; `end` closes it and what it started."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> str:
        """Close it; returns what it said."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            return self._process.communicate(timeout=10)[0]
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            return self._process.communicate()[0]


class Screen:
    """A virtual screen that programs in the root reach at `name`."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1500x960x24", "-nolisten", "tcp", "-ac"],
            pass_fds=(writing,), stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as stream:
            self.name = f":{stream.readline().strip()}"

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)


def default_env() -> dict[str, str]:
    return {"HOME": HOME, "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}


def _call(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
