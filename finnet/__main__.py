"""python -m finnet, and the console script."""

from __future__ import annotations

import sys
from io import TextIOWrapper

__all__ = ["main"]


def main() -> None:
    """Run the command line. Ctrl-C ends with 130, a closed pipe with 0; neither leaves a trace on the screen."""
    from finnet.cli import application

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal of another encoding shows what it lacks as \u8d38; it must not end in a trace.
            stream.reconfigure(errors="backslashreplace")
    try:
        application()()
    except BrokenPipeError:
        _silence_stdout()
    except KeyboardInterrupt:
        print("finnet: interrupted; nothing was stored", file=sys.stderr)
        sys.exit(130)


def _silence_stdout() -> None:
    # The reader has gone (`finnet sql … | head`): what is still buffered must not complain at exit.
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
