"""Generates finnet/model/ftm_schema.json from the schemata of a followthemoney wheel.

    python tools/ftm_schema.py followthemoney-4.11.2-py3-none-any.whl

Facts only: the names of schemata and properties, their types, parents and edge ends. followthemoney is under the MIT
licence. Needs a YAML reader (pip install pyyaml), which finnet itself does not.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "finnet" / "model" / "ftm_schema.json"


def main(wheel: Path) -> None:
    """Write the file."""
    import yaml  # type: ignore[import-untyped]

    with zipfile.ZipFile(wheel) as archive:
        names = sorted(n for n in archive.namelist() if n.startswith("followthemoney/schema/") and n.endswith(".yaml"))
        read: dict[str, dict[str, Any]] = {}
        for name in names:
            read.update(yaml.safe_load(archive.read(name)))
    version = wheel.name.split("-")[1]
    schemata = {name: _facts(read, name) for name in sorted(read)}
    document = {"followthemoney": version, "schemata": schemata}
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    TARGET.write_text(text + "\n", encoding="utf-8")
    edges = sum("edge" in facts for facts in schemata.values())
    print(f"{TARGET.name}: {len(read)} schemata, {edges} edges, from followthemoney {version}")


def _facts(read: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    schema = read[name]
    facts: dict[str, Any] = {
        "extends": schema.get("extends", []),
        "properties": {p: _property(spec) for p, spec in schema.get("properties", {}).items()},
        "caption": schema.get("caption", []),
        "featured": schema.get("featured", []),
    }
    if schema.get("abstract"):
        facts["abstract"] = True
    if "edge" in schema:
        edge = schema["edge"]
        facts["edge"] = {
            "source": edge["source"],
            "target": edge["target"],
            "directed": edge.get("directed", True),
            "caption": edge.get("caption", []),
        }
    return facts


def _property(spec: dict[str, Any]) -> str:
    kind = spec.get("type", "string")
    return f"entity:{spec['range']}" if kind == "entity" and "range" in spec else kind


if __name__ == "__main__":
    main(Path(sys.argv[1]))
