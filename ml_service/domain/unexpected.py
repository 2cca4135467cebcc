"""What a log may say of a failure that nobody foresaw."""

from __future__ import annotations

import traceback


def where_it_happened(error: BaseException) -> str:
    """Its type and the lines it passed, no more: a message may quote a resume."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}\n{frames}".rstrip()
