"""What cheaper vectors cost in right answers: engines, fewer or shorter passages, static vectors.

    python scripts/measure_frontier.py --resumes DIR [--documents 663] [--encoder DIR]

DIR holds ``titles.csv`` (file, soc_codes) and the documents below it. The shipped career model
judges as it is, by its bare ranking; only the static vectors are fitted, to training resumes
without codes, which are not judged. The first line of each resume is hidden. ``stated``: all else
is read. ``unnamed``: positions of a right occupation say nothing, so that the text must tell
(decision 14). ``+a -b``: first answers that become right and wrong beside eight bits over all
passages. A text that is not embedded is left out; a position is then heard by its words alone.
Cosines, their mean and first percentile, are with the reference, of passages that have a vector.
Milliseconds are of the processor, for the passages of one resume: ways in turn, the median of
rounds. The model was fitted to the training part: its rows only compare ways with one another.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate, islice, pairwise, product
from pathlib import Path
from typing import get_args

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from rich.table import Table
from safetensors.numpy import load_file
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ml_service.analysis.profile import profile_and_text
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.occupation_model.model import OccupationModel
from ml_service.career.occupation_model.signals import PassageSignals
from ml_service.career.occupation_model.unknown_titles import forget_titles
from ml_service.career.passages import split_into_passages
from ml_service.career.splits import part
from ml_service.domain.errors import ServiceError
from ml_service.domain.ports import Embeddings, Float32Array
from ml_service.domain.prediction import EncoderRef
from ml_service.domain.resume import SectionKind
from ml_service.extraction.pdf.document import read_pdf
from ml_service.hosting.shelf import ModelShelf
from ml_service.inference.encoder_files import TOKENIZER_FILE
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.inference.engines.sentence_transformers import SentenceTransformersEngine
from ml_service.inference.weights import MINILM, locate_checked
from ml_service.settings import Settings
from ml_service.use_cases.evaluate_model import without_first_line

ROUNDS, RIDGE = 3, 10
LEFT_OUT: tuple[SectionKind, ...] = ("education", "skills", "summary")
CUTS, FIRST, JOBS = (64, 48, 32), (8, 12, 16), (2, 3)
SHORT_CHARACTERS, N_DIMS = 150, 384
READ_ON = date(2025, 5, 1)
REFERENCE, BASELINE = "sentence-transformers fp32", "onnxruntime int8"
WARNED = Console(stderr=True)

Embed = Callable[[Sequence[str]], Float32Array]
Ranks = npt.NDArray[np.int64]
"""Places of the first right occupation, from 0 on: (n_resumes, 2), stated and unnamed."""


@dataclass(frozen=True, slots=True)
class Resume:
    """``signals`` are of vectors that say nothing: for positions and studies alone."""

    name: str
    codes: frozenset[str]
    evidence: ResumeEvidence
    signals: tuple[PassageSignals, ...]

    @property
    def texts(self) -> list[str]:
        return [passage.text for passage in self.evidence.passages]


Choice = Callable[[Resume], list[str | None]]
"""For each passage the text that is embedded for it; None: nothing is."""


@dataclass(frozen=True, slots=True)
class Way:
    """``rest`` gives vectors to what ``choice`` leaves out."""

    name: str
    embed: Embed
    choice: Choice
    rest: Embed | None = None


@dataclass(frozen=True, slots=True)
class Found:
    ms: float
    cosines: npt.NDArray[np.float64]
    ranks: Ranks


class StaticVectors:
    """A weighted mean of word-piece vectors, mapped linearly to come close to the encoder's."""

    def __init__(self, tokenizer: Tokenizer, texts: Sequence[str], wanted: Float32Array) -> None:
        weights = load_file(locate_checked(MINILM) / MINILM.weights_file)
        name = next(name for name in weights if name.endswith("word_embeddings.weight"))
        self._pieces: Float32Array = weights[name].astype(np.float32)
        self._tokenizer = tokenizer
        tokens = self._tokens(texts)
        n_with = np.bincount(
            np.concatenate([np.unique(row) for row in tokens]), minlength=len(self._pieces)
        )
        self._rarity = np.log(1 + len(texts) / (1 + n_with)).astype(np.float32)
        inputs = self._means(tokens)
        gram = inputs.T @ inputs + RIDGE * np.eye(inputs.shape[1], dtype=np.float32)
        self._map: Float32Array = np.linalg.solve(gram, inputs.T @ wanted)

    def __call__(self, texts: Sequence[str]) -> Float32Array:
        vectors: Float32Array = self._means(self._tokens(texts)) @ self._map
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        return [found.ids for found in self._tokenizer.encode_batch([*texts])]

    def _means(self, tokens: Sequence[Sequence[int]]) -> Float32Array:
        means = np.ones((len(tokens), self._pieces.shape[1] + 1), dtype=np.float32)
        for mean, row in zip(means, tokens, strict=True):
            shares = self._rarity[[*row]]
            mean[:-1] = (shares / shares.sum()) @ self._pieces[[*row]]
        return means


