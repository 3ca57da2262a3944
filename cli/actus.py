"""`actus`: what contracts in a file pay and when, by the standard that the debts of a run follow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..scenarios.errors import BadInput, one_line
from .console import console, plain_table
from .statuses import FAILED, OK

if TYPE_CHECKING:
    from ..contracts.actus.cases import Case

COLUMNS = ("Date", "Event", "Pays", "Principal", "Rate", "Accrued")
BYTES_MAX = 2_000_000
"""Of a file of contracts."""


class NoContract(BadInput):
    """A name that no contract of the file has, or terms that cannot be read."""


def actus(
    file: Annotated[Path, typer.Argument(help="JSON: contracts by name, each with its ACTUS terms")],
    contract: Annotated[str | None, typer.Option(help="one of them; without it, all")] = None,
) -> int:
    """Print every event of contracts in the words of the ACTUS standard; where a file says what is expected, compare:
    dates and kinds exactly, amounts to the cent, and status 1 if one differs."""
    from ..contracts.actus.cases import cases_of
    from ..contracts.actus.reading import TermsError
    from ..scenarios.input_file import NotReadable, bytes_of

    try:
        raw = bytes_of(file, BYTES_MAX)
        if len(raw) > BYTES_MAX:
            raise NoContract(f"{file}: came more than {BYTES_MAX:,} bytes; allowed: at most so many")
        cases = list(cases_of(raw.decode(errors="replace")))
        chosen = [case for case in cases if contract in (None, case.name)]
        if not chosen:
            known = ", ".join(case.name for case in cases) or "none in this file"
            raise NoContract(one_line(f"{file}: contract {contract!r}; allowed: {known}"))
        is_alike = [_tell(case, is_full=contract is not None) for case in chosen]
    except NotReadable as came:
        raise NoContract(f"{file}: came {came}; allowed: a file in JSON") from None
    except TermsError as wrong:
        raise NoContract(one_line(f"{file}: {wrong}")) from None
    return OK if all(is_alike) else FAILED


def _tell(case: Case, *, is_full: bool) -> bool:
    """Print a contract's events, or whether they are what is expected; returns whether they are."""
    from ..contracts.actus.axes import moment_of
    from ..contracts.actus.cases import differences

    events = case.events()
    differ = [] if case.expected is None else list(differences(events, case.expected))
    if is_full or case.expected is None:
        rows = [
            (str(moment_of(e.time)), e.kind.value, f"{e.payoff:,.2f}", f"{e.state.notional:,.2f}",
             f"{e.state.rate_per_year:.4%}", f"{e.state.accrued:,.2f}")
            for e in events
        ]  # fmt: skip
        console().print(plain_table(f"{case.name}, {case.terms.kind}", COLUMNS, rows, text_columns=2))
    if case.expected is not None:
        said = "as expected" if not differ else "; ".join(differ[:3])
        print(f"{case.name}: {len(events)} events, {said}")
    return not differ
