"""Households: a crowd that saves, catches a story, and moves its wealth between cash and the technology ETF.

Each holder is one row of `Holders`; `RetailHolder` is the Mesa agent that views it. The market fills their orders, and
the model books what changed on their omnibus account: holders only say what they want, and take what was settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from ..engine.columns import Column, ColumnStore, RowAgent
from ..engine.row_ranges import CHUNK, chunks_of, on_threads, threads_wanted
from ..market.crowd_kernels import Listing, Pair, fill_rows, gather_orders
from ..narrative.contagion import count_states, leave_probabilities, story_rows, story_step
from ..narrative.social_graph import SocialGraph, graph_rows, leave_states
from . import household_kernels as kernels
from .household_kernels import EXACT_MAX, INT32_MAX

BLOCKS_MAX = 64


class EndowmentError(ValueError):
    """Totals that cannot be spread over so many holders."""


class FillError(ValueError):
    """A fill that a holder's order, cash or shares do not cover; nothing was booked."""

    def __init__(self, row: int, fill: int, order: int, limit_cents: int, price_cents: int) -> None:
        super().__init__(
            f"holder row {row}: fill of {fill} at {price_cents} cents, order of {order} at {limit_cents} cents"
        )
        self.row, self.fill, self.order = row, fill, order
        self.limit_cents, self.price_cents = limit_cents, price_cents


class OrderTotals(NamedTuple):
    """All orders of a day together."""

    attentive: int
    buy_shares: int
    sell_shares: int
    reserved_cents: int
    """Cash behind the buys, each at its own limit."""


class OpenOrders(NamedTuple):
    """The orders of the rows that have one, by ascending row, int32 each."""

    rows: np.ndarray
    shares: np.ndarray
    """To buy (+) or to sell (-)."""
    limit_cents: np.ndarray


class Demand(NamedTuple):
    """How holders turn beliefs into orders; names as in the behavioural parameter table."""

    extrapolation_sensitivity: float
    enthusiasm_tilt: float
    trade_gap_share: float
    limit_tolerance: float


def demand_parameters(behaviour: object) -> Demand:
    """What holders' demand reads of the behavioural parameter table.  Raises: AttributeError if a field is missing."""
    return Demand(*(float(getattr(behaviour, name)) for name in Demand._fields))


