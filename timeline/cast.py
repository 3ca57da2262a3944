"""The cast takes its places: accounts, agents, registers and opening balances from a scenario, every cent with its
origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents.base import CarouselAgent, OutsideWorld
from ..agents.bond_buyer import BondBuyer
from ..agents.chip_maker import ChipMaker
from ..agents.cloud import CloudProvider
from ..agents.endowment import Endowment
from ..agents.funds import ActiveFund, AuthorizedParticipant, EtfSponsor
from ..agents.household import Holders
from ..agents.lab import AiLab
from ..agents.listed_firm import ListedFirm
from ..agents.venture import VentureInvestor
from ..engine.calendar import day_of
from ..ledger.causes import Cause, OriginClass
from ..ledger.owners import OwnersBehind
from ..ledger.registers import SecurityKind
from ..ledger.units import cents, split
from ..market.etf import cap_weight_basket
from ..market.price_board import Board, Listing, Memory
from ..scenarios.opening import creation_units
from ..scenarios.schema import BondBuyerKind, Scenario
from .credit_book import FACE_CENTS

if TYPE_CHECKING:
    from ..model import CarouselModel


def seat_cast(model: CarouselModel, scenario: Scenario) -> None:
    """Create everybody named in the scenario, outside world first, with their cash on day 0."""
    model.ai_customers = _outside(model, "AI customers", OriginClass.AI_CUSTOMERS)
    model.other_customers = _outside(model, "other customers", OriginClass.OTHER_CUSTOMERS)
    model.suppliers = _outside(model, "suppliers and staff", OriginClass.SUPPLIERS)
    model.house = model.books.journal.open_inside("clearing house")
    model.books.journal.declare_clearing_house(model.house)
    _seat_investors(model, scenario)
    _seat_firms(model, scenario)


def endow(model: CarouselModel, scenario: Scenario) -> None:
    """Hand out shares, ETF units and bonds, and open the board."""
    _hand_out_stakes(model, scenario)
    units = _open_etf(model, scenario)
    _hand_out_float(model, scenario, units)
    rules = model.behaviour
    model.board = Board.open(
        [
            Listing(f.name, f.slot, f.security, cents(f.facts.price_usd), f.facts.sector, f.facts.daily_volatility)
            for f in model.listed
        ],
        model.books.registers,
        [(fund.account, fund.facts.weight) for fund in model.funds],
        Memory(
            rules.opening_turnover_per_day,
            rules.volume_memory_per_day,
            rules.variance_memory_per_day,
            rules.variance_jump_limit,
        ),
    )
    _open_funds(model)
    _hand_out_bonds(model, scenario)


def _outside(model: CarouselModel, label: str, origin: OriginClass) -> int:
    """The outside account with this label: opened, with its Mesa agent, at its first mention."""
    if label not in model.outside:
        account = model.books.journal.open_outside(label, origin)
        model.outside[label] = account
        OutsideWorld(model, name=label, account=account)
    return model.outside[label]


def _open_account(model: CarouselModel, name: str, opening_usd: float, label: str | None, origin: OriginClass) -> int:
    """An inside account with its opening cash, which comes from somewhere: by default the firm's own past."""
    account = model.books.journal.open_inside(name)
    if opening_usd:
        source = _outside(model, label or f"{name}, legacy earnings", origin if label else OriginClass.LEGACY)
        model.books.journal.post(source, account, cents(opening_usd), Cause.OPENING)
    return account


