"""One upload and eight clients, beside the bare encoder and beside the service people write first.

    python scripts/measure_speed.py --resumes ../shared/data/resumes/train [--documents 200]

Bare is PDFium's text and the same engine and precision on the same passages, sorted by length, in
padded batches of 32 on all processors, alone on the machine; for eight clients also without
PDFium's text. "Text by text" is the same with each
passage alone on one processor, as ours runs: the best that this engine does. Ours is POST
/predict?force=true of a service of its own, without the cache of vectors; the plain service is
scripts/plain_service.py. They take turns: document by document for one upload, a block of
documents at a time for eight clients.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import httpx
import numpy as np
import onnxruntime
import pypdfium2
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from real_resumes import RealResume, real_resumes

from ml_service.domain.ports import Float32Array
from ml_service.inference.encoder_files import GRAPH_FILE, TOKENIZER_FILE, read_manifest
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.inference.processor import has_native_bf16
from ml_service.inference.weights import MINILM, locate_checked
from ml_service.settings import Settings
from tests.service_process import PROJECT, ServiceFolder, free_port, served

CLIENTS = 8
BATCH = 32
BLOCK = 40
WARM_UP = 5
LATENCY_BAR, BARE_SHARE_BAR, PLAIN_BAR, PLAIN_BF16_BAR = 1.3, 0.8, 3.0, 6.0


def main() -> None:
    given = _arguments()
    console = Console()
    resumes = real_resumes(given.resumes, given.documents, seed=given.seed)
    engines = _engines(given.engine)
    console.print(_conditions(given.engine, resumes))
    with tempfile.TemporaryDirectory() as folder, _services(Path(folder), resumes, given) as urls:
        if not given.without_latency:
            console.print(asyncio.run(_one_upload(resumes, engines, urls["ours"])))
        if not given.without_throughput:
            console.print(asyncio.run(_eight_clients(resumes, engines, urls)))


class Encodes(Protocol):
    def embed_batch(self, texts: Sequence[str]) -> Float32Array: ...


class PaddedBatches:
    """The graph of the engine onnx, run as most people would."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = os.cpu_count() or 1
        graph = str(folder / GRAPH_FILE)
        self._session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(read_manifest(folder).max_tokens)
        self._tokenizer.enable_padding()

    def embed_batch(self, texts: Sequence[str]) -> Float32Array:
        encoded = self._tokenizer.encode_batch(list(texts))
        given = {
            "input_ids": np.array([text.ids for text in encoded], dtype=np.int64),
            "attention_mask": np.array([text.attention_mask for text in encoded], dtype=np.int64),
        }
        (vectors,) = self._session.run(["vectors"], given)
        return np.asarray(vectors, dtype=np.float32)


