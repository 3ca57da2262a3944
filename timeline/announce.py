"""Announce: what firms decided yesterday, what the scenario schedules and what a user injects becomes public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents.commitments import BUILDS, Commitment, Status
from ..narrative import attention
from ..narrative.announcements import Announcement
from ..narrative.credibility import credibility, start_log_odds

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
    # the next of a series surprises in part only: what was expected of it is in the price already, and stays there
    surprise = attention.surprise_share(_similar(model, item))
    commitment.profit_usd_per_year = surprise * model.announced_profit_usd[commitment.number]
    if commitment.kind in BUILDS or commitment.kind == "vendor_loan":
        commitment.committed_cents = commitment.announced_cents
        model.announcements.commit(item.number, commitment.announced_cents)
        commitment.move(Status.BINDING)
    if commitment.kind in BUILDS:
        model.open_buildout(commitment)
    model.note(
        "announced", agent=item.firm, counterparty=item.counterparty, cents=item.announced_cents, detail=item.text
    )


def _similar(model: CarouselModel, item: Announcement) -> float:
    """Similar announcements still in mind: those on the board and those that came before the run."""
    known = attention.recent_similar(model.announcements.similar_days(item), model.day)
    return known + attention.remembered_before(item.prior_similar_90d)


def shock(model: CarouselModel, item: Announcement) -> None:
    """Add an announcement's shocks to its firm and to who is endorsed by it: concave in size, louder while fewer have
    heard the story, and where little is known (MODEL.md s. 5)."""
    if item.direction == 0:
        return
    _, enthusiastic, tired = model.story_shares()
    # good news surprises those who have not caught the story; bad news surprises the enthusiastic as well
    heard = attention.attention(enthusiastic if item.direction > 0 else 0.0, tired, _similar(model, item))
    rules = model.behaviour
    weight = 1.0 if item.direction > 0 else rules.bad_news_weight
    _add_shock(model, item, item.firm, heard, weight * rules.announcement_impulse)
    if item.endorsed:
        impulse = weight * rules.endorsement_impulse * _endorsement_credibility(model, item)
        _add_shock(model, item, item.endorsed, heard, impulse, attention.ENDORSED_SHARE_MAX)


def _endorsement_credibility(model: CarouselModel, item: Announcement) -> float:
    """How far a subscription is believed, for the part of it that vouches: its size against its receiver, up to the
    bound beyond which more money vouches no louder."""
    size = item.announced_cents / 100 / max(1.0, model.firm_value_usd(item.endorsed))
    log_odds = start_log_odds(item.instrument, model.behaviour, min(attention.ENDORSED_SHARE_MAX, size))
    return credibility(log_odds, 0.0)


def _add_shock(
    model: CarouselModel, item: Announcement, firm: str, heard: float, impulse: float, size_max: float = 1.0
) -> None:
    """One announcement's shock on one firm."""
    node = model.beliefs.node_of.get(firm)
    if node is None:
        return
    listed = model.listed_by_name.get(firm)
    model.beliefs.shock[node] += attention.announcement_shock(
        direction=item.direction,
        amount_usd=item.announced_cents / 100,
        market_value_usd=max(1.0, model.firm_value_usd(firm)),
        attention=heard,
        impulse=impulse,
        concavity=model.behaviour.announcement_concavity,
        size_max=size_max,
        uncertainty=attention.uncertainty(None if listed is None else listed.facts.daily_volatility),
    )
