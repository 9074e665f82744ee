"""What kind of drive a project lies on: one of this machine, one that can be pulled out, or another machine's."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

Drive = Literal["here", "removable", "network"]

# File systems that another machine keeps: its locks may be advisory, late, or missing.
_NETWORK = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "afpfs",
        "9p",
        "afs",
        "ceph",
        "coda",
        "davfs",
        "webdav",
        "glusterfs",
        "lustre",
        "ncpfs",
        "sshfs",
        "vboxsf",
        "prl_fs",
        "vmhgfs",
        "virtiofs",
    ]
)
_NETWORK_FUSE = (
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.gvfsd-fuse",
    "fuse.davfs",
    "fuse.glusterfs",
    "fuse.s3fs",
    "fuse.cephfs",
)
_WINDOWS_REMOVABLE, _WINDOWS_REMOTE = 2, 4


def drive_of(path: Path) -> Drive:
    """Where a file lies; "here" where the system does not tell."""
    try:
        if sys.platform == "win32":
            return _windows(path)
        if sys.platform == "darwin":
            return _mac(path)
        return _linux(path)
    except (OSError, ValueError, subprocess.SubprocessError):
        return "here"


def warning(drive: Drive) -> str:
    """What to tell a person who opens a project there, "" for nothing."""
    return {
        "here": "",
        "network": "This project lies on a network drive. Two people could change it at once, and a lost connection stops "
        "the work: copy it to this machine and work there.",
        "removable": "This project lies on a drive that can be pulled out. Close it before you do.",
    }[drive]


def _linux(
    path: Path, mountinfo: Path = Path("/proc/self/mountinfo"), devices: Path = Path("/sys/dev/block")
) -> Drive:
    real = os.path.realpath(path)
    found = ("", "", "")
    for mount, device, system in _mounts(mountinfo.read_text("utf-8", "surrogateescape")):
        # The longest folder wins, and of equal ones the one mounted last, which hides the others.
        inside = real == mount or real.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(found[0]):
            found = (mount, device, system)
    _, device, system = found
    if system in _NETWORK or system.startswith(_NETWORK_FUSE):
        return "network"
    block = devices / device
    if not block.exists():
        return "here"
    disk = block.resolve()
    flags = [folder / "removable" for folder in (disk, disk.parent)]
    pulled = any(flag.is_file() and flag.read_text().strip() == "1" for flag in flags)
    return "removable" if pulled or "/usb" in str(disk) else "here"


def _mounts(table: str) -> Iterator[tuple[str, str, str]]:
    """Folder, device and file system of each line; see proc(5), where blanks are written as octal numbers."""
    for line in table.splitlines():
        left, dash, right = line.partition(" - ")
        fields, rest = left.split(" "), right.split(" ")
        if dash and len(fields) > 4:
            folder = fields[4]
            for octal, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
                folder = folder.replace(octal, character)
            yield folder, fields[2], rest[0]


def _mac(path: Path) -> Drive:
    """From the lines of mount(8): `//who@host/share on /Volumes/share (smbfs, nodev, …)`."""
    table = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=True).stdout
    real, found = os.path.realpath(path), ("", "")
    for line in table.splitlines():
        folder, _, rest = line.partition(" on ")[2].rpartition(" (")
        inside = real == folder or real.startswith(folder.rstrip("/") + "/")
        if inside and len(folder) >= len(found[0]):
            found = (folder, rest.partition(",")[0].rstrip(")"))
    if found[1] in _NETWORK:
        return "network"
    return "removable" if found[0].startswith("/Volumes/") else "here"


def _windows(path: Path) -> Drive:
    root = os.path.splitdrive(os.path.realpath(path))[0] + "\\"
    if root.startswith("\\\\"):
        return "network"
    kind = ctypes.windll.kernel32.GetDriveTypeW(root)  # type: ignore[attr-defined,unused-ignore]
    return {_WINDOWS_REMOVABLE: "removable", _WINDOWS_REMOTE: "network"}.get(kind, "here")  # type: ignore[return-value]
