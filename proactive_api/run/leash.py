"""Run a command that dies when its parent does, however the parent dies (Linux; elsewhere it just runs).

    python leash.py <parent's process id> <command> [argument ...]

Started as a plain file, before any import of the product, so that it costs next to nothing.
"""

import ctypes
import os
import signal
import sys
from typing import List, Optional

_PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: int, parent: Optional[int] = None) -> None:
    """Have the kernel send this process a signal when its parent ends.

    Args:
        signal_number: which one.
        parent: who the parent was expected to be; if it is gone already, the signal comes at once.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), signal_number)


def leashed(command: List[str]) -> List[str]:
    """The command line that runs ``command`` so that it ends with this process."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


if __name__ == "__main__":
    # SIGKILL: everything here may be killed at any moment, and nothing must be left running by a deaf child.
    die_with_parent(signal.SIGKILL, int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
