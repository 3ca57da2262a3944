"""Announce: what firms decided yesterday, what the scenario schedules and what a user injects becomes public."""

from __future__ import annotations

from ..narrative import attention
from ..narrative.announcements import Announcement
from ..narrative.beliefs import Heard
from ..narrative.chronicle import FirstDay, Happening
from .update_beliefs import rebuild_network
from .world import World


def announce(world: World) -> None:
    """Release today's announcements: promises enter the public mind, firms' narrative multiples are shocked."""
    is_new = False
    released = world.chronicle.release()
    for item in released:  # before any of them is heard
        before_cents = round(100 * world.cast.value_usd(item.firm))
        world.chronicle.remember_first_day(item.number, FirstDay(before_cents, None, None))
    for item in released:
        similar = _similar(world, item)
        contract = world.contracts.by_number(item.commitment)
        if contract is not None and contract.announcement == item.number:
            # the next of a series surprises in part only: what was expected of it is in the price already
            contract.become_public(attention.surprise_share(similar))
            world.chronicle.note(
                Happening.ANNOUNCED,
                agent=item.firm,
                counterparty=item.counterparty,
                cents=item.announced_cents,
                detail=item.text,
            )
            is_new = True
        _, enthusiastic, tired = world.cast.story_shares()
        values = {name: world.cast.value_usd(name) for name in (item.firm, item.endorsed)}
        world.beliefs.hear(item, Heard(enthusiastic, tired, similar), values)
    if is_new:
        rebuild_network(world)


def _similar(world: World, item: Announcement) -> float:
    """Similar announcements still in mind, of the firm and, with their weight, of others: those on the board and those
    that came before the run."""
    rules = world.scenario_data.behaviour
    own, others = (
        attention.recent_similar(days, world.clock.day, rules.fatigue_memory_days)
        + attention.remembered_before(before, attention.PRIOR_WINDOW_DAYS, rules.fatigue_memory_days)
        for days, before in zip(
            world.chronicle.announcements.similar_days(item),
            (item.prior_similar_90d, item.prior_others_90d),
            strict=True,
        )
    )
    return own + rules.fatigue_from_others * others
