"""What money is counted in: whole cents, and the one place where amounts are rounded and split.

Every balance stays below 2**53 cents (90 trillion dollars), so that a float can name it and int64 sums cannot overflow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np

CENTS_PER_USD = 100
CENTS_LIMIT = 2**53
"""No amount or balance of money reaches this many cents."""
_CENT = Decimal("0.01")
_USD_LIMIT = Decimal(CENTS_LIMIT) / CENTS_PER_USD
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_CARRY_BITS = 60
_CARRY_SCALE = 2.0**_CARRY_BITS


class UnitError(ValueError):
    """An amount that is no money: not a number, infinite, or beyond `CENTS_LIMIT`."""

    def __init__(self, came: object, allowed: str) -> None:
        self.came = came
        self.allowed = allowed
        super().__init__(f"came {came!r}, allowed: {allowed}")


def cents(usd: float | int | Decimal | str) -> int:
    """Whole cents of an amount in US dollars, rounded half to even from its exact value.

    Raises: UnitError if it is not a finite number below `CENTS_LIMIT` cents in size.
    """
    allowed = "a finite amount in USD below 2**53 cents"
    if isinstance(usd, bool) or not isinstance(usd, float | int | Decimal | str):
        raise UnitError(usd, allowed)
    try:
        exact = Decimal(usd)
    except InvalidOperation:
        raise UnitError(usd, allowed) from None
    if not exact.is_finite() or abs(exact) >= _USD_LIMIT:
        raise UnitError(usd, allowed)
    whole = int(exact.quantize(_CENT, context=_EXACT).scaleb(2, context=_EXACT))
    if abs(whole) >= CENTS_LIMIT:
        raise UnitError(usd, allowed)
    return whole


def split(total: int, weights: Sequence[float | int]) -> list[int]:
    """Whole parts of a whole total in proportion to weights, by largest remainder; ties go to the lower index.

    The parts sum to the total, each within one of its exact share; a weight of zero gets nothing. Floats count at their
    exact binary value.

    Raises: UnitError if the total or a weight is negative or not finite, or if nothing has weight but something is
    split.
    """
    whole = int(total)
    if whole != total or whole < 0:
        raise UnitError(total, "a whole total >= 0")
    numerators = _as_integers(weights)
    weight = sum(numerators)
    if weight == 0:
        if whole:
            raise UnitError(list(weights), "at least one positive weight")
        return [0] * len(numerators)
    parts, remainders = [], []
    for numerator in numerators:
        part, remainder = divmod(whole * numerator, weight)
        parts.append(part)
        remainders.append(remainder)
    left = whole - sum(parts)
    if left:
        for index in sorted(range(len(parts)), key=lambda k: (-remainders[k], k))[:left]:
            parts[index] += 1
    return parts


def nth_part(each: Fraction | float, number: int) -> int:
    """Payment `number` of equal ones in whole units, rounded cumulatively: 1 to n add up to n of them, half to even.
    A float counts at its exact binary value."""
    whole, parts = each.as_integer_ratio()
    return _half_even(whole * number, parts) - _half_even(whole * (number - 1), parts)


def _half_even(whole: int, parts: int) -> int:
    """The nearest integer to whole / parts, halves to even."""
    low, rest = divmod(whole, parts)
    return low + (2 * rest > parts or (2 * rest == parts and low % 2))


def _as_integers(weights: Sequence[Any]) -> list[int]:
    """Integers in exactly the proportion of the weights."""
    if all(isinstance(weight, int | np.integer) for weight in weights):
        numerators = [int(weight) for weight in weights]
    else:
        if not all(math.isfinite(weight) for weight in weights):
            raise UnitError(list(weights), "finite weights >= 0")
        exact = [Fraction(float(weight)) if isinstance(weight, np.floating) else Fraction(weight) for weight in weights]
        common = math.lcm(*(weight.denominator for weight in exact))
        numerators = [weight.numerator * (common // weight.denominator) for weight in exact]
    if any(numerator < 0 for numerator in numerators):
        raise UnitError(list(weights), "finite weights >= 0")
    return numerators


class Carry:
    """Turns a stream of fractional amounts into whole ones without drift: what is cut off today is carried to tomorrow.

    The sum of all `take`n amounts is the exact sum of all given amounts, rounded half to even. The sum is held as an
    integer over a power of two, which every float is, so nothing is ever lost. Over 2**60 that integer is found without
    taking the float apart, and a hundredth of a cent still has all its digits.
    """

    def __init__(self) -> None:
        self._taken = 0
        self._numerator = 0
        self._bits = _CARRY_BITS

    def take(self, amount: float) -> int:
        """The whole amount to use for this fractional amount.

        Raises: UnitError if it is not finite or the running sum leaves the range of money; the carry is then unchanged.
        """
        bits, scaled = self._bits, amount * _CARRY_SCALE
        if bits == _CARRY_BITS and scaled.is_integer():
            total = self._numerator + int(scaled)
        else:
            total, bits = self._exactly(amount)
        half = 1 << (bits - 1)
        whole = (total + half) >> bits
        if whole & 1 and whole << bits == total + half:
            whole -= 1
        if not -CENTS_LIMIT < whole < CENTS_LIMIT:
            raise UnitError(amount, "a running sum below 2**53")
        taken = whole - self._taken
        self._taken, self._numerator, self._bits = whole, total, bits
        return taken

    @property
    def taken(self) -> int:
        """Sum of all whole amounts so far."""
        return self._taken

    def _exactly(self, amount: float) -> tuple[int, int]:
        """The sum with this amount as numerator and power of two, whatever digits it has."""
        try:
            numerator, denominator = amount.as_integer_ratio()
        except (OverflowError, ValueError):
            raise UnitError(amount, "a finite amount") from None
        bits = max(denominator.bit_length() - 1, self._bits)
        return (self._numerator << (bits - self._bits)) + (numerator << bits) // denominator, bits
