"""Tensors of every datatype, invented."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ml_service.domain.tensors import DTYPES, Datatype, Tensor

SHAPES = arrays.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4)


@st.composite
def tensors(draw: st.DrawFn, *, finite: bool = False) -> tuple[Datatype, Tensor]:
    """``BYTES`` are UTF-8 where all is to be ``finite``: then JSON can say it."""
    datatype = draw(st.sampled_from(sorted(DTYPES)))
    shape = draw(SHAPES)
    if datatype == "BYTES":
        text = st.text().map(str.encode) if finite else st.binary()
        array = np.empty(shape, dtype=np.object_)
        array[...] = draw(arrays.arrays(np.object_, shape, elements=text, fill=st.nothing()))
        return datatype, array
    any_number = None if not finite else False
    elements = arrays.from_dtype(DTYPES[datatype], allow_nan=any_number, allow_infinity=any_number)
    return datatype, draw(arrays.arrays(DTYPES[datatype], shape, elements=elements))


def same(first: Tensor, second: Tensor) -> bool:
    """Also NaN is the same as NaN, and the type is."""
    if first.dtype != second.dtype or first.shape != second.shape:
        return False
    is_float = first.dtype.kind == "f"
    return np.array_equal(first, second, equal_nan=is_float)
