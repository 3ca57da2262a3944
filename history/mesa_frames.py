"""A recorded run as Mesa's own collector hands one out: frames by step, or by step and agent.

Agents are known by their names, households by their rows, where Mesa counts. What an agent has no value of is missing;
whole numbers stay whole all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from ..agents.active_fund import ActiveFund
from ..agents.base import CarouselAgent
from ..agents.bond_buyer import BondBuyer
from ..agents.chip_maker import ChipMaker
from ..agents.cloud import CloudProvider
from ..agents.household import RetailHolder
from ..agents.lab import AiLab
from ..agents.listed_firm import ListedFirm
from ..agents.participant import AuthorizedParticipant
from ..agents.venture import VentureInvestor
from ..scenarios.schema_holders import BondBuyerKind
from .choice import ChoiceError
from .everybody import HOLDER, everybody

INDEX = ["Step", "AgentID"]
STAMP = ("day", "date")
CHANGED = "holders_changed"


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where the agents of a class stand: the table, the column that names them, their kinds in it; and what columns are
    called of the agent where the table has others beside it."""

    table: str
    named_by: str
    kinds: tuple[str, ...] = ()
    called: tuple[tuple[str, str], ...] = ()

    def frame(self, table: pd.DataFrame) -> pd.DataFrame:
        """Their rows, by step and agent."""
        rows = table[table["kind"].isin(self.kinds)] if self.kinds else table
        if self.called:
            rows = rows[["day", self.named_by, *(column for column, _ in self.called)]].rename(
                columns=dict(self.called)
            )
        rows = rows.rename(columns={"day": INDEX[0], self.named_by: INDEX[1]})
        return rows.drop(columns=[name for name in (*STAMP, "kind") if name in rows]).set_index(INDEX)


def _firm(agent: type[CarouselAgent]) -> Recorded:
    return Recorded("firms", "firm", (agent.kind,))


RECORDED: dict[type, Recorded] = {
    AiLab: _firm(AiLab),
    CloudProvider: _firm(CloudProvider),
    ChipMaker: _firm(ChipMaker),
    ListedFirm: _firm(ListedFirm),
    VentureInvestor: Recorded("investors", "investor", (VentureInvestor.kind,)),
    BondBuyer: Recorded("investors", "investor", tuple(BondBuyerKind)),
    ActiveFund: Recorded("funds", "fund"),
    AuthorizedParticipant: Recorded("etf", "participant", called=(
        ("participant_cash_cents", "cash_cents"), ("participant_etf_shares", "etf_shares"),
        ("participant_shares_cents", "shares_cents"),
    )),
    RetailHolder: Recorded("holders", HOLDER),
}  # fmt: skip
"""The agents of each class. Of households the sample of a hundred, where not everybody was kept."""


class MesaFrames:
    """The frames of a run; methods are called as those of `mesa.DataCollector`."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], seed: int) -> None:
        self._tables, self._seed = tables, seed

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """The seed, the day and the six series of the model's own collector, a row for each day from the first.

        Raises: ChoiceError for a run that has not kept the tables they are in.
        """
        firms, etf, crowd = (self._table(name) for name in ("firms", "etf", "households"))
        labs = firms[firms["kind"] == AiLab.kind].groupby("day")
        clouds = firms[firms["kind"] == CloudProvider.kind].groupby("day")
        circle = firms[firms["kind"].isin([CloudProvider.kind, ChipMaker.kind])].groupby("day")
        holders = crowd.set_index("day")[["susceptible", "enthusiastic", "tired"]]
        frame = pd.DataFrame(
            {
                "circle_value_usd": circle["valuation_cents"].sum() / 100,
                "lab_value_usd": labs["valuation_cents"].sum() / 100,
                "lab_cash_usd": labs["cash_cents"].sum() / 100,
                "delivered_mw": clouds["capacity_mw"].sum(),
                "etf_price_usd": etf.set_index("day")["price_cents"] / 100,
                "enthusiastic_share": holders["enthusiastic"] / holders.sum(axis=1),
            }
        )
        frame.insert(0, "seed", self._seed)
        frame.insert(1, "day", frame.index)
        return frame.loc[1:].reset_index(drop=True)

    def get_agent_vars_dataframe(self) -> pd.DataFrame:
        """Everybody that the run has kept, by step and agent."""
        return _together(self._of(agent) for agent in RECORDED if self._holds(agent))

    def get_agenttype_vars_dataframe(self, agent_type: type) -> pd.DataFrame:
        """The agents of a class, or of all classes below it, by step and agent.

        Raises: ChoiceError for a class of which no agents are recorded, or whose table the run has not kept.
        """
        if agent_type in RECORDED:
            return self._of(agent_type)
        below = [agent for agent in RECORDED if issubclass(agent, agent_type)]
        if not below:
            allowed = ", ".join(agent.__name__ for agent in RECORDED)
            raise ChoiceError("agent_type", agent_type.__name__, f"a class above these, or one of {allowed}")
        return _together(self._of(agent) for agent in below if self._holds(agent))

    def _of(self, agent: type) -> pd.DataFrame:
        place = RECORDED[agent]
        if agent is RetailHolder and CHANGED in self._tables:
            return place.frame(everybody(self._tables[CHANGED]))
        return place.frame(self._table(place.table))

    def _holds(self, agent: type) -> bool:
        return RECORDED[agent].table in self._tables or (agent is RetailHolder and CHANGED in self._tables)

    def _table(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            raise ChoiceError("mesa", f"a run without {name}", f"one that kept it: simulate --keep {name}")
        return self._tables[name]


def _together(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Frames one below the other in the order of the steps; a whole number that somebody has not is missing."""
    whole = pd.concat([_with_room_for_nulls(frame) for frame in frames if len(frame)])
    return whole.sort_index(level=INDEX[0], sort_remaining=False, kind="stable")


def _with_room_for_nulls(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({name: "Int64" for name in frame if pd.api.types.is_integer_dtype(frame[name])})
