"""What every command has in common: options on output, how errors are told, and how commands are found."""

from __future__ import annotations

import errno
import importlib
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from finnet.catalogue import Catalogue
from finnet.cli._delivery import deliver
from finnet.cli._options import Format
from finnet.cli._progress import progress_shown
from finnet.errors import FinnetError

if TYPE_CHECKING:
    from finnet.report.answer import Answer

__all__ = ["build"]

PANELS = (
    "Case", "Look", "Add", "Identity", "Ownership", "Money", "Structure", "Choke points", "Hand over", "Again", "Help",
)  # fmt: skip

_OUTPUT_OPTIONS: dict[str, tuple[Any, Any]] = {
    "format": (Annotated[Format, typer.Option("--format", "-f", help="How to write the answer.")], Format.table),
    "json": (Annotated[bool, typer.Option("--json", help="The same as --format json.")], False),
    "output": (
        Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file (all of it or nothing).")],
        None,
    ),
    "wide": (Annotated[bool, typer.Option("--wide", help="All columns.")], False),
    "raw_csv": (
        Annotated[
            bool,
            typer.Option("--raw-csv", help="CSV as it is: formulas and control characters are not guarded against."),
        ],
        False,
    ),
    "no_color": (Annotated[bool, typer.Option("--no-color", help="No colour.")], False),
    "quiet": (Annotated[bool, typer.Option("-q", "--quiet", help="No summary, no notes.")], False),
    "verbose": (Annotated[int, typer.Option("-v", "--verbose", count=True, help="Say more.")], 0),
}
# For whatever looks at a case; what writes to one (a panel's commands) has no past to write to.
_KNOWN_AT = inspect.Parameter(
    "known_at",
    inspect.Parameter.KEYWORD_ONLY,
    default=None,
    annotation=Annotated[
        str | None, typer.Option("--known-at", help="The date we knew: older versions of lists.", show_default=False)
    ],
)
_WRITES = frozenset({"ingest", "link", "note", "tag", "retract", "merge", "split", "purge"})
_NOT_ABOUT_A_DATE = frozenset({"diff", "run", "verify", "rejects"})


class Shell(TyperGroup):
    """Turns finnet's own errors into one line and their exit code; lets bugs show their trace."""

    def invoke(self, ctx: Any) -> Any:
        with _lost_interrupts() as lost:
            try:
                return super().invoke(ctx)
            except FinnetError as error:
                if not lost:
                    typer.echo(f"finnet: {error} [{error.code}]", err=True)
                    raise typer.Exit(error.exit_code) from error
            except KeyboardInterrupt:
                pass
            except BrokenPipeError as error:
                # The reader has gone (`finnet sql … | head`): what is still buffered must not complain at exit.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                raise typer.Exit(0) from error
            except OSError as error:
                # A disk that is full where the answer goes to; all else of the system's is a bug that shows its trace.
                if error.errno != errno.ENOSPC:
                    raise
                typer.echo(f"finnet: the answer cannot be written: {error.strerror} [E1000]", err=True)
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                raise typer.Exit(1) from error
            except RuntimeError as error:
                # What compiles a loop calls back as well, and then misses what was not given to it.
                if not lost or isinstance(error, typer.Exit | typer.Abort):
                    raise
        typer.echo("finnet: interrupted; nothing was stored", err=True)
        raise typer.Exit(130)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _import_help_without_markdown()
        super().format_help(ctx, formatter)

    def list_commands(self, ctx: Any) -> list[str]:
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: (PANELS.index(self.commands[name].rich_help_panel or "Help"), name))  # type: ignore[attr-defined]


def _import_help_without_markdown() -> None:
    """A third of the time of ``--help`` was Typer's import of a Markdown reader, for a markup finnet does not use."""
    name = "rich.markdown"
    if name in sys.modules or "typer.rich_utils" in sys.modules:
        return
    stand_in = ModuleType(name)
    stand_in.__dict__["Markdown"] = None
    sys.modules[name] = stand_in
    try:
        importlib.import_module("typer.rich_utils")
    finally:
        del sys.modules[name]


