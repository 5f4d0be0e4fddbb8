"""Rows of a table asked for before they are needed, in compiled loops: memory then comes while the loop goes on."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

__all__ = ["ask_for"]

_TO_READ, _SOON, _DATA = 0, 3, 1


def _ask_for(_typing: Any, rows: Any, _place: Any) -> Any:
    """Have the row of a C-contiguous table of two dimensions brought near; says and changes nothing."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table, place = arguments
        held = context.make_array(signature.args[0])(context, builder, table)
        width = builder.extract_value(held.strides, 0)
        begin = builder.ptrtoint(held.data, ir.IntType(64))
        address = builder.inttoptr(builder.add(begin, builder.mul(place, width)), ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [address.type, number, number, number])
        asked = builder.module.declare_intrinsic("llvm.prefetch", [address.type], kind)
        builder.call(asked, [address, *(ir.Constant(number, one) for one in (_TO_READ, _SOON, _DATA))])
        return context.get_dummy_value()

    return types.void(rows, types.intp), generate


ask_for: Any = intrinsic(_ask_for)
