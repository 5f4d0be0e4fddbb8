"""Eight bytes at once, for compiled loops over text: read, written and searched as one number, wherever they lie."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

__all__ = ["eight_bytes", "first_marked", "marked", "put_eight_bytes"]

_ONES = np.uint64(0x0101010101010101)
_HIGH = np.uint64(0x8080808080808080)


def _pointer(context: Any, builder: Any, kind: Any, data: Any, place: Any) -> Any:
    held = context.make_array(kind)(context, builder, data)
    return builder.bitcast(builder.gep(held.data, [place]), ir.IntType(64).as_pointer())


def _eight_bytes(_typing: Any, data: Any, _place: Any) -> Any:
    """The bytes of ``data`` from ``place`` on, the first one lowest. All eight must be there: nobody looks."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_pointer(context, builder, signature.args[0], *arguments), align=1)

    return types.uint64(data, types.intp), generate


def _put_eight_bytes(_typing: Any, data: Any, _place: Any, _value: Any) -> Any:
    """Write such a number to ``data`` from ``place`` on. There must be room: nobody looks."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], _pointer(context, builder, signature.args[0], *arguments[:2]), align=1)
        return context.get_dummy_value()

    return types.void(data, types.intp, types.uint64), generate


def _trailing_zeros(_typing: Any, _value: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


eight_bytes: Any = intrinsic(_eight_bytes)
put_eight_bytes: Any = intrinsic(_put_eight_bytes)
_zeros: Any = intrinsic(_trailing_zeros)


@numba.njit(cache=True, nogil=True)
def marked(read: np.uint64, byte_eight_times: np.uint64) -> np.uint64:
    """Has the highest bit of the first byte that is that byte, and none before it; 0 if no byte is."""
    differs = read ^ byte_eight_times
    return (differs - _ONES) & ~differs & _HIGH


@numba.njit(cache=True, nogil=True)
def first_marked(marks: np.uint64) -> int:
    """The place, 0 to 7, of the first byte that is marked."""
    return int(_zeros(marks) >> np.uint64(3))
