"""The guard of numbers that must never be lost: arrays that hold finite numbers at the end of every day."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .kernels import njit

Floats = np.ndarray


class NotFinite(ArithmeticError):
    """An infinity, or what is no number, where beliefs, values or prices should be; the day is not closed."""

    def __init__(self, *, day: int, what: str, place: int, came: float) -> None:
        self.day, self.what, self.place, self.came = day, what, place, came
        super().__init__(f"day {day}: {what}, number {place}: came {came}, allowed: a finite number")


@njit(cache=True)
def first_not_finite(arrays: tuple[Floats, ...]) -> int:
    """Place of the first array, float[n] each, that holds an infinity or no number; -1 for none.

    A number less itself is 0, an infinity less itself is none: a loop without a branch.
    """
    for a in range(len(arrays)):
        lost = 0.0
        for i in range(arrays[a].size):
            lost += arrays[a][i] - arrays[a][i]
        if lost != 0.0:
            return a
    return -1


class FiniteGuard:
    """Watches arrays that stay the same objects for a run, whatever is written into them."""

    def __init__(self, arrays: Mapping[str, Floats]) -> None:
        """`arrays` of floats, of any shape, each with what it holds.

        Raises: ValueError if one is not contiguous floats: a copy of it would be watched.
        """
        for what, array in arrays.items():
            if array.dtype != np.float64 or not array.flags.c_contiguous:
                raise ValueError(f"{what}: came {array.dtype}, strides {array.strides}; allowed: contiguous float64")
        self._names = tuple(arrays)
        self._flat = tuple(array.reshape(-1) for array in arrays.values())

    def check(self, day: int) -> None:
        """At the end of a day.

        Raises: NotFinite for the first number that is none.
        """
        lost = first_not_finite(self._flat)
        if lost >= 0:
            place = int(np.flatnonzero(~np.isfinite(self._flat[lost]))[0])
            raise NotFinite(day=day, what=self._names[lost], place=place, came=float(self._flat[lost][place]))
