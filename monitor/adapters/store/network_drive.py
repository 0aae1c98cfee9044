"""Whether a folder lies on a network drive, where SQLite's write-ahead log is not safe (SQLite, "Write-Ahead Logging")."""

import re
from pathlib import Path

# Types of file systems that several computers may write, as Linux names them.
NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "ceph", "lustre", "gfs2", "ocfs2", "9p"})
NETWORK |= {f"fuse.{name}" for name in ("sshfs", "rclone", "glusterfs", "s3fs", "davfs", "curlftpfs")} | {"davfs"}
_ESCAPED = re.compile(r"\\([0-7]{3})")


def network_type(folder: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """The type of the network file system that ``folder`` lies on; None if it is local, or the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:  # not Linux
        return None
    found, depth = None, -1
    place = folder.resolve()
    for words in (line.split(" ") for line in lines if line.count(" ") > 1):
        point = Path(_ESCAPED.sub(lambda match: chr(int(match[1], 8)), words[1]))
        # Of two on one place the later one hides the other.
        if place.is_relative_to(point) and len(point.parts) >= depth:
            found, depth = words[2], len(point.parts)
    return found if found in NETWORK else None
