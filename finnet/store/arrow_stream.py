"""Columns of text handed to the engine without a copy, through Arrow's C stream interface.

``ArrowStream(names, batches)`` is an object that DuckDB can register and scan as often as it likes, each time calling
``batches()`` anew. No Arrow library is needed: the interface is three C structures.

Source: Apache Arrow, "The Arrow C data interface" and "The Arrow C stream interface" (version 1.0 of the format).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ArrowStream", "Batch", "DecimalColumn", "TextColumn"]

_NULLABLE = 2  # ARROW_FLAG_NULLABLE


@dataclass(frozen=True, slots=True)
class TextColumn:
    """Rows of UTF-8 text: row i is ``data[offsets[i]:offsets[i + 1]]``; null where bit i of ``valid`` is 0."""

    offsets: NDArray[np.int32]
    data: NDArray[np.uint8]
    valid: NDArray[np.uint8]

    def copy(self) -> TextColumn:
        """The same in memory of its own."""
        return TextColumn(self.offsets.copy(), self.data.copy(), self.valid.copy())


@dataclass(frozen=True, slots=True)
class DecimalColumn:
    """Rows of DECIMAL(18, 4), in ten-thousandths; null where bit i of ``valid`` is 0."""

    values: NDArray[np.int64]
    valid: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows: whole-number columns (without nulls), texts, decimals and codes, in the stream's order of names.

    ``codes`` are small whole numbers, without nulls as well.
    """

    rows: int
    numbers: Sequence[NDArray[np.int64]]
    texts: Sequence[TextColumn]
    decimals: Sequence[DecimalColumn] = ()
    codes: Sequence[NDArray[np.int32]] = ()


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Pointer = ctypes.POINTER
_ReleaseSchema = ctypes.CFUNCTYPE(None, _Pointer(_Schema))
_ReleaseArray = ctypes.CFUNCTYPE(None, _Pointer(_Array))
_ReleaseStream = ctypes.CFUNCTYPE(None, _Pointer(_Stream))
_GetSchema = ctypes.CFUNCTYPE(ctypes.c_int, _Pointer(_Stream), _Pointer(_Schema))
_GetNext = ctypes.CFUNCTYPE(ctypes.c_int, _Pointer(_Stream), _Pointer(_Array))
_GetLastError = ctypes.CFUNCTYPE(ctypes.c_void_p, _Pointer(_Stream))

_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", _Pointer(_Pointer(_Schema))),
    ("dictionary", _Pointer(_Schema)),
    ("release", _ReleaseSchema),
    ("private_data", ctypes.c_void_p),
]
_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", _Pointer(ctypes.c_void_p)),
    ("children", _Pointer(_Pointer(_Array))),
    ("dictionary", _Pointer(_Array)),
    ("release", _ReleaseArray),
    ("private_data", ctypes.c_void_p),
]
_Stream._fields_ = [
    ("get_schema", _GetSchema),
    ("get_next", _GetNext),
    ("get_last_error", _GetLastError),
    ("release", _ReleaseStream),
    ("private_data", ctypes.c_void_p),
]

_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_STREAM_NAME = b"arrow_array_stream"  # the capsule keeps the pointer: it must outlive every capsule
_EIO = 5


class ArrowStream:
    """Batches of rows as a relation; ``failure`` is what the batches raised, since C cannot carry an exception."""

    def __init__(
        self,
        *,
        numbers: Sequence[str],
        texts: Sequence[str],
        batches: Callable[[], Iterator[Batch]],
        decimals: Sequence[str] = (),
        codes: Sequence[str] = (),
    ) -> None:
        self._names = [
            *((name, b"l", 0) for name in numbers),
            *((name, b"u", _NULLABLE) for name in texts),
            *((name, b"d:18,4,64", _NULLABLE) for name in decimals),
            *((name, b"i", 0) for name in codes),
        ]
        self._batches = batches
        self._open: dict[int, _OpenStream] = {}
        self.failure: BaseException | None = None

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        opened = _OpenStream(self, self._names, self._batches)
        self._open[opened.address] = opened
        return _new_capsule(opened.address, _STREAM_NAME, None)

    def close(self) -> None:
        """Forget the streams that were opened; call it when no query runs any more."""
        self._open.clear()


