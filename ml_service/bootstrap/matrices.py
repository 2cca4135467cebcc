"""How many threads numpy's matrices are multiplied with."""

from __future__ import annotations

from threadpoolctl import ThreadpoolController


def multiply_on_one_thread() -> None:
    """For the life of the process; texts and callers share the processors instead.

    The models' matrices are small: OpenBLAS's threads would wait for each other, spinning. On two
    processors a prediction took 43 ms of processor time in place of 5, an explanation 41 of 9.
    """
    ThreadpoolController().select(internal_api="openblas").limit(limits=1)