def main() -> None:
    given = _arguments()
    catalogue = Catalogue.load(Settings().catalogue_dir)
    champion = ModelShelf(Settings().models_dir).champion("occupations")[1]
    model = OccupationModel.load(champion, catalogue)
    bf16 = SentenceTransformersEngine(MINILM, precision="bf16", n_threads=1)
    engines = {
        REFERENCE: SentenceTransformersEngine(MINILM, n_threads=1).embed_batch,
        "sentence-transformers bf16": bf16.embed_batch,
        BASELINE: OnnxEngine(given.encoder, n_threads=1).embed_batch,
    }
    tokenizer = Tokenizer.from_file(str(given.encoder / TOKENIZER_FILE))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MINILM.max_tokens)
    with threadpool_limits(1):
        judged, learned = _judged_and_learned(given.resumes, model, catalogue, given)
        texts = [text for resume in learned for text in resume.texts]
        static = StaticVectors(tokenizer, texts, engines[REFERENCE](texts))
        ways = _ways(engines, static, tokenizer)
        found = _measure(ways, judged, model, n_timed=given.timed)
    console = Console(width=150)
    for chosen in ("validation", "train"):
        rows = [at for at, resume in enumerate(judged) if part(resume.name) == chosen]
        if rows:
            console.print(_table(chosen, found, rows))


