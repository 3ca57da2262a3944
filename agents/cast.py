"""The cast: everybody who takes part, by kind, name and account."""

from __future__ import annotations

from .active_fund import ActiveFund
from .base import CarouselAgent
from .bond_buyer import BondBuyer
from .chip_maker import ChipMaker
from .cloud import CloudProvider
from .fund_desk import FundDesk
from .household import Holders
from .households import Households
from .lab import AiLab
from .listed_firm import ListedFirm
from .outside_flows import OutsideFlow
from .participant import AuthorizedParticipant, EtfSponsor
from .savers import MonthReturn
from .savings_plans import SavingsPlans
from .sight import Sight
from .venture import VentureInvestor

NOBODY = -1


class Cast:
    """Agents in the order of the scenario, and the accounts of the world outside."""

    def __init__(self, sight: Sight, fund_desk: FundDesk) -> None:
        self.sight = sight
        """What everybody may see."""
        self.fund_desk = fund_desk
        """Where the active funds' orders are made."""
        self.outside_flows: list[OutsideFlow] = []
        """Money that arrives or leaves with an order, in experiments."""
        self.outside: dict[str, int] = {}
        """Accounts of the outside world by label."""
        self.ai_customers = self.other_customers = self.suppliers = self.household_savers = NOBODY
        self.clearing_house = NOBODY
        self.omnibus = NOBODY
        """Account behind which all households stand."""
        self.listed: list[ListedFirm] = []
        """In the order of the price board: clouds, chip makers, passive firms."""
        self.clouds: list[CloudProvider] = []
        self.chip_makers: list[ChipMaker] = []
        self.labs: list[AiLab] = []
        self.plain_firms: list[CarouselAgent] = []
        """Parties that only owe and are owed."""
        self.venture_investors: list[VentureInvestor] = []
        self.bond_buyers: list[BondBuyer] = []
        self.funds: list[ActiveFund] = []
        self.all_shares = MonthReturn()
        """All listed shares together, with which savers compare their funds."""
        self.plans: SavingsPlans | None = None
        self.etf: EtfSponsor | None = None
        self.participant: AuthorizedParticipant | None = None
        self.households: Households | None = None
        self.small_shareholders: dict[str, int] = {}
        """Accounts of households that buy shares when a lab is listed, by lab."""
        self.founders: dict[str, int] = {}
        """Accounts of labs' founders and staff, who hold what no investor holds, by lab."""
        self.revenue_share_payees: dict[int, int] = {}
        """Accounts by account of the lab."""
        self.listed_by_name: dict[str, ListedFirm] = {}
        self.lab_by_name: dict[str, AiLab] = {}
        self.cloud_by_name: dict[str, CloudProvider] = {}
        self.chip_maker_by_name: dict[str, ChipMaker] = {}
        self.firm_by_account: dict[int, ListedFirm | AiLab] = {}
        self.venture_by_account: dict[int, VentureInvestor] = {}

    def open_counters(self, *, ai_customers: int, other_customers: int, suppliers: int, clearing_house: int) -> None:
        """The accounts with which everybody deals: two kinds of customers, suppliers, the clearing house."""
        self.ai_customers, self.other_customers, self.suppliers = ai_customers, other_customers, suppliers
        self.clearing_house = clearing_house

    def seat_etf(self, etf: EtfSponsor, participant: AuthorizedParticipant) -> None:
        """The ETF's two hands take their places."""
        self.etf, self.participant = etf, participant

    def open_household_accounts(self, *, savers: int, omnibus: int) -> None:
        """Where households' savings come from, and the account behind which all of them stand."""
        self.household_savers, self.omnibus = savers, omnibus

    def seat_plans(self, plans: SavingsPlans) -> None:
        """The savings plans take their place."""
        self.plans = plans

    def seat_households(self, households: Households) -> None:
        """The households take their places."""
        self.households = households

    def seat_listed(self, firm: ListedFirm) -> None:
        """A listed firm takes its place."""
        self.listed.append(firm)
        self.listed_by_name[firm.name] = self.firm_by_account[firm.account] = firm
        if isinstance(firm, CloudProvider):
            self.clouds.append(firm)
            self.cloud_by_name[firm.name] = firm
        elif isinstance(firm, ChipMaker):
            self.chip_makers.append(firm)
            self.chip_maker_by_name[firm.name] = firm

    def seat_lab(self, lab: AiLab, founders: int, small_shareholders: int | None = None) -> None:
        """A lab takes its place, with the account of its founders and staff, and that of households who may buy its
        shares."""
        if small_shareholders is not None:
            self.small_shareholders[lab.name] = small_shareholders
        self.labs.append(lab)
        self.lab_by_name[lab.name] = self.firm_by_account[lab.account] = lab
        self.founders[lab.name] = founders

    def seat_investor(self, investor: VentureInvestor) -> None:
        """A venture investor takes its place."""
        self.venture_investors.append(investor)
        self.venture_by_account[investor.account] = investor

    def firm(self, name: str) -> ListedFirm | AiLab | None:
        """A listed firm or lab by name."""
        return self.listed_by_name.get(name) or self.lab_by_name.get(name)

    def investor(self, name: str) -> VentureInvestor:
        """A venture investor by name. Raises: KeyError if there is none."""
        for investor in self.venture_investors:
            if investor.name == name:
                return investor
        raise KeyError(name)

    def payee_of(self, lab: AiLab) -> int:
        """Account that receives a lab's revenue share: whoever is named, or its suppliers."""
        return self.revenue_share_payees.get(lab.account, self.suppliers)

    def value_usd(self, name: str) -> float:
        """Market value of a listed firm, marked value of a lab, 0 of anybody else."""
        firm = self.firm(name)
        if isinstance(firm, ListedFirm):
            return firm.market_value_cents / 100
        return firm.value_usd() if firm is not None else 0.0

    @property
    def board_labs(self) -> list[AiLab]:
        """Labs that are or may be listed, in the order of their rows on the board, which follow those of `listed`."""
        return sorted((lab for lab in self.labs if lab.index >= 0), key=lambda lab: lab.index)

    @property
    def holders(self) -> Holders | None:
        """Columns of all households."""
        return self.households.holders if self.households is not None else None

    def story_shares(self) -> tuple[float, float, float]:
        """Susceptible, enthusiastic and tired share of all holders; everybody susceptible when there are none."""
        return self.households.story_shares if self.households is not None else (1.0, 0.0, 0.0)

    @property
    def circle(self) -> list[ListedFirm]:
        """Clouds and chip makers: the listed firms of the circle."""
        return [*self.clouds, *self.chip_makers]