def order_grid(reference_cents: int, limit_tolerance: float) -> tuple[int, int]:
    """(low_cents, levels): the price levels that holders' limits can lie on, one per cent, for the histograms.

    Raises: ValueError if the reference price is below one cent or the highest limit needs more than 31 bits.
    """
    reach_cents = int(limit_tolerance * reference_cents)
    if not 1 <= reference_cents <= INT32_MAX - reach_cents or not 0 <= limit_tolerance < 1:
        raise ValueError(
            f"ETF price of {reference_cents} cents, limits within {limit_tolerance}: beyond 1 to {INT32_MAX} cents"
        )
    return reference_cents - reach_cents, 2 * reach_cents + 1


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
    def endow(
        cls,
        n: int,
        *,
        total_cash_cents: int,
        total_etf_shares: int,
        etf_price_cents: int,
        seed: int,
        wealth_sigma: float = 1.0,
        enthusiastic_share: float = 0.05,
        tired_share: float = 0.0,
        blocks: int = 8,
        attention_per_day: float = 0.03,
        enthusiasm_tilt: float = 0.0,
    ) -> Self:
        """Spread the households' totals over n holders, exactly, by log-normal wealth; every draw is keyed by the row.

        The opening portfolio is taken as wanted: the base share is the actual one, less what the story adds at
        `enthusiasm_tilt`. Saving is proportional to opening wealth.

        Raises: EndowmentError if a number is out of bounds, or one holder's shares would not fit into 32 bits.
        """
        for name, value, low, high in (
            ("n", n, 1, 10**9),
            ("total_cash_cents", total_cash_cents, 0, EXACT_MAX),
            ("total_etf_shares", total_etf_shares, 0, EXACT_MAX),
            ("etf_price_cents", etf_price_cents, 1, INT32_MAX),
            ("wealth_sigma", wealth_sigma, 0, 3),
            ("enthusiastic_share", enthusiastic_share, 0, 1),
            ("tired_share", tired_share, 0, 1),
            ("enthusiastic_share + tired_share", enthusiastic_share + tired_share, 0, 1 + 1e-12),
            ("blocks", blocks, 1, BLOCKS_MAX),
            ("attention_per_day", attention_per_day, 0, 1),
            ("enthusiasm_tilt", enthusiasm_tilt, 0, 1),
        ):
            if not low <= value <= high:
                raise EndowmentError(f"{name} is {value!r}; allowed: {low} to {high}")
        new = {name: np.zeros(n, dtype=column.dtype) for name, column in cls.COLUMNS.items()}
        row = kernels.endow_money(
            new["cash_cents"], new["etf_shares"], new["saving_weight"],
            total_cash_cents, total_etf_shares, float(wealth_sigma), seed,
        )  # fmt: skip
        if row == -2:
            raise EndowmentError(
                f"{n} holders with wealth_sigma {wealth_sigma}: too many to split exactly; use fewer holders"
            )
        if row >= 0:
            raise EndowmentError(
                f"{total_etf_shares} ETF shares over {n} holders: row {row} would hold more than {INT32_MAX}; use more "
                "holders or fewer, dearer shares"
            )
        kernels.endow_traits(
            new["state"], new["block"], new["extrapolation"], new["attention"],
            float(enthusiastic_share), float(tired_share), blocks, float(attention_per_day), seed,
        )  # fmt: skip
        kernels.endow_desire(
            new["desired_share"],
            new["cash_cents"],
            new["etf_shares"],
            new["state"],
            etf_price_cents,
            float(enthusiasm_tilt),
        )
        return cls(new, seed=seed, blocks=blocks)

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
        low, levels = order_grid(reference_cents, demand.limit_tolerance)
        for hist in (buy_hist, sell_hist):
            if low < low_cents or low + levels > low_cents + len(hist) or hist.dtype != np.int64:
                given = f"{hist.dtype} from {low_cents} to {low_cents + len(hist) - 1} cents"
                raise ValueError(f"order histogram {given}; needed: int64 from {low} to {low + levels - 1} cents")
            hist.fill(0)
        pull = demand.extrapolation_sensitivity * extrapolated_return
        if not -1e6 < pull < 1e6:
            raise ValueError(f"extrapolated return is {extrapolated_return}; allowed: a plain share")
        self._orders_open = True

        def part(first_chunk: int, last_chunk: int, buys: np.ndarray, sells: np.ndarray) -> tuple[int, ...]:
            totals: tuple[int, ...] = kernels.decide_chunks(
                self.cash_cents, self.etf_shares, self.state, self.desired_share, self.extrapolation, self.attention,
                self.order_shares, self.order_limit_cents, first_chunk, last_chunk, self._chunk, self.seed, day,
                reference_cents, pull, demand.enthusiasm_tilt, demand.trade_gap_share, demand.limit_tolerance,
                low_cents, buys, sells, self._ordering, self._ordering_counts,
            )  # fmt: skip
            return totals

        chunks = len(self._ordering_counts)
        if self._threads == 1:
            return OrderTotals(*part(0, chunks, buy_hist, sell_hist))
        # each thread adds to histograms of its own: sums of whole numbers
        own: list[tuple[np.ndarray, np.ndarray]] = []

        def part_of_thread(first_chunk: int, last_chunk: int) -> tuple[int, ...]:
            hists = np.zeros_like(buy_hist), np.zeros_like(sell_hist)
            own.append(hists)
            return part(first_chunk, last_chunk, *hists)

        totals = on_threads(part_of_thread, chunks, self._threads)
        for buys, sells in own:
            buy_hist += buys
            sell_hist += sells
        return OrderTotals(*map(sum, zip(*totals, strict=True)))

    def open_orders(self) -> OpenOrders:
        """The orders of the day alone, by ascending row."""
        _, orders, listing = self.order_columns()
        return OpenOrders(*gather_orders(orders, listing))

    def tell_story(
        self, counts: np.ndarray, mixing: np.ndarray, *, day: int, news: float, extrapolated_return: float,
        parameters: tuple[float, ...],
    ) -> None:  # fmt: skip
        """One day of contagion in the mixing blocks; `counts` int64[B, 3] are kept up to date.

        `mixing` float[B, B] as from `narrative.story.block_mixing`, `parameters` are its `StoryParameters` as a plain
        tuple.
        """
        if self._threads == 1:
            story_step(
                self.state, self.block, counts, mixing, self.seed, day, news, extrapolated_return, parameters
            )  # fmt: skip
            return
        leave = leave_probabilities(counts, mixing, news, extrapolated_return, parameters)
        added: list[np.ndarray] = []

        def part(first_chunk: int, last_chunk: int) -> None:
            moves = np.zeros_like(counts)
            first, last = first_chunk * self._chunk, min(last_chunk * self._chunk, self.n)
            story_rows(self.state, self.block, first, last, self.seed, day, leave, moves)
            added.append(moves)

        on_threads(part, len(self._ordering_counts), self._threads)
        for moves in added:
            counts += moves

    def tell_story_on(
        self, graph: SocialGraph, counts: np.ndarray, *, day: int, news: float, extrapolated_return: float,
        parameters: tuple[float, ...],
    ) -> None:  # fmt: skip
        """One day of contagion along the links of a graph; `counts` int64[B, 3] are kept up to date.

        `parameters` are `narrative.story.StoryParameters` as a plain tuple.
        """

        def part(first_chunk: int, last_chunk: int) -> np.ndarray:
            first, last = first_chunk * self._chunk, min(last_chunk * self._chunk, self.n)
            leaving = np.empty(last - first + 1, np.int32)
            count = graph_rows(
                self.state, *graph, self.seed, day, news, extrapolated_return, parameters, first, last, leaving
            )
            return leaving[:count]

        # everybody has looked before anybody moves
        for leaving in on_threads(part, len(self._ordering_counts), self._threads):
            leave_states(self.state, self.block, leaving, counts)

    def order_columns(self) -> tuple[Pair, Pair, Listing]:
        """Money, the orders of the day and who has one, as in `market.crowd_kernels`."""
        listing = self._chunk, self._ordering, self._ordering_counts
        return (self.cash_cents, self.etf_shares), (self.order_shares, self.order_limit_cents), listing

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
        kernels.pay_rows(self.cash_cents, self.saving_weight, total_cents, whole, self.seed, day)

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

    def wealth_cents(self, etf_price_cents: int) -> int:
        """Cash and ETF shares at a price."""
        return self.cash_cents + self.etf_shares * etf_price_cents
