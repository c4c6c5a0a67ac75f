"""Where a ledger must not lie: on a network drive or in a folder that another program synchronises.

On the first SQLite's log is not seen by other machines, and writes vanish; in the second a half-written file is copied
away and comes back over a newer one.
"""

import os
from collections.abc import Iterable
from pathlib import Path

NETWORK_SYSTEMS = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "davfs", "fuse.sshfs", "fuse.davfs2", "fuse.rclone", "9p", "ncpfs")
)
SYNCED_NAMES = (
    ("onedrive", "OneDrive"),
    ("dropbox", "Dropbox"),
    ("nutstore", "坚果云"),
    ("坚果云", "坚果云"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("icloud", "iCloud"),
    ("百度网盘", "百度网盘"),
    ("baidusyncdisk", "百度网盘"),
    ("wps云盘", "WPS 云盘"),
    ("wpsdrive", "WPS 云盘"),
    ("seafile", "Seafile"),
    ("syncthing", "Syncthing"),
)
SYNC_MARKS = (
    (".stfolder", "Syncthing"),
    (".dropbox", "Dropbox"),
    (".sync", "Resilio Sync"),
    (".seafile-data", "Seafile"),
)
REMOTE_DRIVE = 4


def synced_by(path: Path) -> str | None:
    """Return the name of the program that synchronises the folder of ``path``, as far as names and marks tell."""
    for folder in path.absolute().parents:
        name = folder.name.casefold()
        for part, program in SYNCED_NAMES:
            if name == part or name.startswith((f"{part} ", f"{part}-", f"{part}_")):
                return program
        for mark, program in SYNC_MARKS:
            if (folder / mark).exists():
                return program
    return None


def is_on_network(path: Path) -> bool:
    """Tell whether ``path`` lies on a network drive."""
    if os.name == "nt":
        return _is_remote_drive(path)
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return system_of(path.absolute(), mounts) in NETWORK_SYSTEMS


def system_of(path: Path, mounts: Iterable[str]) -> str | None:
    """Return the file system that holds ``path``, by lines as in ``/proc/mounts``: the one mounted deepest."""
    best: tuple[int, str] | None = None
    for line in mounts:
        fields = line.split()
        if len(fields) < 3:
            continue
        place = Path(
            fields[1].encode().decode("unicode_escape").encode("latin-1", "replace").decode("utf-8", "replace")
        )
        if path.is_relative_to(place) and (best is None or len(place.parts) >= best[0]):
            best = (len(place.parts), fields[2])
    return best[1] if best else None


def _is_remote_drive(path: Path) -> bool:
    import ctypes

    root = path.absolute().anchor
    return root.startswith("\\\\") or ctypes.CDLL("kernel32").GetDriveTypeW(root) == REMOTE_DRIVE
