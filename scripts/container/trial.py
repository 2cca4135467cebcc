"""Run an image as docs/deploying.md says containers are run, and see that it serves."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from container.stages import Image, mount

KEY = "a-key-for-this-trial"
START_WITHIN_S = 120.0
STOP_WITHIN_S = 30.0
# What python:3.11-slim-bookworm brings: Debian's own essentials and what Python's modules load.
# Source: docker-library/python 3.11/slim-bookworm/Dockerfile and debian:bookworm-slim.
SLIM_LIBRARIES = re.compile(
    r"(ld-linux|libc|libm|libdl|librt|libpthread|libutil|libresolv|libnss_\w+|libanl|libgcc_s|"
    r"libstdc\+\+|libz|libbz2|liblzma|libssl|libcrypto|libffi|libsqlite3|libexpat|libuuid|"
    r"libreadline|libncursesw|libtinfo|libtirpc|libnsl|libdb-5\.3|libgdbm|libcrypt|libpython3\.11)"
    r"[-.\d]"
)


class TrialFailed(Exception):
    """Something is not as the documentation says."""


class Trial:
    """Read-only root, an own /tmp, a volume for data, no capability, no new privileges."""

    def __init__(self, image: Image, project: Path, folder: Path) -> None:
        self._image = image
        self._sample = project / "data" / "samples" / "software_engineer.pdf"
        self._volume = folder / "volume"
        self._port = _free_port()
        sha256 = hashlib.sha256(KEY.encode()).hexdigest()
        self._settings = {"PORT": str(self._port), "PARSE_WORKERS": "1"}
        self._keyed = {**self._settings, "API_KEYS": f"trial:write:{sha256}"}

    def run(self) -> None:
        """Raises TrialFailed."""
        self._mount()
        self._refuses_to_start_without_keys()
        with self._running() as service:
            self._is_confined(service)
            self._needs_only_what_the_base_image_has(service)
            prediction_id = self._serves_an_upload()
            self._stops_and_finishes_what_is_in_work(service)
        with self._running() as service:
            if self._ask(f"/predictions/{prediction_id}")[0] != 200:
                raise TrialFailed("the prediction is gone after a restart")
            said("it is still there after a restart")
            service.send_signal(signal.SIGTERM)
            service.wait(timeout=STOP_WITHIN_S)

    def _mount(self) -> None:
        root = str(self._image.root)
        mount("-o", "remount,ro", root)
        mount(
            "-t",
            "tmpfs",
            "-o",
            "mode=1777,size=256m,noexec,nosuid,nodev",
            "tmpfs",
            str(self._image.root / "tmp"),
        )
        for volume in self._image.volumes:
            inside = Path(f"{root}{volume}")
            shutil.copytree(inside, self._volume)
            os.chown(self._volume, inside.stat().st_uid, inside.stat().st_gid)
            mount("--bind", str(self._volume), str(inside))

    def _refuses_to_start_without_keys(self) -> None:
        command = self._image.inside(self._image.command, self._settings)
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode == 0 or "API_KEYS" not in done.stdout + done.stderr:
            raise TrialFailed(f"it starts without keys: {done.stdout}{done.stderr}")
        said("refuses to start without API_KEYS, with a sentence")

    @contextmanager
    def _running(self) -> Iterator[subprocess.Popen[bytes]]:
        begin = time.monotonic()
        command = self._image.inside(self._image.command, self._keyed)
        with subprocess.Popen(command, start_new_session=True) as service:
            try:
                self._wait_until_healthy(service)
                said(f"its health check passes after {time.monotonic() - begin:.0f} s")
                yield service
            finally:
                if service.poll() is None:
                    os.killpg(service.pid, signal.SIGKILL)

    def _wait_until_healthy(self, service: subprocess.Popen[bytes]) -> None:
        check = self._image.inside(self._image.healthcheck, self._keyed)
        deadline = time.monotonic() + START_WITHIN_S
        while subprocess.run(check, capture_output=True, check=False).returncode != 0:
            if service.poll() is not None or time.monotonic() > deadline:
                raise TrialFailed("it does not become healthy")
            time.sleep(0.5)

    def _is_confined(self, service: subprocess.Popen[bytes]) -> None:
        status = Path(f"/proc/{service.pid}/status").read_text(encoding="ascii")
        facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        if set(facts["Uid"].split()) != {"10001"} or int(facts["CapEff"], 16) != 0:
            raise TrialFailed(f"it runs as {facts['Uid']} with capabilities {facts['CapEff']}")
        for place in ("/app/new", "/opt/packages/new", "/etc/new"):
            touch = self._image.inside(["touch", place])
            if subprocess.run(touch, capture_output=True, check=False).returncode == 0:
                raise TrialFailed(f"it can write {place}")
        said("runs as 10001 without capabilities; /app, /opt/packages and /etc cannot be written")

    def _needs_only_what_the_base_image_has(self, service: subprocess.Popen[bytes]) -> None:
        maps = Path(f"/proc/{service.pid}/maps").read_text(encoding="utf-8")
        loaded = {line.split()[-1] for line in maps.splitlines() if ".so" in line}
        system = {Path(path).name for path in loaded if not _is_packaged(path)}
        foreign = sorted(name for name in system if not SLIM_LIBRARIES.match(name))
        if foreign:
            raise TrialFailed(f"libraries that the slim base image lacks: {', '.join(foreign)}")
        said(f"all {len(system)} libraries of the system that it loads are in the slim base image")

    def _serves_an_upload(self) -> str:
        status, refusal = self._upload(key="")
        if status != 401:
            raise TrialFailed(f"without a key: {status} {refusal}")
        status, prediction = self._upload(key=KEY)
        if status != 201:
            raise TrialFailed(f"the upload: {status} {prediction}")
        said(f"201 for {self._sample.name}: {prediction['career_path']}; 401 without the key")
        written = [path.name for path in self._volume.rglob("*") if path.is_file()]
        if "predictions.db" not in written:
            raise TrialFailed(f"the volume holds {written}")
        return str(prediction["prediction_id"])

    def _stops_and_finishes_what_is_in_work(self, service: subprocess.Popen[bytes]) -> None:
        answers: list[int] = []
        upload = threading.Thread(
            target=lambda: answers.append(self._upload(key=KEY, again=True)[0])
        )
        upload.start()
        time.sleep(0.15)
        begin = time.monotonic()
        service.send_signal(signal.SIGTERM)
        status = service.wait(timeout=STOP_WITHIN_S)
        upload.join(timeout=STOP_WITHIN_S)
        if answers != [201] or status not in {0, -signal.SIGTERM}:
            raise TrialFailed(f"SIGTERM during an upload: answers {answers}, exit status {status}")
        said(
            f"SIGTERM during an upload: answered 201, ended after {time.monotonic() - begin:.1f} s"
        )

    def _upload(self, *, key: str, again: bool = False) -> tuple[int, dict[str, str]]:
        edge = "--of-this-trial"
        head = f'Content-Disposition: form-data; name="file"; filename="{self._sample.name}"'
        body = b"\r\n".join(
            [
                f"--{edge}".encode(),
                head.encode(),
                b"",
                self._sample.read_bytes(),
                f"--{edge}--".encode(),
            ]
        )
        headers = {"content-type": f"multipart/form-data; boundary={edge}", "x-api-key": key}
        return self._ask("/predict?force=true" if again else "/predict", body + b"\r\n", headers)

    def _ask(
        self, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str]]:
        url = f"http://127.0.0.1:{self._port}{path}"
        request = urllib.request.Request(url, body, dict(headers or {"x-api-key": KEY}))
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)


def said(sentence: str) -> None:
    print(f"   ok: {sentence}", flush=True)


def _is_packaged(path: str) -> bool:
    """From a package, or an extension module of Python itself."""
    return "/opt/packages/" in path or "/python3.11/" in path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
