"""Web and e-mail addresses as resumes write them, in the form that their standards want."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_WEB = re.compile(r"https?://", re.IGNORECASE)
_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII
)
_LOCAL_PART = re.compile(r"[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*", re.ASCII | re.IGNORECASE)
_KEPT_IN_URLS = "/?#[]@!$&'()*+,;=:%-._~"
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MAX_LOCAL_PART, _MAX_HOST = 64, 253

_NETWORKS = {
    "linkedin.com": "LinkedIn",
    "github.com": "GitHub",
    "gitlab.com": "GitLab",
    "bitbucket.org": "Bitbucket",
    "stackoverflow.com": "Stack Overflow",
    "twitter.com": "Twitter",
    "x.com": "X",
    "facebook.com": "Facebook",
    "instagram.com": "Instagram",
    "xing.com": "XING",
    "behance.net": "Behance",
    "dribbble.com": "Dribbble",
    "medium.com": "Medium",
    "kaggle.com": "Kaggle",
    "youtube.com": "YouTube",
    "orcid.org": "ORCID",
}
_BEFORE_NAMES = frozenset({"in", "pub", "profile", "user", "users", "people", "u"})
"""First steps of a path that stand before somebody's name, as in linkedin.com/in/NAME."""


def uri_of(link: str) -> str | None:
    """As RFC 3986 writes it; ``https`` where the resume names no scheme."""
    whole = link if _WEB.match(link) else f"https://{link}"
    escaped = quote(_LOOSE_PERCENT.sub("%25", whole), safe=_KEPT_IN_URLS, errors="replace")
    try:
        parts = urlsplit(escaped)
        is_right = _HOST.fullmatch(parts.hostname or "") and (parts.port or 1) > 0
    except ValueError:
        return None
    rest = escaped.partition("://")[2].partition("/")[2]
    if not is_right or "@" in parts.netloc or re.search(r"[\[\]]", rest) or rest.count("#") > 1:
        return None
    return escaped


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def network_of(url: str) -> str | None:
    """None for one that is not known."""
    return _NETWORKS.get(".".join(host_of(url).split(".")[-2:]))


def username_of(url: str) -> str | None:
    steps = [step for step in urlsplit(url).path.split("/") if step]
    if len(steps) > 1 and steps[0].lower() in _BEFORE_NAMES:
        steps = steps[1:]
    return steps[0] if steps else None


def email_of(written: str | None) -> str | None:
    local, at, host = (written or "").rpartition("@")
    is_right = (
        at
        and len(local) <= _MAX_LOCAL_PART
        and len(host) <= _MAX_HOST
        and _LOCAL_PART.fullmatch(local)
        and _HOST.fullmatch(host.lower())
    )
    return written if is_right else None
