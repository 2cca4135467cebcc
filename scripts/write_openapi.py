"""Write the OpenAPI document that a test holds the service to: docs/openapi.json.

.venv/bin/python scripts/write_openapi.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
STORED = PROJECT / "docs" / "openapi.json"


def main() -> None:
    sys.path.insert(0, str(PROJECT))
    from ml_service.app.main import create_app  # noqa: PLC0415 - needs the path above
    from ml_service.settings import Settings  # noqa: PLC0415 - as above

    document = create_app(Settings(_env_file=None)).openapi()
    STORED.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
