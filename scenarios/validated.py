"""From plain data to a scenario: what was loaded, then changed."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from .errors import ScenarioError
from .faults import first_fault
from .schema import Scenario


def validated(data: dict[str, Any], file: str) -> Scenario:
    """A scenario of plain data.

    Raises: ScenarioError.
    """
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        fault = first_fault(error, data)
        raise ScenarioError(file, fault.key_path, fault.came, fault.allowed, fault.nearest) from None
