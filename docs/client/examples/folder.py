"""A table of all resumes in a folder, also when the service is away; sent to it when it is back.

python folder.py resumes/ > resumes.csv
"""

import csv
import sys
from pathlib import Path

from backend_client import ResumeClient, StatusError

table = csv.writer(sys.stdout)
table.writerow(["file", "career_path", "confidence", "ats_score", "source"])

with ResumeClient(outbox_dir=Path.home() / ".resume-outbox") as client:
    for path in sorted(Path(sys.argv[1]).iterdir()):
        try:
            found = client.predict(path, user_id=path.stem)
        except StatusError as error:
            print(f"{path.name}: {error.detail}", file=sys.stderr)
            continue
        said = [found.career_path, found.confidence, found.ats_score, found.source]
        table.writerow([path.name, *said])
    report = client.sync()
    print(f"{len(report.sent)} sent later, {report.n_left} still wait", file=sys.stderr)
