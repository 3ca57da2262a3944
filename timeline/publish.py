"""Publish: how far a new promise is believed, and the day on which everybody hears of it."""

from __future__ import annotations

from datetime import date

from ..contracts.promised import PublicContract
from ..narrative.announcements import Draft, Instrument
from ..narrative.credibility import start_log_odds
from .world import World


def odds(world: World, instrument: Instrument, firm: str = "", announced_usd: float = 0.0) -> float:
    """Log-odds at the start: by kind, and by the announced sum over the value of who has to make it true."""
    size = announced_usd / max(1.0, world.cast.value_usd(firm)) if announced_usd else 0.0
    return start_log_odds(instrument, world.scenario_data.behaviour, size)


def publish(world: World, contract: PublicContract, when: date | None, text: str, other: str) -> None:
    """Put a promise on the calendar; one known before the start is in the price, and its profit leaves base
    earnings."""
    promise = contract.promise
    if when is None:
        contract.known_from_start()
        world.beliefs.take_out_of_base(promise.beneficiary, contract.believed_share * contract.profit_usd_per_year)
        return
    item = world.chronicle.announcements.schedule(
        world.clock.day_of(when),
        Draft(
            firm=promise.beneficiary,
            counterparty=other,
            instrument=promise.instrument,
            unit=promise.unit,
            text=text,
            announced_cents=promise.announced_cents,
            commitment=contract.number,
            endorsed=promise.payee if contract.endorses else "",
            direction=contract.told_as,
        ),
    )
    contract.to_be_announced(item.number)