def _seat_investors(model: CarouselModel, scenario: Scenario) -> None:
    """Venture investors, bond buyers and active funds (whose cash follows from their shares, later)."""
    for venture in scenario.venture_investor:
        partners = _outside(model, venture.partners, OriginClass.LIMITED_PARTNERS)
        account = _open_account(
            model,
            venture.name,
            venture.opening_cash_usd,
            venture.cash_origin or venture.partners,
            OriginClass.LIMITED_PARTNERS,
        )
        model.venture_investors.append(
            VentureInvestor(model, facts=venture, account=account, partners_account=partners)
        )
    for lender in scenario.bond_buyer:
        origin = OriginClass.BANK_CREDIT if lender.kind is BondBuyerKind.BANK else OriginClass.BOND_SAVERS
        savers = _outside(model, lender.savers, origin)
        account = _open_account(model, lender.name, lender.opening_cash_usd, lender.savers, origin)
        model.bond_buyers.append(BondBuyer(model, facts=lender, account=account, savers_account=savers))
    for i, fund in enumerate(scenario.active_fund):
        _outside(model, fund.savers, OriginClass.FUND_SAVERS)
        account = model.books.journal.open_inside(fund.name)
        model.funds.append(ActiveFund(model, facts=fund, account=account, index=i))


def _seat_firms(model: CarouselModel, scenario: Scenario) -> None:
    """Listed firms in the board's order, then labs, then plain parties."""
    registers = model.books.registers
    for facts in (*scenario.cloud, *scenario.chip_maker, *scenario.listed_firm):
        account = _open_account(model, facts.name, facts.opening_cash_usd, facts.cash_origin, OriginClass.LEGACY)
        security = registers.open_security(facts.name, SecurityKind.SHARE)
        kind = {"CloudProvider": CloudProvider, "ChipMaker": ChipMaker}.get(type(facts).__name__, ListedFirm)
        firm = kind(model, facts=facts, account=account, security=security, index=len(model.listed))
        model.listed.append(firm)
    for lab in scenario.lab:
        account = _open_account(model, lab.name, lab.opening_cash_usd, lab.cash_origin, OriginClass.LEGACY)
        security = registers.open_security(lab.name, SecurityKind.PRIVATE)
        model.labs.append(AiLab(model, facts=lab, account=account, security=security, payee_account=model.suppliers))
        if lab.shares:
            registers.issue(security, model.own_shares_account(lab.name), lab.shares)
    for plain in scenario.firm:
        account = _open_account(model, plain.name, plain.opening_cash_usd, plain.cash_origin, OriginClass.LEGACY)
        model.plain_firms.append(CarouselAgent(model, name=plain.name, account=account))
    for seated in model.labs:
        if seated.facts.revenue_share_payee is not None:
            seated.payee_account = model.books.journal.account(seated.facts.revenue_share_payee)


def _hand_out_stakes(model: CarouselModel, scenario: Scenario) -> None:
    """Named stakes: listed ones are issued to their owners, private ones come out of the founders' shares."""
    registers, names = model.books.registers, model.books.journal.names
    for stake in scenario.stake:
        owner = names.index(stake.owner)
        if stake.firm in model.lab_by_name:
            founders = model.own_shares_account(stake.firm)
            registers.transfer(model.lab_by_name[stake.firm].security, founders, owner, stake.shares)
        else:
            registers.issue(model.listed_by_name[stake.firm].security, owner, stake.shares)


