"""Every environment variable: type, default, unit, one line of help. Also read from ``.env``."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from dotenv import dotenv_values
from limits import RateLimitItem, parse_many
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ml_service.domain.api_keys import read_api_keys

_PACKAGE = Path(__file__).resolve().parent
_IS_SOURCE_TREE = (_PACKAGE.parent / "data" / "occupations").is_dir()

PROJECT = _PACKAGE.parent if _IS_SOURCE_TREE else _PACKAGE / "_shipped"
"""Where catalogue, models and page lie: beside the sources, or in the installed package."""

JobsProvider = Literal["auto", "jsearch", "local", "off"]
EmbeddingPrecision = Literal["auto", "fp32", "bf16"]
EmbeddingEngine = Literal["auto", "onnx", "sentence-transformers"]
InferenceMode = Literal["local", "remote", "remote-with-local-fallback"]
InferenceProtocol = Literal["open-inference", "torchserve"]
ModelService = Literal["communication", "technical"]

NOT_BUILT = ("EMBEDDING_MODEL",)
"""Settings of the contract that nothing acts on yet: the service says so, it is not silent."""


RATE_LIMIT_FORM = "expected one limit such as 60/minute or 5 per 10 seconds, or off"

EXACT_ORIGINS = (
    "expected exact origins such as https://app.example.org, without a path; "
    "'*' is not taken: list each web application that may call"
)
SERVER_URL_FORM = (
    "expected an address such as http://127.0.0.1:8080 or https://models.example.org/a"
)
_SERVER_URL = re.compile(
    r"https?://(?:[A-Za-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?:/[^?#\s]*)?"
)
_FORMER_NAMES = {
    "models_dir": "model_cache_dir",
    "inference_model": "torchserve_model_name",
    "inference_timeout_s": "torchserve_timeout",
    "inference_max_retries": "torchserve_max_retries",
}
_ORIGIN = re.compile(r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


class Settings(BaseSettings):
    """Read once, when the service or a command starts."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    host: str = Field("127.0.0.1", description="address to serve on")
    port: int = Field(8000, ge=0, le=65535, description="port to serve on")
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="web origins that may call from a browser, separated by commas"
    )
    api_keys: SecretStr = Field(
        SecretStr(""), description='keys as "name:scope+scope:sha256hex,..." (read, write, admin)'
    )
    allow_anonymous: bool = Field(
        False, description="serve callers without a key from anywhere, not only from this machine"
    )

    database_url: str | None = Field(
        None, description="default: an SQLite file predictions.db in DATA_DIR"
    )
    data_dir: Path = Field(
        PROJECT / "data" / "runtime" if _IS_SOURCE_TREE else Path("data", "runtime"),
        description="folder for the database and temporary files",
    )
    store_resume_text: bool = Field(
        True, description="keep resumes' lines, which a search needs, and transcripts of interviews"
    )

    retention_days: int | None = Field(
        None,
        ge=1,
        le=36_500,
        description="delete predictions and interviews after so many days; default: never",
    )

    rate_limit_uploads: str = Field(
        "60/minute", description="uploads of one key or address; 'off' for no limit"
    )
    rate_limit_jobs: str = Field(
        "20/minute", description="job searches of one key or address; 'off' for no limit"
    )
    rate_limit_default: str = Field(
        "600/minute", description="other requests of one key or address; 'off' for no limit"
    )

    max_upload_bytes: int = Field(
        10_000_000, ge=1_000, description="largest resume accepted, in bytes"
    )
    max_pages: int = Field(50, ge=1, description="most pages of a resume")
    max_uploads_in_work: int = Field(
        default_factory=lambda: max(8, 4 * (os.cpu_count() or 1)),
        ge=1,
        description="uploads in work at once; further ones get 503 overloaded",
    )
    upload_timeout_s: float = Field(
        30.0, gt=0, le=300, description="longest time a request may take to arrive, in seconds"
    )
    parse_workers: int = Field(
        default_factory=lambda: max(1, os.cpu_count() or 1), ge=1, description="reader processes"
    )
    parse_timeout_s: float = Field(
        9.0, gt=0, le=60, description="wall time for reading one document, in seconds"
    )
    parse_memory_bytes: int = Field(
        512 * 1024**2, ge=64 * 1024**2, description="memory one document may take, in bytes"
    )
    ocr: bool = Field(
        False, description="read scanned pages; needs the packages of the extra 'ocr'"
    )
    ocr_timeout_s: float = Field(
        60.0, gt=0, le=600, description="wall time for the scanned pages of a document, in seconds"
    )
    ocr_memory_bytes: int = Field(
        2 * 1024**3, ge=1024**3, description="memory the scanned pages may take, in bytes"
    )

    catalogue_dir: Path = Field(
        PROJECT / "data" / "occupations", description="folder of the occupation catalogue"
    )
    models_dir: Path = Field(PROJECT / "data" / "models", description="folder of models")
    default_model: str = Field("occupations", description="model_id used when none is asked for")
    intents_model: str = Field(
        "intents",
        min_length=1,
        description="model of intents used when none is asked for; it may be absent",
    )
    allow_model_upload: bool = Field(
        False, description="let callers with the scope admin add models while the service runs"
    )
    max_model_bytes: int = Field(
        100_000_000, ge=100_000, description="largest model taken, in bytes, also unpacked"
    )
    default_model_path: Path | None = Field(
        None, description="former name: its folder and last part for MODELS_DIR and DEFAULT_MODEL"
    )
    model_cache_dir: Path | None = Field(None, description="former name of MODELS_DIR")
    embedding_engine: EmbeddingEngine = Field(
        "auto", description="auto: onnx where it is installed, else sentence-transformers"
    )
    embedding_precision: EmbeddingPrecision = Field(
        "auto",
        description="of sentence-transformers; auto: bf16 where the processor has it, else fp32",
    )
    encoder_dir: Path = Field(
        PROJECT / "data" / "models" / "encoders" / "all-MiniLM-L6-v2-int8",
        description="folder of the encoder that the engine onnx runs",
    )
    preload_models: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="models loaded at the start beside the default, separated by commas"
    )
    models_memory_bytes: int = Field(
        1024**3,
        ge=16 * 1024**2,
        description="memory that the weights of loaded models may take, in bytes",
    )
    model_idle_s: float = Field(
        1800.0, gt=0, description="a model that nobody asked for in so many seconds is unloaded"
    )
    encoder_queue_tokens: int = Field(
        262_144,
        ge=1_024,
        description="text that may wait for the encoder, in tokens; more gets 503 overloaded",
    )
    vector_cache_bytes: int = Field(
        32 * 1024**2,
        ge=0,
        description="memory for vectors of texts embedded in the last ten minutes; 0: none",
    )
    omp_num_threads: int | None = Field(
        None, ge=1, description="threads of the encoder; default: one a processor"
    )

    inference_mode: InferenceMode = Field(
        "local", description="where the encoder runs; a fallback is used only if it is named here"
    )
    inference_protocol: InferenceProtocol = Field(
        "open-inference", description="what the inference server at INFERENCE_URL speaks"
    )
    inference_url: str = Field(
        "", description="where the inference server answers, such as http://127.0.0.1:8080"
    )
    inference_model: str = Field(
        "all-MiniLM-L6-v2",
        pattern=r"^[^@]+(@[^@]+)?$",
        description="name of the encoder on that server, or NAME@VERSION",
    )
    inference_timeout_s: float = Field(
        10.0, gt=0, le=300, description="longest wait for its answer with all tries, in seconds"
    )
    inference_max_retries: int = Field(
        2, ge=0, le=10, description="further tries after a lost connection, 429, or 502 to 504"
    )
    inference_token_file: Path | None = Field(
        None, description="file with the server's token, or key_file.json of TorchServe"
    )
    model_service: ModelService | None = Field(
        None, description="which of the two the process ml_service.app.model_service is"
    )
    model_service_1_url: str = Field(
        "", description="where the service communication answers; default: in this process"
    )
    model_service_2_url: str = Field(
        "", description="where the service technical answers; default: in this process"
    )
    use_torchserve: bool | None = Field(
        None, description="former name: INFERENCE_MODE=remote with INFERENCE_PROTOCOL=torchserve"
    )
    torchserve_host: str | None = Field(None, description="former name of a part of INFERENCE_URL")
    torchserve_port: int | None = Field(
        None, ge=1, le=65535, description="former name of a part of INFERENCE_URL"
    )
    torchserve_model_name: str | None = Field(None, description="former name of INFERENCE_MODEL")
    torchserve_timeout: float | None = Field(
        None, gt=0, le=300, description="former name of INFERENCE_TIMEOUT_S"
    )
    torchserve_max_retries: int | None = Field(
        None, ge=0, le=10, description="former name of INFERENCE_MAX_RETRIES"
    )

    jobs_provider: JobsProvider = Field(
        "auto", description="auto: jsearch with a key, else the imported postings"
    )
    jobs_wait_s: float = Field(
        3.0, ge=0, description="seconds an upload waits for the job board before 'pending'"
    )
    jobs_country: str = Field(
        "us", pattern="^[a-z]{2}$", description="country of job searches, ISO 3166-1 alpha-2"
    )
    rapidapi_key: SecretStr | None = Field(None, description="key of JSearch at RapidAPI")
    rapidapi_host: str = Field("jsearch.p.rapidapi.com", description="RapidAPI host header")
    jsearch_base_url: str = Field(
        "https://jsearch.p.rapidapi.com", description="where JSearch answers"
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="least severe log line that is written"
    )
    log_format: Literal["text", "json"] = Field("text", description="lines for people or for tools")

    @field_validator("cors_origins", "preload_models", mode="before")
    @classmethod
    def _split_list(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(origin.strip() for origin in value.split(",") if origin.strip())
        return value

    @field_validator("cors_origins")
    @classmethod
    def _exact_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for position, origin in enumerate(value, 1):
            if _ORIGIN.fullmatch(origin) is None:
                raise ValueError(f"entry {position} of CORS_ORIGINS: {EXACT_ORIGINS}")
        return value

    @field_validator("inference_url", "model_service_1_url", "model_service_2_url")
    @classmethod
    def _plain_url(cls, value: str) -> str:
        if value and _SERVER_URL.fullmatch(value) is None:
            raise ValueError(SERVER_URL_FORM)
        return value.rstrip("/")

    @model_validator(mode="after")
    def _former_names(self) -> Self:
        """What stands under its own name is never replaced by what stands under a former one."""
        if self.use_torchserve is not None:
            self._unless_given("inference_mode", "remote" if self.use_torchserve else "local")
        if self.use_torchserve:
            self._unless_given("inference_protocol", "torchserve")
            host = (self.torchserve_host or "127.0.0.1").removeprefix("http://").rstrip("/")
            url = self._plain_url(f"http://{host}:{self.torchserve_port or 8080}")
            self._unless_given("inference_url", url)
        for name, former in _FORMER_NAMES.items():
            if getattr(self, former) is not None:
                self._unless_given(name, getattr(self, former))
        if self.default_model_path is not None:
            path = self.default_model_path
            self._unless_given("default_model", _without_ending(path.name))
            self._unless_given("models_dir", path.parent)
        return self

    @model_validator(mode="after")
    def _remote_is_somewhere(self) -> Self:
        if self.inference_mode != "local" and not self.inference_url:
            raise ValueError(f"INFERENCE_MODE={self.inference_mode} needs INFERENCE_URL")
        return self

    def _unless_given(self, name: str, value: object) -> None:
        if name not in self.model_fields_set:
            setattr(self, name, value)

    @field_validator("api_keys")
    @classmethod
    def _readable_keys(cls, value: SecretStr) -> SecretStr:
        read_api_keys(value.get_secret_value())
        return value

    @field_validator("rate_limit_uploads", "rate_limit_jobs", "rate_limit_default")
    @classmethod
    def _readable_limit(cls, value: str) -> str:
        parse_rate_limit(value)
        return value

    @property
    def resolved_database_url(self) -> str:
        if self.database_url:
            return self.database_url
        return f"sqlite+aiosqlite:///{self.data_dir / 'predictions.db'}"


def parse_rate_limit(setting: str) -> RateLimitItem | None:
    """As in 60/minute or 5 per 10 seconds; None for off. Raises ValueError."""
    if setting.strip().lower() == "off":
        return None
    try:
        limits = parse_many(setting)
    except ValueError:
        raise ValueError(RATE_LIMIT_FORM) from None
    if len(limits) != 1 or limits[0].amount < 1 or limits[0].multiples < 1:
        raise ValueError(RATE_LIMIT_FORM)
    return limits[0]


def _without_ending(name: str) -> str:
    for ending in (".onnx", ".zip", ".npz"):
        name = name.removesuffix(ending)
    return name


def is_loopback(host: str) -> bool:
    """Whether only this machine can mean ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def wrong_settings(refused: ValidationError) -> Iterator[tuple[str, str]]:
    """Each by its name in the environment, with what is wrong with it."""
    for problem in refused.errors():
        yield "_".join(str(part) for part in problem["loc"]).upper(), problem["msg"]


def settings_without_effect(env_file: Path = Path(".env")) -> tuple[str, ...]:
    """Names that the environment or ``.env`` sets although nothing acts on them yet."""
    given = {**dotenv_values(env_file), **os.environ}
    return tuple(name for name in NOT_BUILT if given.get(name))
