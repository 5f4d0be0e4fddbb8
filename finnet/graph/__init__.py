"""Recipe and case in, Network out; and what a Network can be seen as."""

from finnet.graph.network import FloatArray, IntArray, Network

__all__ = ["FloatArray", "IntArray", "Network"]
