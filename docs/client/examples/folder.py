"""A table of all resumes in a folder, also when the service is away; sent to it when it is back.

    python folder.py resumes/ > resumes.csv

Folders within it are passed over. The exit status is 1 when a file has no row.
"""

import csv
import sys
import time
from pathlib import Path

from backend_client import Prediction, RateLimitedError, ResumeClient, ResumeClientError

A_WHILE_S = 60.0


def main(folder: Path) -> int:
    table = csv.writer(sys.stdout)
    table.writerow(["file", "career_path", "confidence", "ats_score", "source"])
    n_failed = 0
    with ResumeClient(outbox_dir=Path.home() / ".resume-outbox") as client:
        for path in sorted(file for file in folder.iterdir() if file.is_file()):
            try:
                found = predicted(client, path)
            except (ResumeClientError, OSError) as error:
                # Without the extra "local" an outage is one of these: each file is named.
                print(f"{path.name}: {reason(error)}", file=sys.stderr)
                n_failed += 1
            else:
                said = [found.career_path, found.confidence, found.ats_score, found.source]
                table.writerow([path.name, *said])
        report = client.sync()
    print(f"{len(report.sent)} sent later, {report.n_left} still wait", file=sys.stderr)
    return 1 if n_failed else 0


def predicted(client: ResumeClient, path: Path) -> Prediction:
    """The client waits up to 30 s by itself; a folder has the time for a longer limit."""
    while True:
        try:
            return client.predict(path, user_id=path.stem)
        except RateLimitedError as error:
            time.sleep(error.retry_after_s or A_WHILE_S)


def reason(error: ResumeClientError | OSError) -> str:
    said = error.detail if isinstance(error, ResumeClientError) else str(error.strerror)
    return " ".join([said, *getattr(error, "__notes__", [])])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