def _open_etf(model: CarouselModel, scenario: Scenario) -> int:
    """The ETF's basket, its shares, its participant's inventory and the households' holdings; returns creation
    units."""
    etf = scenario.etf
    if etf is None:
        return 0
    journal, registers = model.books.journal, model.books.registers
    account = journal.open_inside(etf.name)
    security = registers.open_security(etf.name, SecurityKind.ETF)
    model.etf = EtfSponsor(model, facts=etf, account=account, security=security)
    participant = _open_account(
        model, etf.participant, etf.participant_cash_usd, etf.participant_origin, OriginClass.MARKET_MAKERS
    )
    model.participant = AuthorizedParticipant(model, facts=etf, account=participant)
    price = cents(etf.price_usd)
    retail_usd = scenario.households.etf_value_usd if scenario.households else 0.0
    units = creation_units(scenario)
    total = units * etf.creation_unit_shares
    shares_out = [firm.facts.shares for firm in model.listed]
    prices = [cents(firm.facts.price_usd) for firm in model.listed]
    model.basket = cap_weight_basket(shares_out, prices, price, etf.creation_unit_shares)
    for firm, each in zip(model.listed, model.basket, strict=True):
        if each:
            registers.issue(firm.security, account, int(each) * units)
    registers.issue(security, participant, total)
    if scenario.households and scenario.holders:
        _open_households(model, scenario, security, participant, min(total, cents(retail_usd) // price))
    return units


def _open_households(
    model: CarouselModel, scenario: Scenario, security: int, participant: int, etf_shares: int
) -> None:
    """The omnibus account of all households, its sub-ledger columns, and their part of the ETF."""
    house = scenario.households
    assert house is not None
    assert scenario.etf is not None
    journal, registers = model.books.journal, model.books.registers
    model.household_savers = _outside(model, house.savers, OriginClass.HOUSEHOLD_SAVINGS)
    model.omnibus = journal.open_inside("households")
    cash = cents(house.cash_usd)
    if cash:
        journal.post(model.household_savers, model.omnibus, cash, Cause.OPENING)
    if etf_shares:
        registers.transfer(security, participant, model.omnibus, etf_shares)
    rules = model.behaviour
    facts = Endowment(
        total_cash_cents=cash,
        total_etf_shares=etf_shares,
        etf_price_cents=cents(scenario.etf.price_usd),
        wealth_sigma=house.wealth_sigma,
        lean_spread=rules.holder_lean_spread,
        enthusiastic_share=house.enthusiastic_share,
        tired_share=house.tired_share,
        blocks=house.blocks,
        attention_per_day=rules.attention_per_day,
        attention_spread=rules.attention_spread,
        extrapolation_spread=rules.extrapolation_spread,
        enthusiasm_tilt=rules.enthusiasm_tilt,
        tired_tilt=rules.tired_tilt,
    )
    model.holders = Holders.endow(scenario.holders, facts, seed=model.seed)
    holders = model.holders
    model.books.owners.append(
        OwnersBehind(model.omnibus, security, holders.cash_cents, holders.etf_shares, holders.seal)
    )


def _hand_out_float(model: CarouselModel, scenario: Scenario, units: int) -> None:
    """Every share that nobody named holds goes to the active funds by weight, whole shares, none lost."""
    registers = model.books.registers
    weights = [fund.facts.weight for fund in model.funds]
    for firm in model.listed:
        left = firm.facts.shares - int(registers.outstanding[firm.security])
        if left > 0 and weights:
            for fund, shares in zip(model.funds, split(left, weights), strict=True):
                if shares:
                    registers.issue(firm.security, fund.account, shares)


def _open_funds(model: CarouselModel) -> None:
    """Each fund's cash: what its equity share leaves beside its shares at the opening prices."""
    for fund in model.funds:
        share = fund.facts.equity_share
        cash = round(model.board.holdings_value_cents(fund.account) * (1 - share) / share)
        if cash:
            model.books.journal.post(model.outside[fund.facts.savers], fund.account, cash, Cause.OPENING)


def _hand_out_bonds(model: CarouselModel, scenario: Scenario) -> None:
    """Bonds outstanding: held by the bond buyers in proportion to their means."""
    registers = model.books.registers
    means = [max(1.0, b.facts.opening_cash_usd) for b in model.bond_buyers]
    for bond in scenario.bond:
        firm = model.listed_by_name[bond.issuer]
        security = registers.open_security(bond.name, SecurityKind.BOND)
        model.credit.open(
            name=bond.name,
            firm=firm,
            security=security,
            coupon_per_year=bond.coupon_per_year,
            maturity_day=day_of(model.dates_ahead, bond.maturity),
        )
        for buyer, units in zip(model.bond_buyers, split(cents(bond.face_usd) // FACE_CENTS, means), strict=True):
            if units:
                registers.issue(security, buyer.account, units)
    model.credit.changed()
