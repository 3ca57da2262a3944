"""The notary: what every contract may use, the day, the rules, the books, the bills and the chronicle of its life."""

from __future__ import annotations

from ..engine.clock import Clock
from ..ledger.books import Books
from ..narrative.chronicle import Chronicle
from ..scenarios.behaviour import Behaviour
from .bills import BillBook


class Notary:
    """Numbers contracts, and counts their changes so that whoever values them looks anew."""

    def __init__(self, clock: Clock, rules: Behaviour, books: Books, chronicle: Chronicle) -> None:
        self.clock = clock
        self.rules = rules
        self.books = books
        self.chronicle = chronicle
        self.bills = BillBook()
        self.changes = 0
        """Changes of what is promised, believed or delivered."""
        self.loan_changes = 0
        """Changes of what is lent, owed or provided for."""
        self.openings = 0
        """Contracts handed to builders."""
        self._numbers = 0

    def take(self, rules: Behaviour) -> None:
        """Habits change."""
        self.rules = rules

    def next_number(self) -> int:
        """The number of a new contract: its place among all."""
        self._numbers += 1
        return self._numbers - 1

    def next_opening(self) -> int:
        """The place of a contract that is handed to builders, among all of them."""
        self.openings += 1
        return self.openings - 1

    def contract_changed(self) -> None:
        """A promise is no longer what it was."""
        self.changes += 1

    def loan_changed(self) -> None:
        """What is lent is no longer what it was."""
        self.loan_changes += 1
