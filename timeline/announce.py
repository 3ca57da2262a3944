"""Announce: what firms decided yesterday, what the scenario schedules and what a user injects becomes public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents.commitments import BUILDS, Commitment, Status
from ..narrative import attention
from ..narrative.announcements import Announcement

if TYPE_CHECKING:
    from ..model import CarouselModel


def announce(model: CarouselModel) -> None:
    """Release today's announcements: promises enter the public mind, firms' narrative multiples are shocked."""
    released = model.released_today = model.announcements.release(model.day)
    if not released:
        return
    is_new = False
    for item in released:
        if item.commitment >= 0 and item.number == model.beliefs.commitments[item.commitment].announcement:
            _begin(model, model.beliefs.commitments[item.commitment], item)
            is_new = True
        shock(model, item)
    model.beliefs.promises_changed()
    if is_new:
        model.rebuild_network()


def _begin(model: CarouselModel, commitment: Commitment, item: Announcement) -> None:
    """A promise is public: a contract binds from its announcement, a letter of intent binds nobody."""
    commitment.is_public = True
    commitment.profit_usd_per_year = model.announced_profit_usd[commitment.number]
    if commitment.kind in BUILDS or commitment.kind == "vendor_loan":
        commitment.committed_cents = commitment.announced_cents
        model.announcements.commit(item.number, commitment.announced_cents)
        commitment.move(Status.BINDING)
    if commitment.kind in BUILDS:
        model.open_buildout(commitment)
    model.note(
        "announced", agent=item.firm, counterparty=item.counterparty, cents=item.announced_cents, detail=item.text
    )


def shock(model: CarouselModel, item: Announcement) -> None:
    """Add an announcement's shock to its firm: concave in size, louder while fewer have heard the story (MODEL.md s.
    5)."""
    node = model.beliefs.node_of.get(item.firm)
    if node is None or item.direction == 0:
        return
    _, enthusiastic, tired = model.story_shares()
    similar = attention.recent_similar(model.announcements.similar_days(item), model.day)
    # good news surprises those who have not caught the story; bad news surprises the enthusiastic as well
    heard = attention.attention(enthusiastic if item.direction > 0 else 0.0, tired, similar)
    weight = 1.0 if item.direction > 0 else model.behaviour.bad_news_weight
    size = attention.announcement_shock(
        direction=item.direction,
        amount_usd=item.announced_cents / 100,
        market_value_usd=max(1.0, model.firm_value_usd(item.firm)),
        attention=heard,
        impulse=weight * model.behaviour.announcement_impulse,
        concavity=model.behaviour.announcement_concavity,
    )
    model.beliefs.shock[node] += size