@contextmanager
def _lost_interrupts() -> Iterator[list[object]]:
    """Ctrl-C while the engine calls back into Python cannot be raised there: what it was is kept, not printed.

    The engine, or the compiler, then fails for want of something; that failure is the interrupt.
    """
    lost: list[object] = []
    usual = sys.unraisablehook

    def keep(unraisable: sys.UnraisableHookArgs) -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            lost.append(unraisable.exc_type)
        else:
            usual(unraisable)

    sys.unraisablehook = keep
    try:
        yield lost
    finally:
        sys.unraisablehook = usual


def build() -> typer.Typer:
    """The application: each file of ``finnet/cli`` whose name has no underscore in front is a command."""
    application = typer.Typer(
        cls=Shell,
        name="finnet",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode="rich",
    )
    commands = Catalogue("finnet.cli", kind="command", verbs=("PANEL",))

    @application.callback()
    def main(
        version: Annotated[
            bool, typer.Option("--version", help="Say which finnet this is.", is_eager=True, callback=_say_version)
        ] = False,
    ) -> None:
        """Illicit-finance network analysis: who owns, pays and represents whom, and which few designations would bite
        hardest. Start with: finnet run cold_harbour"""

    for name in commands:
        module = commands[name]
        function = getattr(module, name.rstrip("_"))
        application.command(
            name.rstrip("_"),
            help=_help(function),
            short_help=(function.__doc__ or "").split("\n", 1)[0],
            rich_help_panel=module.PANEL,
        )(_with_output(function, getattr(module, "PICTURE", None), getattr(module, "SESSION", None)))
    return application


def _say_version(wanted: bool) -> None:
    if wanted:
        from finnet.version import __version__

        typer.echo(__version__)
        raise typer.Exit


def _help(function: Callable[..., Any]) -> str:
    # Every block of a command's help is to be read line by line as it was written.
    paragraphs = inspect.cleandoc(function.__doc__ or "").split("\n\n")
    return "\n\n".join(paragraph if place == 0 else f"\b\n{paragraph}" for place, paragraph in enumerate(paragraphs))


def _with_output(
    function: Callable[..., Answer],
    picture: Callable[[Answer], Any] | None = None,
    session: Callable[..., int] | None = None,
) -> Callable[..., None]:
    """The command with the output options added, its Answer printed and its outcome turned into the exit code.

    ``picture`` draws the answer for the terminal; it stands above the rows. Where nobody asks for data, ``session``
    takes the command's place: it reads what to do from stdin and returns the exit code.
    """
    signature = inspect.signature(function, eval_str=True)
    own = list(signature.parameters.values())
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in _OUTPUT_OPTIONS.items()
        if name not in signature.parameters
    ]

    if "case" in signature.parameters and function.__name__ not in _WRITES | _NOT_ABOUT_A_DATE:
        added.append(_KNOWN_AT)

    @wraps(function)
    def run(**options: Any) -> None:
        output = {parameter.name: options.pop(parameter.name) for parameter in added}
        if session is not None and output["format"] is Format.table and not output["json"] and output["output"] is None:
            code = session(**options, **{name: output[name] for name in ("known_at", "wide", "no_color", "quiet")})
            raise typer.Exit(code)
        with progress_shown(quiet=bool(output.get("quiet"))):
            answer = _as_known(function, options, output.pop("known_at", None))
        given = {**{name: default for name, (_, default) in _OUTPUT_OPTIONS.items()}, **output}
        deliver(answer, picture=picture, **given)
        if answer.outcome:
            raise typer.Exit(answer.outcome)

    keyword_only = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    run.__signature__ = signature.replace(parameters=[*keyword_only, *added], return_annotation=None)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in [*keyword_only, *added]}
    return run


def _as_known(function: Callable[..., Answer], options: dict[str, Any], date: str | None) -> Answer:
    """The command's answer; on a case as it was known on a date, if one is given, which the answer then says."""
    if date is None:
        return function(**options)
    from dataclasses import replace

    from finnet.api.open import knowing

    with knowing(date):
        answer = function(**options)
    return replace(answer, params={**answer.params, "known_at": date}, notes=(f"as known on {date}", *answer.notes))
