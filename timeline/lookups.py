"""Who is who and what is public: the questions that every phase asks of the model. Nothing here moves money."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from ..agents.chip_maker import ChipMaker
from ..agents.cloud import CloudProvider
from ..agents.commitments import Buildout, Commitment
from ..agents.lab import AiLab
from ..engine.calendar import DAYS_PER_MONTH, DAYS_PER_QUARTER
from ..engine.chance import Decision, whole
from ..engine.kernels import njit
from ..narrative import network
from ..narrative.announcements import Announcement, Draft, Instrument
from ..narrative.contagion import shares as story_shares
from ..narrative.credibility import credibility
from ..scenarios.schema import ChipSupply

if TYPE_CHECKING:
    from ..agents.bond_buyer import BondBuyer
    from ..agents.funds import ActiveFund, AuthorizedParticipant, EtfSponsor
    from ..agents.household import Holders
    from ..agents.listed_firm import ListedFirm
    from ..agents.own_demand import OwnDemand
    from ..agents.venture import VentureInvestor
    from ..ledger.books import Books
    from ..market.price_board import Board
    from ..narrative.announcements import AnnouncementBoard
    from ..scenarios.behaviour import Behaviour
    from ..scenarios.schema import MilestoneInvestment, Scenario
    from .beliefs import Beliefs
    from .households import HouseholdsDay
    from .loan_book import LoanBook


@njit(cache=True)
def first_off_basket(holdings, account, securities, units, basket):  # type: ignore[no-untyped-def]
    """The first place where an account (a row of int64[accounts, securities]) holds not so many baskets; else -1."""
    for place in range(securities.size):
        if holdings[account, securities[place]] != units * basket[place]:
            return place
    return -1


class HasSlot(Protocol):
    """Whatever has a permanent slot for its luck."""

    @property
    def slot(self) -> int: ...


Party = TypeVar("Party", bound=HasSlot)

BILLS_AHEAD_MONTHS = 6
"""Bills a lab plans with: capacity in service, and what goes into service within half a year."""
TREND_DAYS = 126
"""Half a year: the horizon of the trend that venture investors look at."""


class Lookups:
    """Mixed into the model: indices of the cast, public figures, notes and announcements for tomorrow."""

    # what the model has, for the reader and the type checker
    books: Books
    board: Board
    basket: np.ndarray
    behaviour: Behaviour
    beliefs: Beliefs
    announcements: AnnouncementBoard
    buildouts: dict[int, Buildout]
    milestone_terms: dict[int, MilestoneInvestment]
    supplies: dict[str, list[ChipSupply]]
    listed: list[ListedFirm]
    loans: LoanBook
    own_demand: dict[int, OwnDemand]
    scenario_data: Scenario
    labs: list[AiLab]
    venture_investors: list[VentureInvestor]
    bond_buyers: list[BondBuyer]
    funds: list[ActiveFund]
    etf: EtfSponsor | None
    participant: AuthorizedParticipant | None
    holders: Holders | None
    holders_day: HouseholdsDay
    new_events: list[tuple[Any, ...]]
    day: int
    seed: int

    @property
    def month(self) -> int:
        """Months of 21 trading days since the start."""
        return self.day // DAYS_PER_MONTH

    @property
    def is_month_end(self) -> bool:
        """Whether today is the last trading day of a month of 21."""
        return self.day > 0 and self.day % DAYS_PER_MONTH == 0

    @property
    def is_quarter_end(self) -> bool:
        """Whether today is the last trading day of a quarter of 63."""
        return self.day > 0 and self.day % DAYS_PER_QUARTER == 0

    def index_cast(self) -> None:
        """Indices by name and account, once everybody is seated."""
        self.listed_by_name = {f.name: f for f in self.listed}
        self.clouds = [f for f in self.listed if isinstance(f, CloudProvider)]
        self.chip_makers = [f for f in self.listed if isinstance(f, ChipMaker)]
        self.cloud_by_name = {f.name: f for f in self.clouds}
        self.chip_maker_by_name = {f.name: f for f in self.chip_makers}
        self.lab_by_name = {lab.name: lab for lab in self.labs}
        self.firm_by_account = {f.account: f for f in (*self.listed, *self.labs)}
        self.venture_by_account = {v.account: v for v in self.venture_investors}
        borrowers = {loan.borrower for loan in self.scenario_data.vendor_loan}
        self.listed_borrowers = [f for f in self.listed if f.name in borrowers]
        self.circle_values = [self.circle_value_usd_at_start()]

    def name_of(self, account: int) -> str:
        """Name of an account's owner."""
        return self.books.journal.names[account]

    def is_in_default(self, account: int) -> bool:
        """Whether an account belongs to a firm that has defaulted: nobody gives it credit."""
        firm = self.firm_by_account.get(account)
        return firm is not None and firm.is_defaulted

    def contract_name(self, number: int) -> str:
        """Name of a commitment; empty for none."""
        return self.beliefs.commitments[number].name if number >= 0 else ""

    def own_shares_account(self, lab: str) -> int:
        """Account of a lab's founders and staff, who hold what no investor holds."""
        name = f"{lab}, founders and staff"
        names = self.books.journal.names
        return names.index(name) if name in names else self.books.journal.open_inside(name)

    def note(self, kind: str, *, agent: str, counterparty: str = "", cents: int = 0, detail: str = "") -> None:
        """Write an event of today into the chronicle: what happened, to whom, how much."""
        self.new_events.append((self.day, kind, agent, counterparty, int(cents), detail))

    def announce_tomorrow(
        self,
        *,
        firm: str,
        counterparty: str,
        instrument: str,
        text: str,
        cents: int,
        direction: int,
        commitment: int = -1,
    ) -> Announcement:
        """Decided today, public tomorrow."""
        return self.announcements.schedule(
            self.day + 1,
            Draft(
                firm=firm,
                counterparty=counterparty,
                instrument=Instrument(instrument),
                text=text,
                announced_cents=cents,
                direction=direction,
                commitment=commitment,
            ),
        )

    def commitments_of(self, name: str) -> list[Commitment]:
        """Living, public commitments that a firm is a party to."""
        return [c for c in self.beliefs.commitments_of(name) if c.is_alive and c.is_public]

    def milestone_commitments(self, supplier: str, lab: str) -> list[Commitment]:
        """Living milestone investments of a supplier in a lab."""
        return [c for c in self.commitments_of(lab) if c.kind == "milestone" and c.payer == supplier]

    def lends_for(self, supplier: str, buyer: str) -> bool:
        """Whether a supplier's line to a buyer is alive and public: it counts the sales that the line pays for."""
        return any(c.kind == "vendor_loan" and c.payer == supplier for c in self.commitments_of(buyer))

    def business_usd_per_year(self, cloud: CloudProvider, *, years_ahead: float = 0.0) -> float:
        """What a cloud's business outside contracts earns a year before debt service: own customers included.

        Ahead: with demand as expected by then, for all that it has begun to build.
        """
        facts, ahead = cloud.facts, years_ahead > 0
        earned = (facts.revenue_usd_per_year - facts.costs_usd_per_year) * cloud.growth_factor(self.day)
        earned -= cloud.delivered_mw * facts.operating_cost_usd_per_gw_year / 1000
        for build in cloud.buildouts:
            if build.is_own:
                demand = self.own_demand[build.contract]
                megawatts = build.started_mw if ahead else build.delivered_mw
                earned += demand.revenue_usd_per_year(megawatts, demand.growth_ahead(self.day, years_ahead))
                earned -= (megawatts - build.delivered_mw) * facts.operating_cost_usd_per_gw_year / 1000
        return earned

    def supplies_of(self, cloud: str) -> list[ChipSupply]:
        """Who equips a cloud's capacity, at which cost."""
        return self.supplies.get(cloud, [])

    def buildout_of(self, number: int) -> Buildout:
        """The building side of a compute contract."""
        return self.buildouts[number]

    def open_buildout(self, commitment: Commitment) -> None:
        """Hand a contract to its provider's builders."""
        self.cloud_by_name[commitment.payee].buildouts.append(self.buildouts[commitment.number])

    def yearly_bill_usd(self, commitment: Commitment) -> float:
        """A compute contract's bill per year at full capacity."""
        return commitment.contracted_mw * self.buildouts[commitment.number].price_usd_per_mw_year

    def build_gw_per_year(self, commitment: Commitment) -> float:
        """Rate at which a contract's capacity is being built, in GW per year."""
        build = self.buildouts[commitment.number]
        return min(build.contracted_mw / 1000, self.cloud_by_name[commitment.payee].facts.build_gw_per_year_max)

    def milestone_years(self, commitment: Commitment) -> float:
        """Years over which a milestone investment is spread."""
        return float(self.milestone_terms[commitment.number].years)

    def bills_usd_per_year(self, lab: AiLab) -> float:
        """Compute bills a lab plans with, per year: in service now and within half a year."""
        total = 0.0
        for number, build in self.buildouts.items():
            if build.customer == lab.name and self._is_in_force(number):
                soon = sum(p.megawatts for p in build.phases if p.service_month <= self.month + BILLS_AHEAD_MONTHS)
                total += (build.delivered_mw + soon) * build.price_usd_per_mw_year
        return total

    def _is_in_force(self, number: int) -> bool:
        """Whether a commitment is public and alive."""
        commitment = self.beliefs.commitments[number]
        return commitment.is_alive and commitment.is_public

    def promised_usd_per_year(self, lab: AiLab) -> float:
        """What a lab will owe a year for capacity in service or under construction: the promises it must soon meet."""
        alive = (n for n, b in self.buildouts.items() if b.customer == lab.name and self._is_in_force(n))
        return sum(self.buildouts[n].started_mw * self.buildouts[n].price_usd_per_mw_year for n in alive)

    def relative_credibility(self, lab: AiLab) -> float:
        """Mean credibility of a lab's compute contracts relative to what it was when they were new; 1 without any."""
        contracts = [c for c in self.commitments_of(lab.name) if c.kind == "compute"]
        if not contracts:
            return 1.0
        fresh = sum(credibility(c.opening_log_odds, 0.0) for c in contracts)
        return sum(credibility(c.log_odds, 0.0) for c in contracts) / fresh

    def lab_fair_price_cents(self, lab: AiLab) -> int:
        """Value per share of a lab at its marked value."""
        return max(1, round(100 * lab.value_usd() / int(self.books.registers.outstanding[lab.security])))

    def firm_value_usd(self, name: str) -> float:
        """Market value of a listed firm, marked value of a lab, in USD."""
        if name in self.listed_by_name:
            return self.listed_by_name[name].market_value_cents / 100
        return self.lab_by_name[name].value_usd() if name in self.lab_by_name else 0.0

    def circle_value_usd_at_start(self) -> float:
        """Market value of clouds and chip makers before the first trade, in USD."""
        return sum(f.facts.price_usd * f.facts.shares for f in (*self.clouds, *self.chip_makers))

    def ai_trend(self) -> float:
        """Half-year log return of the listed AI firms (clouds and chip makers) together."""
        past = self.circle_values[-min(len(self.circle_values), TREND_DAYS)]
        return math.log(self.circle_values[-1] / past) if past > 0 else 0.0

    def story_shares(self) -> tuple[float, float, float]:
        """Susceptible, enthusiastic and tired share of all holders; everybody susceptible when there are none."""
        return story_shares(self.holders_day.counts) if self.holders is not None else (1.0, 0.0, 0.0)

    def ownership_links(self, node: dict[str, int]) -> tuple[list[network.Link], list[network.Link]]:
        """Stakes of firms in firms (owner hears of what it owns), and loans of firms to firms (the lender hears of its
        borrower)."""
        stakes = []
        owned = (*self.listed, *self.labs)
        held = self.books.registers.holdings[
            np.ix_([owner.account for owner in self.listed], [firm.security for firm in owned])
        ]
        for row, column in zip(*(at.tolist() for at in held.nonzero()), strict=True):
            owner, firm = self.listed[row], owned[column]
            if firm is not owner:
                worth = held.item(row, column) * firm.price_cents / 100
                whole = max(worth, owner.market_value_cents / 100)
                stakes.append(network.Link(node[owner.name], node[firm.name], worth, whole))
        loans = []
        for loan in self.loans.loans:
            lender, borrower = loan.terms.lender, loan.terms.borrower
            if loan.outstanding_cents and lender in node and borrower in node:
                lent = loan.outstanding_cents / 100
                worth = max(lent, self.listed_by_name[lender].market_value_cents / 100)
                loans.append(network.Link(node[lender], node[borrower], lent, worth))
        return stakes, loans

    def in_keyed_order(self, parties: Sequence[Party]) -> list[Party]:
        """Who is served first today, where something is scarce: drawn anew each day, never the order of a file."""
        return sorted(parties, key=lambda p: whole(self.seed, Decision.BOARD, self.day, p.slot))

    def lab_stakes_cents(self, account: int) -> int:
        """Value of an account's shares of labs, at the price of their last rounds, and of listed firms that a vendor
        lends to, at their last close."""
        held = self.books.registers.holdings[account]
        value = sum(int(held[lab.security]) * lab.price_cents for lab in self.labs)
        return value + sum(int(held[firm.security]) * firm.price_cents for firm in self.listed_borrowers)

    def lap_step(self, investor: str, investee: str) -> int:
        """1 if the investee's spending reaches the investor again along contracts and supplies: the money starts a
        lap."""
        pays: dict[str, set[str]] = {}
        for c in self.beliefs.commitments:
            if c.kind == "compute" and c.is_alive and c.is_public:
                pays.setdefault(c.payer, set()).add(c.payee)
        for buyer, supplies in self.supplies.items():
            pays.setdefault(buyer, set()).update(s.supplier for s in supplies)
        seen, frontier = {investee}, [investee]
        while frontier:
            for name in pays.get(frontier.pop(), ()):
                if name == investor:
                    return 1
                if name not in seen:
                    seen.add(name)
                    frontier.append(name)
        return 0

    def basket_gaps(self) -> Iterable[tuple[str, str, int]]:
        """The ETF's identity: basket held = creation units x basket, share by share."""
        assert self.etf is not None
        registers = self.books.registers
        units, rest = divmod(registers.outstanding.item(self.etf.security), self.etf.facts.creation_unit_shares)
        if rest:
            yield "ETF shares in whole creation units", self.etf.name, rest
        trust, securities = self.etf.account, self.board.securities
        if not rest and first_off_basket(registers.holdings, trust, securities, units, self.basket) < 0:
            return
        held = registers.holdings[trust, securities]
        for index in (held - units * self.basket).nonzero()[0]:
            yield (
                "ETF basket held = ETF shares x basket",
                self.board.names[index],
                int(held[index] - units * self.basket[index]),
            )