class _OpenStream:
    """One pass over the batches, and everything that C holds pointers to meanwhile."""

    def __init__(
        self,
        owner: ArrowStream,
        names: Sequence[tuple[str, bytes, int]],
        batches: Callable[[], Iterator[Batch]],
    ) -> None:
        self._owner, self._names = owner, names
        self._make, self._iterator = batches, None
        self._schema_parts: list[object] = []
        self._batch_parts: dict[int, list[object]] = {}
        self._count = 0
        self._error = ctypes.create_string_buffer(b"the file could not be read to its end")
        self._release_schema = _ReleaseSchema(_forget_schema)
        self._release_array = _ReleaseArray(self._forget_array)
        self._release_child = _ReleaseArray(_forget_child)
        self._stream = _Stream(
            _GetSchema(self._get_schema),
            _GetNext(self._get_next),
            _GetLastError(lambda _: ctypes.addressof(self._error)),
            _ReleaseStream(self._forget_stream),
            None,
        )
        self.address = ctypes.addressof(self._stream)

    _iterator: Iterator[Batch] | None

    def _get_schema(self, _stream: object, out: ctypes._Pointer[_Schema]) -> int:
        children = (_Pointer(_Schema) * len(self._names))()
        self._schema_parts.append(children)
        for place, (name, code, flags) in enumerate(self._names):
            child = _Schema(code, name.encode(), None, flags, 0, None, None, self._release_schema, None)
            children[place] = ctypes.pointer(child)
            self._schema_parts.append(child)
        whole = out.contents
        whole.format, whole.name, whole.metadata, whole.flags = b"+s", b"", None, 0
        whole.n_children, whole.children = len(self._names), children
        whole.release, whole.private_data = self._release_schema, None
        return 0

    def _get_next(self, _stream: object, out: ctypes._Pointer[_Array]) -> int:
        try:
            if self._iterator is None:
                self._iterator = self._make()
            batch = next(self._iterator, None)
        except BaseException as error:  # handed to the caller of the query, who raises it again
            self._owner.failure = error
            return _EIO
        whole = out.contents
        if batch is None:
            whole.release = _ReleaseArray()
            return 0
        parts: list[object] = [batch]
        columns: list[tuple[int, tuple[NDArray[Any] | None, ...]]] = []
        columns += [(0, (None, values)) for values in batch.numbers]
        columns += [(-1, (text.valid, text.offsets, text.data)) for text in batch.texts]
        columns += [(-1, (one.valid, one.values)) for one in batch.decimals]
        columns += [(0, (None, values)) for values in batch.codes]
        children = (_Pointer(_Array) * len(columns))()
        for place, (nulls, arrays) in enumerate(columns):
            buffers = (None if array is None else array.ctypes.data for array in arrays)
            children[place] = self._child(parts, batch.rows, nulls, *buffers)
        nothing = (ctypes.c_void_p * 1)(None)
        parts += [children, nothing]
        self._count += 1
        self._batch_parts[self._count] = parts
        whole.length, whole.null_count, whole.offset = batch.rows, 0, 0
        whole.n_buffers, whole.buffers = 1, nothing
        whole.n_children, whole.children = len(children), children
        whole.release, whole.private_data = self._release_array, self._count
        return 0

    def _child(self, parts: list[object], rows: int, nulls: int, *buffers: int | None) -> ctypes._Pointer[_Array]:
        held = (ctypes.c_void_p * len(buffers))(*buffers)
        child = _Array(rows, nulls, 0, len(buffers), 0, held, None, None, self._release_child, None)
        parts += [held, child]
        return ctypes.pointer(child)

    def _forget_array(self, array: ctypes._Pointer[_Array]) -> None:
        self._batch_parts.pop(array.contents.private_data, None)
        array.contents.release = _ReleaseArray()

    def _forget_stream(self, stream: ctypes._Pointer[_Stream]) -> None:
        self._iterator = None
        stream.contents.release = _ReleaseStream()


def _forget_schema(schema: ctypes._Pointer[_Schema]) -> None:
    schema.contents.release = _ReleaseSchema()


def _forget_child(array: ctypes._Pointer[_Array]) -> None:
    array.contents.release = _ReleaseArray()
