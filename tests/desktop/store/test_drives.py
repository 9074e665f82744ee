"""Where a project lies: on this machine, on a drive that can be pulled out, on another machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop.store import drives
from desktop.store.drives import drive_of, warning

# As /proc/self/mountinfo has them: id, parent, device, root, mount point, options … - file system, source, options.
MOUNTS = """\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 8:17 / /media/ana/MY\\040STICK rw,nosuid shared:2 - vfat /dev/sdb1 rw
31 22 0:40 / /mnt/share rw - cifs //server/share rw
32 22 0:41 / /mnt/share/inner rw - tmpfs tmpfs rw
33 22 0:42 / /home/ana/far rw - fuse.sshfs ana@host: rw
34 22 8:33 / /media/ana/disk rw - ext4 /dev/sdc1 rw
35 22 0:43 / /mnt/nfs rw - nfs4 host:/x rw
a line that is none
"""


@pytest.fixture
def devices(tmp_path: Path) -> Path:
    """/sys/dev/block of a machine with a stick (removable) and a disk in a USB case (which calls itself fixed)."""
    folder = tmp_path / "block"
    folder.mkdir()
    for number, place, removable in (("254:1", "pci/vda/vda1", "0"), ("8:17", "pci/usbless/sdb/sdb1", "1"),
                                     ("8:33", "pci/usb2/sdc/sdc1", "0")):  # fmt: skip
        disk = tmp_path / place.replace("usbless", "mmc")
        disk.mkdir(parents=True)
        (disk.parent / "removable").write_text(f"{removable}\n")
        (folder / number).symlink_to(disk)
    return folder


@pytest.mark.parametrize(("path", "expected"), [
    ("/home/ana/p.tagline", "here"), ("/media/ana/MY STICK/p.tagline", "removable"), ("/media/ana/disk/p", "removable"),
    ("/mnt/share/p.tagline", "network"), ("/mnt/share/inner/p", "here"), ("/mnt/sharePlus/p", "here"),
    ("/home/ana/far/deep/er/p", "network"), ("/mnt/nfs/p", "network"),
])  # fmt: skip
def test_linux(tmp_path: Path, devices: Path, path: str, expected: str) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS)
    assert drives._linux(Path(path), table, devices) == expected


@pytest.mark.parametrize(("path", "expected"), [
    ("/Users/ana/p.tagline", "here"), ("/Volumes/STICK/p.tagline", "removable"), ("/Volumes/share (2)/p", "network"),
])  # fmt: skip
def test_mac(monkeypatch: pytest.MonkeyPatch, path: str, expected: str) -> None:
    table = (
        "/dev/disk1s1 on / (apfs, local, read-only, journaled)\n/dev/disk2s1 on /Volumes/STICK (msdos, local, nodev)\n"
        "//ana@host/share on /Volumes/share (2) (smbfs, nodev, nosuid)\n"
    )
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=table))
    assert drives._mac(Path(path)) == expected


@pytest.mark.parametrize(("root", "kind", "expected"), [
    ("C:", 3, "here"), ("E:", 2, "removable"), ("Z:", 4, "network"), (r"\\server\share", 0, "network"),
])  # fmt: skip
def test_windows(monkeypatch: pytest.MonkeyPatch, root: str, kind: int, expected: str) -> None:
    kernel = SimpleNamespace(kernel32=SimpleNamespace(GetDriveTypeW=lambda asked: kind))
    monkeypatch.setattr(drives.ctypes, "windll", kernel, raising=False)
    monkeypatch.setattr(drives.os.path, "splitdrive", lambda path: (root, path))
    assert drives._windows(Path("p.tagline")) == expected


def test_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert drive_of(tmp_path / "p.tagline") in ("here", "removable", "network")
    if sys.platform.startswith("linux"):
        monkeypatch.setattr(drives, "_linux", lambda path: (_ for _ in ()).throw(OSError("no /proc")))
        assert drive_of(tmp_path) == "here"


def test_what_is_said() -> None:
    assert warning("here") == ""
    assert "network drive" in warning("network")
    assert "pulled out" in warning("removable")
