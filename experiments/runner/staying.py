"""A worker that can no longer talk to its scheduler for want of memory dies, so that another is started in its place.

All threads of a process share one limit. A run that creeps up to it leaves nothing for the thread that talks to the
scheduler; that thread's MemoryError closes the worker in good order, and who leaves in good order is not replaced.
"""

from __future__ import annotations

import os
from typing import Any

from .limits import is_bounded

FAULTS = ("worker-heartbeat-error", "worker-handle-scheduler-connection-broken")
"""Reasons for which a worker closes that has failed, as dask gives them."""
_DYING: set[str] = set()
"""Addresses of the workers of this process that die rather than leave."""


def die_rather_than_leave() -> None:
    """From here on this process, if it is a worker, ends where it would close by a fault in the middle of a run."""
    from distributed import get_worker

    try:
        worker = get_worker()
    except ValueError:
        return
    if worker.address in _DYING:
        return
    _DYING.add(worker.address)
    close = worker.close

    async def closing(*arguments: Any, **named: Any) -> Any:
        if named.get("reason") in FAULTS and is_bounded():
            os._exit(1)
        return await close(*arguments, **named)

    worker.__dict__["close"] = closing


def own_address() -> str:
    """Of the worker that this process is."""
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:
        return "this process"
