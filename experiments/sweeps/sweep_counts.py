"""How many points and runs a sweep asks for, reckoned without laying any of them out."""

from __future__ import annotations

import math

from .sweep_parts import Axis, DesignKind, Plan


def axis_levels(plan: Plan, axis: Axis) -> int:
    """Values of a grid along an axis."""
    return len(axis.given) or axis.steps or plan.design.steps or 0


def points_of(plan: Plan) -> int:
    """Points of the first round."""
    design, axes = plan.design, list(plan.vary.values())
    match design.kind:
        case DesignKind.GRID:
            return math.prod(axis_levels(plan, axis) for axis in axes)
        case DesignKind.LATIN_HYPERCUBE:
            return design.points or 0
        case DesignKind.SOBOL:
            return (design.points or 0) * (len(axes) + 2)
        case DesignKind.MORRIS:
            return (design.trajectories or 0) * (len(axes) + 1)
        case DesignKind.LIST:
            return len(axes[0].values) if axes else 0
        case DesignKind.BOUNDARY:
            return math.prod(design.start)


def replications_of(plan: Plan) -> int:
    """Runs of every case at every point in the first round."""
    asked = plan.replications
    return asked.at_least if asked.until else asked.number or 1


def runs_of(plan: Plan) -> int:
    """Runs of the first round; of a design without later rounds, all of them."""
    return points_of(plan) * max(1, len(plan.case)) * replications_of(plan)
