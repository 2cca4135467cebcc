"""Files that are known to be models, or no models, and are not taken: what to do instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ml_service.domain.errors import ModelRefused

DOCS = "docs/hosting/uploading.md says how to export a model."


@dataclass(frozen=True, slots=True)
class _Foreign:
    """A form of models that is known and not taken; ``instead`` says what to do."""

    what: str
    instead: str

    def refusal(self) -> ModelRefused:
        return ModelRefused(f"This is {self.what}. {self.instead} {DOCS}")


_CODE = (".py", ".pyc", ".so", ".dll", ".sh", ".jar", ".class")
_RUNS_CODE = "Such a file runs code when it is read, so it is never opened here."
_SKL2ONNX = "Export a scikit-learn model with skl2onnx and send the .onnx file."
_TORCH = "Export the model with torch.onnx.export and send the .onnx file."
_TF2ONNX = "Convert it with tf2onnx and send the .onnx file."

_PICKLE = _Foreign("a Python pickle", f"{_RUNS_CODE} {_SKL2ONNX}")
_JOBLIB = _Foreign("a compressed file, as joblib makes them", f"{_RUNS_CODE} {_SKL2ONNX}")
_TORCH_FILE = _Foreign("a PyTorch checkpoint", f"{_RUNS_CODE} {_TORCH}")
_MAR = _Foreign("a TorchServe archive (.mar)", f"It brings code along. {_TORCH}")
_KERAS = _Foreign("a Keras or HDF5 file", f"It may bring code along. {_TF2ONNX}")
_TENSORS = _Foreign(
    "a bare file of weights",
    "Zip it as weights.safetensors or weights.npz together with its manifest.json.",
)
_BOOSTER = _Foreign(
    "a model of XGBoost or LightGBM, or another text", "Convert it with onnxmltools."
)
_TFLITE = _Foreign("a TensorFlow Lite file", _TF2ONNX)
_GGUF = _Foreign("a GGUF file", "Language models are not hosted here.")
_PACKED = _Foreign("a packed archive", "Only zip is unpacked.")
_DOCUMENT = _Foreign("a document or a picture", "Send a model.")
_WITH_CODE = _Foreign("an archive that brings code along", "No code of a model is ever run here.")
_NESTED = _Foreign("an archive with another one in it", "Send the files themselves in one zip.")
_PROGRAM = _Foreign("a program", "Programs are never run here. Send a model.")

_BEGINNINGS: tuple[tuple[bytes, _Foreign], ...] = (
    (b"\x89HDF\r\n\x1a\n", _KERAS),
    (b"\x93NUMPY", _TENSORS),
    (b"GGUF", _GGUF),
    (b"\x1f\x8b", _JOBLIB),
    (b"\x78\x01", _JOBLIB),
    (b"\x78\x5e", _JOBLIB),
    (b"\x78\x9c", _JOBLIB),
    (b"\x78\xda", _JOBLIB),
    (b"ZF0x", _JOBLIB),
    (b"BZh", _JOBLIB),
    (b"\xfd7zXZ\x00", _JOBLIB),
    (b"]\x00\x00", _JOBLIB),
    (b"\x04\x22\x4d\x18", _JOBLIB),
    (b"\x28\xb5\x2f\xfd", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", _PACKED),
    (b"Rar!", _PACKED),
    (b"%PDF", _DOCUMENT),
    (b"\x89PNG", _DOCUMENT),
    (b"\xff\xd8\xff", _DOCUMENT),
    (b"\x7fELF", _PROGRAM),
    (b"MZ", _PROGRAM),
    (b"#!", _PROGRAM),
)


def _is_pickle(content: bytes) -> bool:
    """Protocols 2 to 5 begin with their number; older ones are text, and end in a stop."""
    if content[:1] == b"\x80" and content[1:2] in {b"\x02", b"\x03", b"\x04", b"\x05"}:
        return True
    is_old = content[:1] in {b"(", b"c", b"]", b"}"} and content.rstrip()[-1:] == b"."
    return is_old and b"\n" in content[:200]


def _is_safetensors(content: bytes) -> bool:
    length = int.from_bytes(content[:8], "little")
    return 2 <= length <= len(content) - 8 and content[8:9] == b"{"


def _is_legacy_torch(content: bytes) -> bool:
    """A pickle of the number by which PyTorch before 1.6 knew its files."""
    return content.startswith(b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P")


_LOOKS: tuple[tuple[Callable[[bytes], bool], _Foreign], ...] = (
    (_is_legacy_torch, _TORCH_FILE),
    (_is_pickle, _PICKLE),
    (_is_safetensors, _TENSORS),
    (lambda content: content[4:8] == b"TFL3", _TFLITE),
    (lambda content: content[257:262] == b"ustar", _PACKED),
    (lambda content: content[:200].lstrip()[:1] in {b"{", b"[", b"<"}, _BOOSTER),
    (lambda content: content.startswith((b"tree\n", b"binf")), _BOOSTER),
)


def refuse_foreign(content: bytes) -> None:
    """Raises ModelRefused."""
    for beginning, foreign in _BEGINNINGS:
        if content.startswith(beginning):
            raise foreign.refusal()
    for looks_like_it, foreign in _LOOKS:
        if looks_like_it(content):
            raise foreign.refusal()


_IN_ARCHIVES: tuple[tuple[Callable[[str], bool], _Foreign], ...] = (
    (lambda name: name.startswith("MAR-INF/"), _MAR),
    (lambda name: name.endswith(("data.pkl", "constants.pkl")), _TORCH_FILE),
    (lambda name: name.endswith((".h5", ".hdf5", ".keras")), _KERAS),
    (lambda name: name.endswith((".pkl", ".pickle", ".joblib", ".dill")), _PICKLE),
    (lambda name: name.endswith((".pt", ".pth", ".ckpt")), _TORCH_FILE),
    (lambda name: name.endswith(_CODE), _WITH_CODE),
    (lambda name: name.endswith((".zip", ".tar", ".gz", ".tgz", ".7z", ".mar")), _NESTED),
)
"""In the order in which they tell most: a TorchServe archive holds code and pickles as well."""


def refuse_foreign_archive(names: Sequence[str]) -> None:
    """By the names of its members. Raises ModelRefused."""
    for looks_like_it, foreign in _IN_ARCHIVES:
        if any(map(looks_like_it, names)):
            raise foreign.refusal()
    if names and all(name.endswith(".npy") for name in names):
        raise _TENSORS.refusal()
