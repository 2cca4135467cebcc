"""The three kinds of resume that are weighed and calibrated apart."""

from __future__ import annotations

from typing import Literal, get_args

Expert = Literal["latest_known", "earlier_known", "none_known"]
"""By whether the latest position, or an earlier one alone, is a title of the catalogue."""

EXPERTS: tuple[Expert, ...] = get_args(Expert)
