"""stub"""
from dataclasses import dataclass
@dataclass
class Proposal: toml: str
def propose(file): ...
