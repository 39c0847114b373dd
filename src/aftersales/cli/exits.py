"""Exit codes, and one clear message instead of a traceback. Documented in docs/reference/cli.md."""

import json
import os
import sys
import traceback
from enum import IntEnum
from typing import NoReturn

import click

from aftersales.cli.output import say
from aftersales.domain import errors

NAME = "aftersales"
COMPLETION = "_AFTERSALES_COMPLETE"


class Exit(IntEnum):
    """What an exit code means."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NOT_READY = 3
    NOT_FOUND = 4
    PARKED = 5
    CHANGED = 6
    FAULT = 70
    INTERRUPTED = 130
    READER_GONE = 141


class NotFound(errors.AftersalesError):
    """What was named does not exist."""


class YearUnknown(errors.AftersalesError):
    """The answer would rest on holidays that nobody knows."""

    def __init__(self, message: str | None = None, *, help: str = "") -> None:
        super().__init__(message)
        self.help = help


_CODES: tuple[tuple[type[Exception], Exit], ...] = (
    (NotFound, Exit.NOT_FOUND),
    (YearUnknown, Exit.REFUSED),
    (errors.CaseNotFound, Exit.NOT_FOUND),
    (errors.KindNotInForce, Exit.NOT_FOUND),
    (errors.PublicationNotFound, Exit.NOT_FOUND),
    (errors.CaseChangedMeanwhile, Exit.CHANGED),
    (errors.StoreNotReady, Exit.NOT_READY),
    (errors.StoreUnavailable, Exit.NOT_READY),
    (errors.NothingPublished, Exit.NOT_READY),
    (errors.InvariantBroken, Exit.FAULT),
    (errors.EventRefused, Exit.REFUSED),
    (errors.PublicationRefused, Exit.REFUSED),
    (errors.IdempotencyKeyReused, Exit.REFUSED),
    (errors.DefinitionsInvalid, Exit.REFUSED),
    (errors.DeliveryFailed, Exit.PARKED),
    (errors.AftersalesError, Exit.USAGE),
)


def run(command: click.Command, args: list[str] | None) -> NoReturn:
    """Run `command` and exit: 0, or the code of what went wrong, with one message."""
    wants_json = "--json" in (sys.argv[1:] if args is None else args)
    try:
        answer = _invoked(command, sys.argv[1:] if args is None else args)
        sys.stdout.flush()
        sys.exit(answer if isinstance(answer, int) else Exit.DONE)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as error:
        _say_usage(error, wants_json)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; what was committed stays", err=True)
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        # The interpreter flushes standard output at exit: into nothing, now.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.READER_GONE)
    except Exception as error:  # noqa: BLE001  the last door: behind it is the user
        code, message = judged(error)
        if code is Exit.FAULT:
            traceback.print_exception(error)
        _say(message, code, error, wants_json)
        sys.exit(code)


def _invoked(command: click.Command, args: list[str]) -> object:
    """Run without click's own handling of errors, which knows fewer codes than we document."""
    if COMPLETION in os.environ:
        return command.main(args, prog_name=NAME, complete_var=COMPLETION)
    with command.make_context(NAME, list(args)) as context:
        return command.invoke(context)


def judged(error: Exception) -> tuple[Exit, str]:
    """The code and the message of an error. What nobody foresaw is a fault of ours."""
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code, _with_help(error)
    if isinstance(error, FileNotFoundError):
        return Exit.NOT_FOUND, f"there is no file `{error.filename}`"
    if isinstance(error, OSError):
        return Exit.USAGE, f"{error.strerror}: `{error.filename}`"
    if type(error).__module__.partition(".")[0] == "sqlalchemy":
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return Exit.NOT_READY, f"the database cannot be used: {_without_password(reason)}"
    return Exit.FAULT, f"a fault of aftersales, {type(error).__name__}: {error}"


def _with_help(error: Exception) -> str:
    """The message and, where the error carries a help apart from it, that too."""
    help = getattr(error, "help", "")
    return f"{error}; {help}" if help and help not in str(error) else str(error)


def _say(message: str, code: Exit, error: Exception, wants_json: bool) -> None:
    if not wants_json:
        say(f"error: {message}")
        return
    said: dict[str, object] = {"error": type(error).__name__, "message": message, "exit": int(code)}
    if isinstance(error, errors.EventRefused):
        said |= {"reason": error.reason, "code": error.code, "allowed": list(error.allowed)}
    click.echo(json.dumps(said, ensure_ascii=False), err=True)


def _say_usage(error: click.ClickException, wants_json: bool) -> None:
    if wants_json:
        said = {"error": "Usage", "message": error.format_message(), "exit": error.exit_code}
        click.echo(json.dumps(said, ensure_ascii=False), err=True)
    else:
        error.show()


def _without_password(text: str) -> str:
    from aftersales.config import without_password  # here: most runs end without an error

    return without_password(text)
