"""An inference server of our own on loopback, which answers whatever a test wants to see.

with InferenceStandIn(OpenInference(engine)) as server:
    server.play(Status(503), NORMAL)    # one for each inference, the last one from then on
    ...                                 # server.url, server.inferences
"""

from __future__ import annotations

import json
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np

from ml_service.domain.ports import Float32Array

MODEL = "all-MiniLM-L6-v2"
LONGEST_S = 30.0

Embed = Callable[[Sequence[str]], Float32Array]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """``declared``: a Content-Length that is not the body's; the connection closes after it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    declared: int | None = None


class Play(Protocol):
    """What becomes of one inference; ``answer`` is what a good server would say."""

    def __call__(self, answer: Callable[[], Reply], closing: threading.Event) -> Reply | None: ...


class Protocolled(Protocol):
    """How a server speaks when all is well."""

    def is_inference(self, request: Request) -> bool: ...

    def answer(self, request: Request) -> Reply: ...


def normal(answer: Callable[[], Reply], closing: threading.Event) -> Reply:
    return answer()


def hangs(answer: Callable[[], Reply], closing: threading.Event) -> None:
    """No answer ever, as when TorchServe drops a reply; the connection stays open."""
    closing.wait(LONGEST_S)


def breaks_off(answer: Callable[[], Reply], closing: threading.Event) -> None:
    """The connection ends without an answer."""


def cut_off(answer: Callable[[], Reply], closing: threading.Event) -> Reply:
    whole = answer()
    return replace(whole, body=whole.body[:-100], declared=len(whole.body))


def status(code: int, body: object = None, **headers: str) -> Play:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = b"" if body is None else json.dumps(body).encode()

    def play(answer: Callable[[], Reply], closing: threading.Event) -> Reply:
        return Reply(code, content, named)

    return play


def saying(body: bytes) -> Play:
    def play(answer: Callable[[], Reply], closing: threading.Event) -> Reply:
        return Reply(body=body)

    return play


def with_headers(headers: Mapping[str, str]) -> Play:
    def play(answer: Callable[[], Reply], closing: threading.Event) -> Reply:
        return replace(answer(), headers=headers)

    return play


def changed(change: Callable[[dict[str, Any]], object]) -> Play:
    """The good answer, its JSON changed in place."""

    def play(answer: Callable[[], Reply], closing: threading.Event) -> Reply:
        stated = json.loads(answer().body)
        change(stated)
        return Reply(body=json.dumps(stated).encode())

    return play


def slow(seconds: float) -> Play:
    def play(answer: Callable[[], Reply], closing: threading.Event) -> Reply:
        closing.wait(seconds)
        return answer()

    return play


class OpenInference:
    """Texts in ``text``, vectors in ``vectors``, by any function; in binary where that is on."""

    def __init__(self, embed: Embed, *, in_binary: bool = False, column: bool = False) -> None:
        self.embed = embed
        self.in_binary = in_binary
        self.ready = True
        self._texts = {"name": "text", "datatype": "BYTES", "shape": [-1, 1] if column else [-1]}
        self.parameters: dict[str, object] = {"precision": "int8-static"}

    def is_inference(self, request: Request) -> bool:
        return request.path == f"/v2/models/{MODEL}/infer"

    def answer(self, request: Request) -> Reply:
        if request.path == "/v2":
            extensions = ["binary_tensor_data"] if self.in_binary else []
            return _json({"name": "stand-in", "version": "1", "extensions": extensions})
        if request.path == f"/v2/models/{MODEL}/ready":
            return Reply(200 if self.ready else 400)
        if request.path == f"/v2/models/{MODEL}":
            vectors = {"name": "vectors", "datatype": "FP32", "shape": [-1, 384]}
            return _json({"name": MODEL, "inputs": [self._texts], "outputs": [vectors]})
        if self.is_inference(request):
            return self._inferred(request)
        return _json({"error": "Model not found"}, code=404)

    def _inferred(self, request: Request) -> Reply:
        length = request.headers.get("inference-header-content-length")
        stated = json.loads(request.body[: int(length)] if length else request.body)
        (tensor,) = stated["inputs"]
        raw = request.body[int(length) :] if length else None
        texts = tensor["data"] if raw is None else _texts(raw)
        assert tensor["shape"] == (
            [len(texts), 1] if len(self._texts["shape"]) == 2 else [len(texts)]
        )
        vectors = self.embed(texts)
        output: dict[str, Any] = {
            "name": "vectors",
            "datatype": "FP32",
            "shape": list(vectors.shape),
        }
        answer = {"model_name": MODEL, "id": stated["id"], "parameters": self.parameters}
        if not stated.get("parameters", {}).get("binary_data_output"):
            return _json({**answer, "outputs": [{**output, "data": vectors.ravel().tolist()}]})
        data = vectors.astype("<f4").tobytes()
        output["parameters"] = {"binary_data_size": len(data)}
        head = json.dumps({**answer, "outputs": [output]}).encode()
        return Reply(body=head + data, headers={"Inference-Header-Content-Length": str(len(head))})


class TorchServe:
    """A handler as in ``docs/engines/torchserve``; ``key`` None: no token is asked for."""

    def __init__(self, embed: Embed, *, key: str | None = None) -> None:
        self.embed = embed
        self.key = key

    def is_inference(self, request: Request) -> bool:
        return request.path == f"/predictions/{MODEL}"

    def answer(self, request: Request) -> Reply:
        if self.key is not None and request.headers.get("authorization") != f"Bearer {self.key}":
            said = {
                "code": 400,
                "type": "InvalidKeyException",
                "message": "Token Authorization failed.",
            }
            return _json(said, code=400)
        if request.path == "/ping":
            return _json({"status": "Healthy"})
        if not self.is_inference(request):
            return _json({"code": 404, "type": "ModelNotFoundException"}, code=404)
        vectors = self.embed(json.loads(request.body)["texts"])
        return _json({"vectors": vectors.tolist(), "precision": "int8-static"})


class OneVersion:
    """Knows its model under one path alone, such as MODEL/versions/2."""

    def __init__(self, speaks: Protocolled, path: str) -> None:
        self._speaks = speaks
        self._path = path

    def is_inference(self, request: Request) -> bool:
        return self._speaks.is_inference(self._unversioned(request))

    def answer(self, request: Request) -> Reply:
        return self._speaks.answer(self._unversioned(request))

    def _unversioned(self, request: Request) -> Request:
        if self._path in request.path:
            return replace(request, path=request.path.replace(self._path, MODEL))
        return replace(request, path=request.path.replace(MODEL, "another"))


class InferenceStandIn:
    """Serves on a port of its own from threads of its own; use as a context manager."""

    def __init__(self, speaks: Protocolled, *, port: int = 0) -> None:
        self.inferences: list[Request] = []
        self._speaks = speaks
        self._playing: list[Play] = [normal]
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def play(self, *plays: Play) -> None:
        """One for each coming inference; the last one stays."""
        self._playing = list(plays)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)

    def _reply(self, request: Request) -> Reply | None:
        if not self._speaks.is_inference(request):
            return self._speaks.answer(request)
        self.inferences.append(request)
        play = self._playing.pop(0) if len(self._playing) > 1 else self._playing[0]
        return play(lambda: self._speaks.answer(request), self._closing)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer("GET")

            def do_POST(self) -> None:
                self._answer("POST")

            def _answer(self, method: str) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = stand_in._reply(Request(method, self.path, headers, body))
                if reply is None:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                declared = len(reply.body) if reply.declared is None else reply.declared
                self.send_header("Content-Length", str(declared))
                with suppress(ConnectionError):  # who asked has given up
                    self.end_headers()
                    self.wfile.write(reply.body)
                self.close_connection = reply.declared is not None or self.close_connection

            def log_message(self, format: str, *arguments: object) -> None:
                """Tests look at ``inferences``."""

        return Handler


def another_model(texts: Sequence[str]) -> Float32Array:
    """Unit vectors, every time the same, of no meaning."""
    seeds = [sum(text.encode("utf-8", "replace")) for text in texts]
    rows = np.array([np.random.default_rng(seed).normal(size=384) for seed in seeds])
    unit: Float32Array = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def wait_until(true: Callable[[], bool], *, within_s: float = 10.0) -> None:
    """Blocks: for threads, not for event loops."""
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)


def _texts(raw: bytes) -> list[str]:
    texts, at = [], 0
    while at < len(raw):
        (length,) = struct.unpack_from("<I", raw, at)
        texts.append(raw[at + 4 : at + 4 + length].decode("utf-8"))
        at += 4 + length
    return texts


def _json(stated: object, *, code: int = 200) -> Reply:
    return Reply(code, json.dumps(stated).encode(), {"Content-Type": "application/json"})
