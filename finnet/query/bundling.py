"""The verb on bundles: a run packed so that somebody without the case can read it and check its bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from finnet import api
from finnet.api._attribution import SOURCES, is_non_commercial, sources_of
from finnet.api._raw_record import RawRecords
from finnet.errors import UsageError, quoted
from finnet.query.crate import CRATE, described
from finnet.query.manifest import canonical
from finnet.query.material import material_of, redaction_for, step_names
from finnet.query.stored import StoredRun, load_run
from finnet.report.answer import Answer, Row
from finnet.report.dossier.compose import compose
from finnet.report.dossier.document import Dossier
from finnet.report.dossier.markdown import to_markdown
from finnet.report.dossier.page import to_html
from finnet.report.files import write_atomically
from finnet.report.redaction import Redaction
from finnet.report.render import to_csv, to_json

__all__ = ["bundle"]

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day a zip file knows: the same run gives the same bytes
_COLUMNS = ("output", "name", "bytes", "sha256")


def bundle(
    run: Path | str, *, output: Path | str = Path("bundle.zip"), redact: bool = False, case: Path | str | None = None
) -> Answer:
    """Pack a run: query, manifest, outputs, a report as page and Markdown, and the records that the report cites.

    ``datapackage.json`` names each file with its hash, and the datasets with their licences; ``ro-crate-metadata.json``
    says the same to archives. With ``redact`` the
    outputs are written anew with people hidden, and the query, the manifest, the pages and the raw records are left
    out: they would name them. The same run gives the same bytes. One row per file in the bundle.

    Raises: UsageError for a folder that is no run, or a name that does not end in .zip; FinnetError if the run is not
    what it was.
    """
    place = Path(output)
    if place.suffix.lower() != ".zip":
        raise UsageError(f"-o {quoted(place.name)}: a bundle is a zip file", hint="end its name in .zip")
    stored = load_run(run)
    with api.open_case(case if stored.case is None else stored.case) as opened:
        redaction = redaction_for(opened, stored, redact=redact)
        material = material_of(stored, opened, purpose=None, redaction=redaction)
        dossier = compose(material)
        files = _report(dossier) | (_outputs(stored) if redaction is None else _redacted_outputs(stored, redaction))
        if redaction is None:
            files["records.jsonl"] = _records(dossier, opened)
        sources = sources_of(opened)
        files[CRATE] = canonical(
            described(
                files,
                sources,
                title=dossier.title,
                question=dossier.question,
                started=stored.manifest["timing"]["started"],
                version=stored.manifest["tool"]["finnet"],
            )
        )
        files["datapackage.json"] = canonical(_data_package(dossier, files, sources, material.result_sha256))
    written = _zipped(files)
    write_atomically(place, written)
    rows: list[Row] = [
        {
            "output": str(place),
            "name": name,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in sorted(files.items())
    ]
    return Answer(
        command="bundle",
        columns=_COLUMNS,
        rows=rows,
        summary={"bytes": len(written), "sha256": hashlib.sha256(written).hexdigest(), "stamp": material.stamp},
        params={"run": str(run), "redact": redact},
    )


def _report(dossier: Dossier) -> dict[str, bytes]:
    return {
        "report.html": to_html(dossier).encode("utf-8", "backslashreplace"),
        "report.md": to_markdown(dossier).encode("utf-8", "backslashreplace"),
    }


def _outputs(stored: StoredRun) -> dict[str, bytes]:
    names = [str(one["name"]) for one in stored.manifest["subject"]]
    files = {f"run/{name}": (stored.folder / name).read_bytes() for name in names}
    files["run/manifest.json"] = (stored.folder / "manifest.json").read_bytes()
    files[f"run/{stored.query.name}.toml"] = stored.query.text.encode()
    return files


def _redacted_outputs(stored: StoredRun, redaction: Redaction) -> dict[str, bytes]:
    files = {}
    names = step_names(stored.steps, redaction)
    for step in stored.steps:
        answer, name = redaction.answer(step.answer), names[step.id]
        files[f"run/{name}.csv"] = to_csv(answer).encode("utf-8", "backslashreplace")
        files[f"run/{name}.json"] = to_json(answer).encode("utf-8", "backslashreplace")
    return files


def _records(dossier: Dossier, case: api.Case) -> bytes:
    """Each cited record as it stands in its file, under the number that the report gives it."""
    raw = RawRecords(case.manifest.active)
    numbers = dossier.records
    cited = {record.place: record for _, sentence in dossier.sentences for record in sentence.records}
    lines = []
    for place, number in numbers.items():
        one = cited[place]
        said = {"dataset": one.dataset, "file": one.file, "record": one.record, "byte_offset": one.byte_offset}
        lines.append(json.dumps({"number": number, **said, "raw": raw.read(said)}, ensure_ascii=True) + "\n")
    return "".join(lines).encode()


def _data_package(
    dossier: Dossier, files: Mapping[str, bytes], sources: Sequence[Row], result_sha256: str
) -> dict[str, Any]:
    """Source: Frictionless Data, Data Package v1: resources with path, bytes and hash; sources with their licence."""
    return {
        "profile": "data-package",
        "name": "finnet-run",
        "title": dossier.title,
        "description": dossier.question,
        "stamp": dossier.stamp,
        "redacted": dossier.is_redacted,
        "result_sha256": result_sha256,
        "resources": [
            {"path": name, "bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
            for name, content in sorted(files.items())
        ],
        "sources": [
            {
                **{name: row[name] for name in SOURCES},
                "list_date": None if row["list_date"] is None else str(row["list_date"]),
                "non_commercial": is_non_commercial(row["licence"]),
            }
            for row in sources
        ],
    }


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return buffer.getvalue()
