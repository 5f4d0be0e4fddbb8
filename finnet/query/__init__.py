"""Saved analyses: a TOML file that names inputs and steps, run into a folder that a stranger can check."""

from finnet.query.bundling import bundle
from finnet.query.dossier import report
from finnet.query.run import run
from finnet.query.saved import Query, Step, load
from finnet.query.verify import verify

__all__ = ["Query", "Step", "bundle", "load", "report", "run", "verify"]
