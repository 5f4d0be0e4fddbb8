"""A Network as igraph, networkx or pandas sees it; each library is imported only here and only when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import igraph
    import networkx
    import pandas

    from finnet.graph.network import Network

__all__ = ["to_frame", "to_igraph", "to_networkx"]


def to_igraph(network: Network) -> igraph.Graph:
    """Vertex attribute ``name`` holds the id, edge attribute ``weight`` the weight; edges in the network's order."""
    import igraph
    import numpy as np

    ends = np.column_stack([network.source, network.target])
    graph = igraph.Graph(n=network.size, edges=ends, directed=network.directed)
    graph.vs["name"] = list(network.ids)
    graph.es["weight"] = network.weight.tolist()
    return graph


def to_networkx(network: Network) -> networkx.MultiDiGraph[str] | networkx.MultiGraph[str]:
    """Nodes are ids in order, edge attribute ``weight``; parallel edges are kept."""
    import networkx

    graph: networkx.MultiDiGraph[str] | networkx.MultiGraph[str]
    graph = networkx.MultiDiGraph() if network.directed else networkx.MultiGraph()
    graph.add_nodes_from(network.ids)
    for tail, head, weight in zip(network.source, network.target, network.weight, strict=True):
        graph.add_edge(network.ids[tail], network.ids[head], weight=float(weight))
    return graph


def to_frame(network: Network) -> pandas.DataFrame:
    """One row per edge: source and target as ids, weight in the network's unit, then the further edge columns."""
    import pandas

    columns: dict[str, object] = {
        "source": [network.ids[i] for i in network.source],
        "target": [network.ids[i] for i in network.target],
        "weight": network.weight,
    }
    return pandas.DataFrame({**columns, **network.edges})