def _judged_and_learned(
    folder: Path, model: OccupationModel, catalogue: Catalogue, given: argparse.Namespace
) -> tuple[list[Resume], list[Resume]]:
    """Those with codes, the validation part first, and those of the training part without."""
    with (folder / "titles.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["file"]: frozenset(row["soc_codes"].split()) for row in csv.DictReader(file)}
    paths = [path for path in sorted(folder.rglob("*.pdf")) if path.name in codes]
    paths.sort(key=lambda path: part(path.name) == "train")
    labelled = [path for path in paths if codes[path.name]]
    others = [path for path in paths if part(path.name) == "train" and not codes[path.name]]
    vocabulary = SkillVocabulary(catalogue.technologies())

    def read(paths: Sequence[Path], at_most: int) -> list[Resume]:
        readable = islice(_readable(paths, codes, model, vocabulary), at_most)
        return list(track(readable, "reading", total=at_most, console=WARNED))

    return read(labelled, given.documents), read(others, given.learned)


def _readable(
    paths: Sequence[Path],
    codes: Mapping[str, frozenset[str]],
    model: OccupationModel,
    vocabulary: SkillVocabulary,
) -> Iterator[Resume]:
    for path in paths:
        try:
            read = read_pdf(path.read_bytes(), max_pages=30, second_reading_s=5)
            text = without_first_line(read)
        except ServiceError:
            continue
        profile, redacted = profile_and_text(text, document_date=READ_ON, vocabulary=vocabulary)
        passages = split_into_passages(redacted)
        nothing = _vectors_of_model(model, np.zeros((len(passages), N_DIMS), dtype=np.float32))
        evidence = ResumeEvidence(passages, nothing, redacted, profile)
        yield Resume(path.name, codes[path.name], evidence, model.signals(evidence))


def _ways(engines: Mapping[str, Embed], static: Embed, tokenizer: Tokenizer) -> list[Way]:
    embed = engines[BASELINE]
    every, nothing = first(sys.maxsize), first(0)
    return [
        *(Way(name, engine, every) for name, engine in engines.items()),
        *(Way(f"cut at {n} tokens", embed, cut(n, tokenizer)) for n in CUTS),
        *(Way(f"first {n} passages", embed, first(n)) for n in FIRST),
        Way("short passages joined to the next", embed, joined),
        *(Way(f"without the section {kind}", embed, outside({kind})) for kind in LEFT_OUT),
        Way("the section work alone", embed, outside({*get_args(SectionKind)} - {"work"})),
        Way("headers by their words alone", embed, only(lambda _, one: not one.passage.header)),
        *(Way(f"up to position {n}, no studies", embed, recent(n)) for n in JOBS),
        *(Way(f"first {n}, rest static", embed, first(n), static) for n in FIRST),
        Way("up to position 3, no studies, rest static", embed, recent(3), static),
        Way("static alone", embed, nothing, static),
        Way("nothing embedded", embed, nothing),
    ]


def only(keep: Callable[[int, PassageSignals], bool]) -> Choice:
    """Passages by their place and what they are."""

    def choice(resume: Resume) -> list[str | None]:
        read = enumerate(resume.signals)
        return [signal.passage.text if keep(at, signal) else None for at, signal in read]

    return choice


def first(n: int) -> Choice:
    return only(lambda at, _: at < n)


def recent(n: int) -> Choice:
    """What stands above the first position or under the first ``n``, without studies."""

    def choice(resume: Resume) -> list[str | None]:
        counted = accumulate(one.position for one in resume.signals)
        kept = map(lambda count, one: count <= n and not one.studied, counted, resume.signals)
        return [text if keep else None for text, keep in zip(resume.texts, kept, strict=True)]

    return choice


def outside(kinds: Set[str]) -> Choice:
    """Without passages that begin in sections of these kinds."""

    def choice(resume: Resume) -> list[str | None]:
        sections = [one for one in resume.evidence.profile.sections if one.kind in kinds]
        gone = {at for one in sections for at in range(one.start_line, one.end_line + 1)}
        passages = resume.evidence.passages
        return [None if passage.lines[0] in gone else passage.text for passage in passages]

    return choice


def joined(resume: Resume) -> list[str | None]:
    """Passages of few characters and the one after them are embedded as one text."""
    texts = resume.texts
    long = [at for at, text in enumerate(texts[:-1]) if len(text) >= SHORT_CHARACTERS]
    bounds = [0, *(at + 1 for at in long), len(texts)]
    pairs = pairwise(bounds)
    return ["\n".join(texts[begin:end]) for begin, end in pairs for _ in range(begin, end)]


def cut(n_tokens: int, tokenizer: Tokenizer) -> Choice:
    return lambda resume: [shortened(text, n_tokens, tokenizer) for text in resume.texts]


def shortened(text: str, n_tokens: int, tokenizer: Tokenizer) -> str:
    """Of its tokens the first, the two that frame a text counted."""
    offsets: list[tuple[int, int]] = tokenizer.encode(text).offsets
    return text if len(offsets) <= n_tokens else text[: offsets[n_tokens - 2][1]]


def _measure(
    ways: Sequence[Way], resumes: Sequence[Resume], model: OccupationModel, *, n_timed: int
) -> dict[str, Found]:
    ms = _milliseconds(ways, resumes[:n_timed])
    remembering = {way.embed: remembered(way.embed) for way in ways}
    kept = [replace(way, embed=remembering[way.embed]) for way in ways]
    reference: list[Float32Array] = []
    found = {}
    for way in track(kept, "judging", console=WARNED):
        vectors = [_filled(way, resume, way.choice(resume)) for resume in resumes]
        reference = reference or vectors
        pairs = zip(vectors, reference, strict=True)
        cosines = [(own * wanted).sum(axis=1)[own.any(axis=1)] for own, wanted in pairs]
        ranks = [_ranks(model, *pair) for pair in zip(resumes, vectors, strict=True)]
        found[way.name] = Found(ms[way.name], np.concatenate(cosines), np.array(ranks))
    return found


def remembered(embed: Embed) -> Embed:
    known: dict[str, Float32Array] = {}

    def vectors(texts: Sequence[str]) -> Float32Array:
        new = [text for text in texts if text not in known]
        known.update(zip(new, embed(new) if new else [], strict=True))
        return np.stack([known[text] for text in texts])

    return vectors


def _milliseconds(ways: Sequence[Way], resumes: Sequence[Resume]) -> dict[str, float]:
    """Of the processor, for one resume in the mean: the median of the rounds."""
    spent: dict[str, list[float]] = {way.name: [] for way in ways}
    for _ in track(range(ROUNDS), "timing", console=WARNED):
        totals = dict.fromkeys(spent, 0.0)
        for resume, way in product(resumes, ways):
            chosen = way.choice(resume)
            began = time.process_time()
            _filled(way, resume, chosen)
            totals[way.name] += 1000 * (time.process_time() - began) / len(resumes)
        for name, total in totals.items():
            spent[name].append(total)
    return {name: statistics.median(rounds) for name, rounds in spent.items()}


def _filled(way: Way, resume: Resume, chosen: Sequence[str | None]) -> Float32Array:
    """One row a passage; zeros where it has no vector."""
    vectors = np.zeros((len(chosen), N_DIMS), dtype=np.float32)
    texts = list(dict.fromkeys(text for text in chosen if text is not None))
    place = {text: at for at, text in enumerate(texts)}
    there = [at for at, text in enumerate(chosen) if text is not None]
    gone = [at for at, text in enumerate(chosen) if text is None]
    if there:
        vectors[there] = way.embed(texts)[[place[chosen[at] or ""] for at in there]]
    if gone and way.rest is not None:
        vectors[gone] = way.rest([resume.texts[at] for at in gone])
    return vectors


def _ranks(model: OccupationModel, resume: Resume, vectors: Float32Array) -> tuple[int, int]:
    evidence = replace(resume.evidence, vectors=_vectors_of_model(model, vectors))
    read = zip(model.signals(evidence), map(np.any, vectors), strict=True)
    stated = [
        signal if embedded else replace(signal, log_p=signal.said)
        for signal, embedded in read
        if embedded or signal.position
    ]
    right = np.array([code in resume.codes for code in model.labels])
    places = [
        int(np.flatnonzero(right[model.rank(signals).order])[0])
        for signals in (stated, forget_titles(stated, right))
    ]
    return places[0], places[1]


def _vectors_of_model(model: OccupationModel, vectors: Float32Array) -> Embeddings:
    made_for = model.manifest
    ref = EncoderRef(made_for.encoder_id, made_for.encoder_revision, "measured", "measured")
    return Embeddings(vectors, ref)


def _table(title: str, found: Mapping[str, Found], rows: Sequence[int]) -> Table:
    table = Table(title=f"{title}, {len(rows)} resumes")
    for column in ("way", "ms", "cosine", "1 %"):
        table.add_column(column, no_wrap=True)
    for kind in ("stated", "unnamed"):
        table.add_column(f"{kind}: top-1 / 3 / 5", no_wrap=True)
        table.add_column("+, -", no_wrap=True)
    before = found[BASELINE].ranks[rows]
    for name, one in found.items():
        cosines = one.cosines if len(one.cosines) else np.array([np.nan])
        mean, low = cosines.mean(), np.quantile(cosines, 0.01)
        own = one.ranks[rows]
        kinds = [text for at in (0, 1) for text in _compared(own[:, at], before[:, at])]
        table.add_row(name, f"{one.ms:.1f}", f"{mean:.4f}", f"{low:.4f}", *kinds)
    return table


def _compared(ranks: Ranks, before: Ranks) -> tuple[str, str]:
    shares = " / ".join(f"{np.mean(ranks < k):.3f}" for k in (1, 3, 5))
    now, then = ranks == 0, before == 0
    return shares, f"+{np.sum(now & ~then)} -{np.sum(then & ~now)}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resumes", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=300, help="judged; validation first")
    parser.add_argument("--learned", type=int, default=200, help="static vectors are fitted to")
    parser.add_argument("--timed", type=int, default=20)
    parser.add_argument("--encoder", type=Path, default=Settings().encoder_dir)
    return parser.parse_args()


if __name__ == "__main__":
    main()
