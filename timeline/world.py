"""The seven parts of a run, and the scenario: what a phase of the day receives."""

from __future__ import annotations

from typing import Protocol

from ..agents.cast import Cast
from ..contracts.register import Contracts
from ..engine.clock import Clock
from ..ledger.books import Books
from ..market.price_board import Board
from ..narrative.beliefs import Beliefs
from ..narrative.chronicle import Chronicle
from ..scenarios.schema import Scenario


class World(Protocol):
    """A model, as its phases see it."""

    scenario_data: Scenario
    clock: Clock
    cast: Cast
    books: Books
    contracts: Contracts
    beliefs: Beliefs
    prices: Board
    chronicle: Chronicle
