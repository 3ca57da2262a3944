"""What a run is given beside its scenario: the seed of all chance and the tracing rule of its headline tables."""

from __future__ import annotations

import operator
import secrets
from typing import Any

from ..ledger.origins import TracingRule
from .errors import ParameterError, nearest_names, shown

SEED_MAX = 2**63 - 1
FRESH_SEED_BITS = 53
"""A fresh seed survives any table, also one that keeps its numbers as doubles."""
DIGITS_MAX = 19
WHERE = "parameters"


def seed_of(rng: Any) -> int:
    """The seed that `rng` names; None, or the empty text of a form's empty field, asks for a fresh one.

    Fresh seeds come from the operating system, as Mesa's do, so that the runs of a batch differ. Digits as text are a
    number, as a form gives them.

    Raises: ParameterError if it is anything else, a number with a fraction included.
    """
    if rng is None or (isinstance(rng, str) and not rng.strip()):
        return secrets.randbits(FRESH_SEED_BITS)
    seed = _whole(rng)
    if seed is None or not 0 <= seed <= SEED_MAX:
        allowed = "a whole number from 0 to 2^63 - 1, or None for a fresh seed"
        raise ParameterError(WHERE, "rng", shown(rng), allowed)
    return seed


def _whole(rng: Any) -> int | None:
    """A number without a fraction, or None."""
    if isinstance(rng, str):
        digits = rng.strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= DIGITS_MAX else None
    try:
        return None if isinstance(rng, bool) else operator.index(rng)
    except TypeError:
        return None


def tracing_of(rule: Any) -> TracingRule:
    """The tracing rule of that name.

    Raises: ParameterError with the nearest names.
    """
    try:
        return TracingRule(rule)
    except ValueError:
        known = [str(each) for each in TracingRule]
        raise ParameterError(WHERE, "tracing", shown(rule), ", ".join(known), nearest_names(rule, known)) from None
