"""Households: a crowd that saves, catches a story, and moves its wealth between cash and the technology ETF.

Each holder is one row of `Holders`; `RetailHolder` is the Mesa agent that views it. The market fills their orders, and
the model books what changed on their omnibus account: holders only say what they want, and take what was settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np

from ..engine.columns import Column, ColumnStore, RowAgent
from ..engine.row_ranges import CHUNK, chunks_of, on_threads, threads_wanted
from ..market.crowd_kernels import Listing, Money, Pair, fill_rows, gather_orders
from ..narrative.contagion_kernels import (
    count_states,
    day_chances,
    graph_rows,
    leave_probabilities,
    leave_states,
    story_day,
    story_rows,
)
from ..narrative.social_graph import SocialGraph
from . import household_kernels as kernels
from .endowment import BLOCKS_MAX, Endowment, endowed_columns, require
from .household_orders import Demand, FillError, OpenOrders, OrderTotals, need_levels, order_grid
from .household_rules import EXACT_MAX, INT32_MAX


class Holders(ColumnStore):
    """All retail holders, one row each, 38 bytes a row."""

    COLUMNS: ClassVar[Mapping[str, Column]] = {
        "cash_cents": Column(np.int64, 0, EXACT_MAX),
        "etf_shares": Column(np.int32, 0, INT32_MAX),
        "state": Column(np.uint8, 0, 2, writable=True),
        "block": Column(np.uint8, 0, BLOCKS_MAX - 1),
        "desired_share": Column(np.float32, -1, 2, writable=True),
        "extrapolation": Column(np.float32, 0, 100, writable=True),
        "attention": Column(np.float32, 0, 1, writable=True),
        "saving_weight": Column(np.int32, 0, INT32_MAX, writable=True),
        "order_shares": Column(np.int32, -INT32_MAX, INT32_MAX),
        "order_limit_cents": Column(np.int32, 0, INT32_MAX),
    }
    cash_cents: np.ndarray
    etf_shares: np.ndarray
    state: np.ndarray
    """Story: 0 susceptible, 1 enthusiastic, 2 tired."""
    block: np.ndarray
    desired_share: np.ndarray
    """Base ETF share of wealth, before story and extrapolation."""
    extrapolation: np.ndarray
    """Multiple of the mean sensitivity to past returns."""
    attention: np.ndarray
    """Probability per day of looking at the account (Calvo)."""
    saving_weight: np.ndarray
    """Weight in the split of the households' monthly saving."""
    order_shares: np.ndarray
    """Order of the day: shares to buy (+) or to sell (-)."""
    order_limit_cents: np.ndarray

    def __init__(self, columns: Mapping[str, np.ndarray], *, seed: int, blocks: int) -> None:
        """Take over the arrays of a checkpoint; `blocks` is the number of mixing blocks.

        Raises: ValueError, ColumnError as ColumnStore; ValueError if a holder is in a block that does not exist.
        """
        super().__init__(columns, seed=seed)
        if not 1 <= blocks <= BLOCKS_MAX or (self.n and int(self.block.max()) >= blocks):
            raise ValueError(f"blocks is {blocks}; allowed: 1 to {BLOCKS_MAX}, and more than any holder's block")
        self.blocks = blocks
        self.seal = np.zeros(1, np.int64)
        """Keyed sum of all that is paid and traded, for the audit: see `ledger.owners`."""
        self._orders_open = False
        self._threads = threads_wanted()
        self._list_orders()

    def _list_orders(self) -> None:
        """Who has an order, chunk by chunk. The list has room for all and memory for those who order only."""
        self._chunk = CHUNK
        self._ordering = np.empty(self.n, np.int32)
        self._ordering_counts = np.zeros(chunks_of(self.n, self._chunk), np.int64)
        kernels.list_orders(self.order_shares, self._chunk, self._ordering, self._ordering_counts)

    def __getstate__(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in vars(self).items()
            if name not in ("_threads", "_ordering", "_ordering_counts")
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._threads = threads_wanted()
        self._list_orders()

    @classmethod
    def endow(cls, n: int, facts: Endowment, *, seed: int) -> Self:
        """n holders who share the households' totals; saving is proportional to opening wealth.

        Raises: EndowmentError for a number of holders out of bounds, or as `endowed_columns`.
        """
        require("n", n, 1, 10**9)
        new = {name: np.zeros(n, dtype=column.dtype) for name, column in cls.COLUMNS.items()}
        endowed_columns(new, facts, seed)
        return cls(new, seed=seed, blocks=facts.blocks)

    def decide_orders(
        self,
        *,
        day: int,
        reference_cents: int,
        extrapolated_return: float,
        demand: Demand,
        low_cents: int,
        buy_hist: np.ndarray,
        sell_hist: np.ndarray,
    ) -> OrderTotals:
        """Everybody's order of the day into `order_shares` and `order_limit_cents`, and by limit into the histograms.

        `extrapolated_return` is a share (0.1 is 10 %). The histograms, int64[levels] of shares at the limits low_cents,
        low_cents + 1, ..., are overwritten; `order_grid` says which levels are needed.

        Raises: ValueError if the histograms do not cover the possible limits.
        """
        need_levels(order_grid(reference_cents, demand.limit_tolerance), low_cents, (buy_hist, sell_hist))
        pull = demand.extrapolation_sensitivity * extrapolated_return
        if not -1e6 < pull < 1e6:
            raise ValueError(f"extrapolated return is {extrapolated_return}; allowed: a plain share")
        self._orders_open = True
        today, rules, chunks = (self.seed, day, reference_cents, pull), tuple(demand[1:]), len(self._ordering_counts)
        if self._threads == 1:
            return OrderTotals(*self._decide((0, chunks), today, rules, (low_cents, buy_hist, sell_hist)))
        own: list[tuple[np.ndarray, np.ndarray]] = []

        def part(first_chunk: int, last_chunk: int) -> tuple[int, ...]:
            # each thread adds to histograms of its own: sums of whole numbers
            hists = np.zeros_like(buy_hist), np.zeros_like(sell_hist)
            own.append(hists)
            return self._decide((first_chunk, last_chunk), today, rules, (low_cents, *hists))

        totals = on_threads(part, chunks, self._threads)
        for buys, sells in own:
            buy_hist += buys
            sell_hist += sells
        return OrderTotals(*map(sum, zip(*totals, strict=True)))

    def _decide(
        self, chunks: tuple[int, int], today: tuple[Any, ...], rules: tuple[float, ...], hists: tuple[Any, ...]
    ) -> tuple[int, ...]:
        """Orders of some chunks of rows; arguments as in `household_kernels.decide_chunks`."""
        beliefs = self.state, self.desired_share, self.extrapolation, self.attention
        totals: tuple[int, ...] = kernels.decide_chunks(beliefs, self.order_columns(), chunks, today, rules, hists)
        return totals

    def open_orders(self) -> OpenOrders:
        """The orders of the day alone, by ascending row."""
        _, orders, listing = self.order_columns()
        return OpenOrders(*gather_orders(orders, listing))

    def tell_story(
        self, counts: np.ndarray, mixing: np.ndarray, *, day: int, news: float, extrapolated_return: float,
        parameters: tuple[float, ...],
    ) -> None:  # fmt: skip
        """One day of contagion in the mixing blocks; `counts` int64[B, 3] are kept up to date.

        `mixing` float[B, B] as from `narrative.contagion.block_mixing`, `parameters` are its `StoryParameters` as a
        plain tuple.
        """
        holders, today = (self.state, self.block), (self.seed, day)
        if self._threads == 1:
            story_day(holders, counts, mixing, today, news, extrapolated_return, parameters)
            return
        leave = leave_probabilities(counts, mixing, news, extrapolated_return, parameters)
        added: list[np.ndarray] = []

        def part(first_chunk: int, last_chunk: int) -> None:
            # each thread counts for itself: sums of whole numbers
            moves = np.zeros_like(counts)
            story_rows(holders, self._rows(first_chunk, last_chunk), today, leave, moves)
            added.append(moves)

        on_threads(part, len(self._ordering_counts), self._threads)
        for moves in added:
            counts += moves

    def tell_story_on(
        self, graph: SocialGraph, counts: np.ndarray, *, day: int, news: float, extrapolated_return: float,
        parameters: tuple[float, ...],
    ) -> None:  # fmt: skip
        """One day of contagion along the links of a graph; `counts` int64[B, 3] are kept up to date.

        `parameters` are `narrative.contagion.StoryParameters` as a plain tuple.
        """
        chances, links = day_chances(news, extrapolated_return, parameters), tuple(graph)

        def part(first_chunk: int, last_chunk: int) -> np.ndarray:
            rows = self._rows(first_chunk, last_chunk)
            leaving = np.empty(rows[1] - rows[0] + 1, np.int32)
            count = graph_rows(self.state, links, rows, (self.seed, day), chances, leaving)
            return leaving[:count]

        # everybody has looked before anybody moves
        for leaving in on_threads(part, len(self._ordering_counts), self._threads):
            leave_states((self.state, self.block), leaving, counts)

    def _rows(self, first_chunk: int, last_chunk: int) -> tuple[int, int]:
        """The first row of some chunks and the one after their last."""
        return first_chunk * self._chunk, min(last_chunk * self._chunk, self.n)

    def order_columns(self) -> tuple[Money, Pair, Listing]:
        """Money, the orders of the day and who has one, as in `market.crowd_kernels`."""
        listing = self._chunk, self._ordering, self._ordering_counts
        return (self.cash_cents, self.etf_shares, self.seal), (self.order_shares, self.order_limit_cents), listing

    def need_open_orders(self) -> None:
        """Raises: ValueError if the orders of the day have been filled already, or there are none."""
        if not self._orders_open:
            raise ValueError(
                "these holders have no open orders: the fills of a day are applied once, after decide_orders"
            )

    def close_orders(self) -> None:
        """The orders of the day have been filled."""
        self._orders_open = False

    def apply_fills(self, fills: np.ndarray, price_cents: int, rows: np.ndarray | None = None) -> tuple[int, int]:
        """Book the fills of the day's orders, bought (+) or sold (-), at one price.

        `fills` int32[k] are those of the k ascending `rows` of `open_orders`; without `rows` one per holder.

        Returns (net_shares, net_cents): how much all holders' shares and cash have changed; the model books the same on
        the omnibus account. All or nothing.

        Raises: FillError for a fill beyond its order or limit, the holder's cash or shares; ValueError without orders.
        """
        shape = (self.n,) if rows is None else rows.shape
        if fills.shape != shape or price_cents < 1:
            raise ValueError(f"fills of shape {fills.shape} at {price_cents} cents; allowed: {shape}, 1 cent or more")
        if rows is None:
            rows = np.flatnonzero(fills).astype(np.int32)
            fills = fills[rows]
        self.need_open_orders()
        money, orders, _ = self.order_columns()
        at, net_shares = fill_rows(money, orders, rows, fills, price_cents)
        if at >= 0:
            row = int(rows[at])
            if not 0 <= row < self.n:
                raise ValueError(f"fill of row {row}; allowed: 0 to {self.n - 1}")
            order, limit_cents = int(self.order_shares[row]), int(self.order_limit_cents[row])
            raise FillError(row, int(fills[at]), order, limit_cents, price_cents)
        self.close_orders()
        return net_shares, -net_shares * price_cents

    def pay_saving(self, total_cents: int, *, day: int) -> None:
        """Pay the households' saving of a month into the holders' cash by saving weights, exactly to the cent.

        Raises: ValueError if the total is negative or too large, or nobody has a weight.
        """
        whole = kernels.column_sum(self.saving_weight)
        if not 0 <= total_cents <= EXACT_MAX or not 1 <= whole <= EXACT_MAX:
            raise ValueError(
                f"saving of {total_cents} cents over weights of {whole}; allowed: up to {EXACT_MAX}, weights from 1"
            )
        kernels.pay_rows(self.cash_cents, self.seal, self.saving_weight, total_cents, whole, self.seed, day)

    def total_cash_cents(self) -> int:
        """Cash of all holders: what the omnibus account must hold."""
        return int(kernels.column_sum(self.cash_cents))

    def total_etf_shares(self) -> int:
        """ETF shares of all holders."""
        return int(kernels.column_sum(self.etf_shares))

    def counts(self) -> np.ndarray:
        """Holders per block and story state, int64[blocks, 3]."""
        counts: np.ndarray = count_states(self.state, self.block, self.blocks)
        return counts


class RetailHolder(RowAgent, store=Holders):
    """One household. Its cash and shares are moved by the ledger and the market only; its beliefs may be set."""

    _store: Holders
    cash_cents: int
    etf_shares: int
    state: int
    block: int
    desired_share: float
    extrapolation: float
    attention: float
    saving_weight: int
    order_shares: int
    order_limit_cents: int
