"""Reading a session's commands, from a terminal with history and completion or from a pipe, until there are no more."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from finnet.cli._old_lists import mention_old_lists
from finnet.cli._progress import progress_shown
from finnet.errors import FinnetError
from finnet.text import one_line, visible

if TYPE_CHECKING:
    from finnet.api import Case
    from finnet.api.session import Session
    from finnet.cli._explore_page import Page

__all__ = ["Loop"]

_PROMPT = 30  # characters of a name in the prompt


class Loop:
    """One session from its first command to its last.

    On a terminal what fails is told and the session goes on. From a pipe it ends there, with the error's exit code: the
    next line would be about another party than its writer thought.
    """

    def __init__(self, *, case: Path | None, session: Session, page: Page) -> None:
        self.path, self.session, self.page = case, session, page
        self.by_hand = sys.stdin.isatty()

    def run(self, entity: str | None) -> int:
        """Obey until the end; the exit code."""
        from finnet import api
        from finnet.api._exploration_words import id_word

        self.case: Case = api.open_case(self.path, known_at=self.session.known_at)
        try:
            self._greet()
            if entity is not None:
                code = self._obey(f"go {id_word(entity)}")
                if code:
                    return code
            read = self._reader()
            while not self.session.is_over:
                line = read()
                if line is None:
                    break
                code = self._obey(line)
                if code and not self.by_hand:
                    return code
            self._part()
            return 0
        finally:
            self.case.close()

    def _greet(self) -> None:
        known = f", as known on {self.session.known_at}" if self.session.known_at else ""
        self.page.say(f"case {self.case.path}{known}")
        if not self.page.quiet:
            mention_old_lists(self.path)
        if self.by_hand:
            self.page.say("find TEXT searches, go N walks, help shows all commands, quit ends")

    def _obey(self, line: str) -> int:
        from finnet import api
        from finnet.api.session import obey

        try:
            with progress_shown(quiet=self.page.quiet):
                reply = obey(self.case, self.session, line)
            self.session = reply.session
            if reply.wrote:
                self.case.close()
                self.case = api.open_case(self.path, known_at=self.session.known_at)
            self.page.show(reply.blocks)
        except FinnetError as error:
            sys.stdout.flush()
            print(f"finnet: {error} [{error.code}]", file=sys.stderr, flush=True)
            if not self.by_hand:
                print(f"finnet: the session ended at: {visible(line.strip())}", file=sys.stderr, flush=True)
            return error.exit_code
        except KeyboardInterrupt:
            what = "cancelled" if self.by_hand else "interrupted; what was stored before stays stored; at"
            print(f"\nfinnet: {what}: {visible(line.strip())}", file=sys.stderr, flush=True)
            return 0 if self.by_hand else 130
        return 0

    def _part(self) -> None:
        """The commands that repeat the session, unless nothing was asked."""
        from finnet.api.session import repeating

        if self.session.lines and not self.page.quiet:
            self.page.say("to repeat this session:")
            print(_visible_lines(repeating(self.session, self.case.path)), flush=True)

    def _reader(self) -> Callable[[], str | None]:
        if not self.by_hand:
            return self._next_piped
        _complete(self._offered)
        return self._next_typed

    def _next_piped(self) -> str | None:
        line = sys.stdin.readline()
        if not line:
            return None
        if line.strip() and not self.page.quiet:
            print(f"\n> {visible(line.strip())}", flush=True)
        return line

    def _next_typed(self) -> str | None:
        while True:
            try:
                return input(self._prompt())
            except KeyboardInterrupt:
                print(file=sys.stderr, flush=True)  # the line is given up, not the session
            except EOFError:
                print(file=sys.stderr, flush=True)
                return None

    def _prompt(self) -> str:
        trail = self.session.trail
        return f"\n{one_line(trail[-1].caption, _PROMPT) if trail else 'finnet'}> "

    def _offered(self, words: list[str]) -> list[str]:
        from finnet.api.session import completions

        return completions(self.session, words)


def _visible_lines(text: str) -> str:
    """Lines of which each is made visible by itself."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _complete(offered: Callable[[list[str]], list[str]]) -> None:
    """Completion with the tab key and a history of this session alone: what was asked is nobody's to find later."""
    try:
        import readline
    except ImportError:  # a Python without it: lines are read all the same
        return

    def complete(text: str, state: int) -> str | None:
        words = readline.get_line_buffer()[: readline.get_begidx()].split()
        found = offered([*words, text])
        return f"{found[state]} " if state < len(found) else None

    readline.set_completer_delims(" ")
    readline.set_completer(complete)
    readline.parse_and_bind("tab: complete")