class SentenceTransformersAlone:
    """As it comes: all processors for each batch."""

    def __init__(self) -> None:
        folder = str(locate_checked(MINILM))
        self._model = SentenceTransformer(folder, device="cpu", local_files_only=True)
        self._model.max_seq_length = MINILM.max_tokens
        if has_native_bf16():
            self._model.bfloat16()

    def embed_batch(self, texts: Sequence[str]) -> Float32Array:
        vectors = self._model.encode(list(texts), batch_size=BATCH, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def _engines(name: str) -> dict[str, Encodes]:
    """Those that ours is measured beside."""
    if name != "onnx":
        return {"bare": SentenceTransformersAlone()}
    folder = Settings().encoder_dir
    return {
        "bare": PaddedBatches(folder),
        "text by text": OnnxEngine(folder, n_threads=os.cpu_count() or 1),
    }


FEATURES = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")


def _conditions(engine: str, resumes: Sequence[RealResume]) -> str:
    with Path("/proc/cpuinfo").open() as told:
        flags = next((line for line in told if line.startswith("flags")), "").split()
    known = ", ".join(feature for feature in FEATURES if feature in flags) or "none of note"
    n_passages = sum(len(resume.passages) for resume in resumes)
    return (
        f"{os.cpu_count()} processors ({platform.machine()}; {known}); ours and bare "
        f"{engine}, plain sentence-transformers in float32; "
        f"{len(resumes)} resumes, {n_passages} passages"
    )


@contextmanager
def _services(
    folder: Path, resumes: Sequence[RealResume], given: argparse.Namespace
) -> Iterator[dict[str, str]]:
    settings = {
        "JOBS_PROVIDER": "off",
        "VECTOR_CACHE_BYTES": "0",
        "EMBEDDING_ENGINE": given.engine,
        "LOG_LEVEL": "WARNING",
    }
    ours = ServiceFolder(folder / "ours", settings)
    with served(ours) as service, _plain(folder, resumes) as plain:
        yield {"ours": service.base_url, "plain": plain}


@contextmanager
def _plain(folder: Path, resumes: Sequence[RealResume]) -> Iterator[str]:
    passages = {resume.sha256: list(resume.passages) for resume in resumes}
    (folder / "passages.json").write_text(json.dumps(passages))
    environment = {
        **os.environ,
        "PLAIN_PASSAGES": str(folder / "passages.json"),
        "PLAIN_DATABASE": str(folder / "plain.db"),
    }
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "plain_service:app", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--app-dir", str(PROJECT / "scripts"), "--log-level", "warning"], env=environment
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{url}/health/ready")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def _bare(engine: Encodes, resume: RealResume) -> None:
    _text(resume)
    ordered = sorted(resume.passages, key=len)
    for at in range(0, len(ordered), BATCH):
        engine.embed_batch(ordered[at : at + BATCH])


def _text(resume: RealResume) -> None:
    document = pypdfium2.PdfDocument(resume.content)
    for page in document:
        text = page.get_textpage()
        text.get_text_bounded()
        text.close()
        page.close()
    document.close()


async def _upload(client: httpx.AsyncClient, resume: RealResume, *, path: str = "/predict") -> None:
    answer = await client.post(path, files={"file": ("resume.pdf", resume.content)}, timeout=120)
    if answer.status_code != httpx.codes.CREATED:
        raise SystemExit(f"{answer.status_code}: {answer.text[:300]}")


async def _one_upload(
    resumes: Sequence[RealResume], engines: Mapping[str, Encodes], url: str
) -> Table:
    """In turn, so that whatever else the machine does meets all alike."""
    spent: dict[str, list[float]] = {name: [] for name in [*engines, "ours"]}
    async with httpx.AsyncClient(base_url=url) as client:
        for resume in track(
            [*resumes[:WARM_UP], *resumes], "one upload", console=Console(stderr=True)
        ):
            for name, engine in engines.items():
                began = time.perf_counter()
                await asyncio.to_thread(_bare, engine, resume)
                spent[name].append(time.perf_counter() - began)
            began = time.perf_counter()
            await _upload(client, resume, path="/predict?force=true")
            spent["ours"].append(time.perf_counter() - began)
    return _latencies({name: seconds[WARM_UP:] for name, seconds in spent.items()})


def _latencies(spent: Mapping[str, Sequence[float]]) -> Table:
    table = Table(title="One upload, warm: milliseconds")
    for column in ("", "median", "p95", "ours by it, p95", "document by document"):
        table.add_column(column)
    p95 = {name: float(np.quantile(seconds, 0.95)) for name, seconds in spent.items()}
    for name, seconds in spent.items():
        ratios = [ours / its for ours, its in zip(spent["ours"], seconds, strict=True)]
        table.add_row(
            name,
            f"{1000 * statistics.median(seconds):.0f}",
            f"{1000 * p95[name]:.0f}",
            f"{p95['ours'] / p95[name]:.2f}",
            f"{statistics.median(ratios):.2f}",
        )
    table.caption = f"bar: ours by bare at most {LATENCY_BAR} (p95)"
    return table


async def _eight_clients(
    resumes: Sequence[RealResume], engines: Mapping[str, Encodes], urls: Mapping[str, str]
) -> Table:
    rates: dict[str, list[float]] = {
        name: [] for name in [*engines, "bare with text", "plain", "ours"]
    }
    paths = {"plain": "/predict", "ours": "/predict?force=true"}
    for name, path in paths.items():
        await _block(resumes[:CLIENTS], urls[name], path)
    blocks = [resumes[at : at + BLOCK] for at in range(0, len(resumes), BLOCK)]
    for block in track(blocks, "eight clients", console=Console(stderr=True)):
        for name, engine in engines.items():
            seconds = await asyncio.to_thread(_bare_block, engine, block)
            rates[name].append(len(block) / seconds)
            if name == "bare":
                seconds += await asyncio.to_thread(_texts, block)
                rates["bare with text"].append(len(block) / seconds)
        for name, path in paths.items():
            rates[name].append(len(block) / await _block(block, urls[name], path))
    table = Table(title=f"{CLIENTS} clients: resumes a second, {len(blocks)} blocks of {BLOCK}")
    for column in ("", "median", "worst block", "ours by it"):
        table.add_column(column)
    for name, found in rates.items():
        ratio = statistics.median(a / b for a, b in zip(rates["ours"], found, strict=True))
        middle = statistics.median(found)
        table.add_row(name, f"{middle:.2f}", f"{min(found):.2f}", f"{ratio:.2f}")
    table.caption = (
        f"bars: ours by bare at least {BARE_SHARE_BAR}; by plain {PLAIN_BAR}, {PLAIN_BF16_BAR} "
        "where the processor has bf16"
    )
    return table


def _bare_block(engine: Encodes, block: Sequence[RealResume]) -> float:
    """The encoder alone on all passages of the block, the best that batches can do."""
    ordered = sorted((text for resume in block for text in resume.passages), key=len)
    began = time.perf_counter()
    for at in range(0, len(ordered), BATCH):
        engine.embed_batch(ordered[at : at + BATCH])
    return time.perf_counter() - began


def _texts(block: Sequence[RealResume]) -> float:
    began = time.perf_counter()
    for resume in block:
        _text(resume)
    return time.perf_counter() - began


async def _block(block: Sequence[RealResume], url: str, path: str) -> float:
    waiting = list(block)
    began = time.perf_counter()
    async with httpx.AsyncClient(base_url=url) as client:

        async def work() -> None:
            while waiting:
                await _upload(client, waiting.pop(), path=path)

        await asyncio.gather(*(work() for _ in range(CLIENTS)))
    return time.perf_counter() - began


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--resumes", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--engine", choices=["onnx", "sentence-transformers"], default="onnx")
    parser.add_argument("--without-latency", action="store_true")
    parser.add_argument("--without-throughput", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
