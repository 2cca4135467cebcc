"""How well relevance tells answers apart, and whether scores hold still when they must.

    python scripts/measure_interviews.py --transcripts FILE

``FILE`` has a JSON object a line: ``interview_id`` and ``transcript``, a list of ``speaker`` and
``content``. Interviews with odd numbers are shown apart; thresholds and phrases were chosen with a
look at all of those that we had. The same seed draws the same pairs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import interview_changes as changes
from interview_changes import Change, Turns
from interview_pairs import CachedEncoder, Interview, measure_relevance

from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.bootstrap.encoder import encoding_engine
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.interview import ServiceReading
from ml_service.interview.rubric import CRITERIA
from ml_service.interview.transcript import read_turns
from ml_service.settings import Settings
from ml_service.use_cases.read_transcript import ReadTranscript, lexicon_of

DATA = Path(__file__).resolve().parents[1] / "data"


Scores = dict[str, float | None]


async def main() -> None:
    arguments = _arguments()
    interviews = list(_interviews(arguments.transcripts))
    vocabulary = SkillVocabulary(Catalogue.load(DATA / "occupations").technologies())
    encoder = CachedEncoder(encoding_engine(Settings()))
    reader = Reader(encoder, vocabulary)
    print(f"{len(interviews)} interviews, {sum(len(one.turns) for one in interviews)} turns\n")
    await measure_relevance(interviews, encoder, vocabulary)
    await measure_scores(interviews, reader)
    await measure_changes(interviews, reader)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--transcripts", type=Path, required=True)
    return parser.parse_args()


def _interviews(path: Path) -> Iterator[Interview]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        said = [(turn["speaker"], turn["content"]) for turn in row["transcript"]]
        yield Interview(str(row["interview_id"]), read_turns(said))


class Reader:
    """Both services, in this process."""

    def __init__(self, encoder: CachedEncoder, vocabulary: SkillVocabulary) -> None:
        self._services = (
            ReadTranscript(encoder, vocabulary, "communication"),
            ReadTranscript(encoder, vocabulary, "technical"),
        )

        lexicon = lexicon_of(vocabulary)
        self.is_term, self.terms_in = lexicon.is_term, lexicon.terms_in

    async def scores(self, turns: Turns, job: str | None = None) -> Scores:
        """By criterion; where both score it, by criterion and service."""
        readings = [await service.read(turns, job=job) for service in self._services]
        return {name: score for reading in readings for name, score in _named(reading)}


def _named(reading: ServiceReading) -> Iterator[tuple[str, float | None]]:
    for criterion in reading.criteria:
        both = len(CRITERIA[criterion.criterion].assessed_by) > 1
        name = f"{criterion.criterion} ({reading.service})" if both else criterion.criterion
        yield name, criterion.score


async def measure_scores(interviews: Sequence[Interview], reader: Reader) -> None:
    of_criteria = defaultdict[str, list[float | None]](list)
    for interview in interviews:
        for name, score in (await reader.scores(interview.turns)).items():
            of_criteria[name].append(score)
    print("\nScores: assessed, then 5th, 25th, 50th, 75th and 95th percentile")
    for name, scores in of_criteria.items():
        known = sorted(score for score in scores if score is not None)
        if not known:
            print(f"  {name:<32}   0 of {len(scores)}")
            continue
        shown = "  ".join(f"{mark:.1f}" for mark in np.percentile(known, [5, 25, 50, 75, 95]))
        print(f"  {name:<32} {len(known):>3} of {len(scores)}   {shown}")


def _same(before: Scores, after: Scores) -> bool:
    return before == after


def _only_communication_falls(before: Scores, after: Scores) -> bool:
    was, now = before["communication"], after["communication"]
    falls = was is None or (now is not None and now < was)
    return falls and _others_same(before, after, "communication")


def _only_structure_falls(before: Scores, after: Scores) -> bool:
    return _nothing_rises(before, after) and _others_same(before, after, "structure")


def _nothing_rises(before: Scores, after: Scores) -> bool:
    return all(_value(after[name]) <= _value(score) for name, score in before.items())


def _depth_does_not_rise(before: Scores, after: Scores) -> bool:
    return _value(after["technical_depth"]) <= _value(before["technical_depth"])


def _others_same(before: Scores, after: Scores, changed: str) -> bool:
    names = [name for name in before if not name.startswith(changed)]
    return all(before[name] == after[name] for name in names)


def _value(score: float | None) -> float:
    return 0.0 if score is None else score


async def measure_changes(interviews: Sequence[Interview], reader: Reader) -> None:
    print("\nChanges: transcripts tried, broken, and which scores moved there")
    for title, change, holds, job in _changes(_common_words(interviews, reader)):
        tried, broken, moved = 0, 0, defaultdict[str, list[float]](list)
        for at, interview in enumerate(interviews):
            chance = random.Random(at)  # noqa: S311 - a sample, no secret
            changed = change(interview.turns, chance)
            if title.startswith("result") and changed == interview.turns:
                continue
            before = await reader.scores(interview.turns, job)
            after = await reader.scores(changed, job)
            tried += 1
            if not holds(before, after):
                broken += 1
                for name in before:
                    if before[name] != after[name]:
                        moved[name].append(_value(after[name]) - _value(before[name]))
        told = ", ".join(
            f"{name} {statistics.mean(by):+.2f} ({len(by)})" for name, by in moved.items()
        )
        print(f"  {title:<44} {tried:>4} {broken:>4}  {told}")
    await _measure_names(interviews, reader)


Holds = Callable[[Scores, Scores], bool]


def _common_words(interviews: Sequence[Interview], reader: Reader) -> frozenset[str]:
    """Words that are written small somewhere as well, and technologies."""
    words = {
        word
        for interview in interviews
        for turn in interview.turns
        for word in re.findall(r"[^\W\d_]+", turn.content)
    }
    small = {word for word in words if word.islower()}
    small |= {"im", "ive"}
    for interview in interviews:
        for turn in interview.turns:
            for name in reader.terms_in(turn.content):
                small.update(re.findall(r"[^\W\d_]+", name.casefold()))
    return frozenset(small | {word.casefold() for word in words if reader.is_term(word)})


def _changes(known: frozenset[str]) -> Iterator[tuple[str, Change, Holds, str | None]]:
    yield "the same again", lambda turns, _: turns, _same, None
    yield "capitalised words become names", changes.names_swapped(known), _same, None
    yield "he and she swapped", changes.genders_swapped, _same, None
    yield "he and she become they", changes.they_said, _same, None
    yield "fillers added", changes.fillers_added, _only_communication_falls, None
    yield "results cut", changes.results_cut, _only_structure_falls, None
    yield (
        "results added",
        changes.results_added,
        lambda before, after: _only_structure_falls(after, before),
        None,
    )
    yield "every answer twice", changes.repeated_at_once, _nothing_rises, None
    yield "every answer twice in its turn", changes.repeated_in_turn, _nothing_rises, None
    yield "an answer once more at the end", changes.repeated_at_end, _nothing_rises, None
    yield "exchanges in another order", changes.exchanges_shuffled, _same, None
    for number, advert in enumerate(changes.ADVERTS, start=1):
        change = changes.advert_read(advert)
        yield f"advert {number} read back", change, _depth_does_not_rise, advert


async def _measure_names(interviews: Sequence[Interview], reader: Reader) -> None:
    """Each name in every tenth interview, at three places of a sentence."""
    chance = random.Random(0)  # noqa: S311 - a sample, no secret
    broken: list[str] = []
    sample = interviews[::10]
    for interview in sample:
        first = await reader.scores(changes.name_told(changes.NAMES[0])(interview.turns, chance))
        for name in changes.NAMES[1:]:
            scores = await reader.scores(changes.name_told(name)(interview.turns, chance))
            if scores != first:
                broken.append(name)
    tried = len(sample) * (len(changes.NAMES) - 1)
    print(f"  {'one name or another':<44} {tried:>4} {len(broken):>4}  {', '.join(set(broken))}")


if __name__ == "__main__":
    asyncio.run(main())
