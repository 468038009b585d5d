"""A desk's disk that can be full at a key stroke: a small file system of its own where that may be mounted.

Where it may not (no root, a container), the kernel refuses the desk every write to a file instead; the program sees
another error number, and must act in the same way.
"""

import errno
import resource
import subprocess
from pathlib import Path

SIZE_MB = 16
_BLOCK_BYTES = 4096


class SmallDisk:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=700", "firstline-faults", str(folder)]
        self.is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        self._folder = folder
        self._ballast = folder / "ballast"

    def fill(self, process_id: int) -> None:
        """No byte more can be written by the desk whose process this is."""
        if not self.is_mounted:
            _, most = resource.prlimit(process_id, resource.RLIMIT_FSIZE)
            resource.prlimit(process_id, resource.RLIMIT_FSIZE, (0, most))
            return
        with self._ballast.open("wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(_BLOCK_BYTES))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def free(self, process_id: int) -> None:
        if self.is_mounted:
            self._ballast.unlink()
        else:
            _, most = resource.prlimit(process_id, resource.RLIMIT_FSIZE)
            resource.prlimit(process_id, resource.RLIMIT_FSIZE, (most, most))

    def remove(self) -> None:
        """The desk must have ended."""
        if self.is_mounted:
            subprocess.run(["umount", str(self._folder)], check=True)
