"""HiGHS without a word on the terminal, on one thread, from a fixed seed: the same answer every time."""

from __future__ import annotations

from typing import Any

__all__ = ["quiet_highs"]


def quiet_highs(*, seconds: float | None = None, nodes: int | None = None) -> Any:
    """A new solver that closes the gap wholly unless time or branches run out; values are whole numbers.

    ``highspy.Highs`` greets on standard output when it is made (1.16), which would stand before an answer in JSON.
    """
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:  # its constructor calls this, and this is what greets
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    solver: Any = Quiet()  # type: ignore[no-untyped-call]
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.5)
    if seconds is not None:
        solver.setOptionValue("time_limit", float(seconds))
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
    return solver
