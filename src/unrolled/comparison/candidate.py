"""A model to compare: how it is called, its encoder and the settings that it doesn't leave at their defaults."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from unrolled.model.layers.recurrent import Recurrent
from unrolled.model.registry import is_linear, make_encoder, network_names
from unrolled.training.resolve_config import reject_inapplicable, resolve_config
from unrolled.training.run_config import RunConfig

LONGEST = 60  # characters of a folder's name
_PLAIN = re.compile(r"[a-z0-9]+( (--)?[a-z0-9]+(-[a-z0-9]+)*)*")  # of which nothing is lost


@dataclass(frozen=True)
class Candidate:
    """A model as it was asked for."""

    name: str
    encoder: str
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def run_config(self) -> RunConfig:
        """Check its settings together; the first impossible one raises a SettingError."""
        reject_inapplicable(self.encoder, self.settings)
        return resolve_config(self.encoder, None, self.settings)

    @property
    def file_name(self) -> str:
        """Name its folder: of `lstm --bidirectional` lstm-bidirectional, and a hash where signs or its end are lost."""
        plain = re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")
        if len(plain) <= LONGEST and _PLAIN.fullmatch(self.name):
            return plain
        whole = hashlib.sha256(self.name.encode(errors="surrogatepass")).hexdigest()
        return f"{plain[:LONGEST].rstrip('-')}-{whole[:8]}"


def every() -> list[Candidate]:
    """List every network once, and the lstm and the gru that read both ways; first those that see the fewest words.

    Those are the quickest, and what they leave of a budget goes to the others.
    """
    plain = [Candidate(name, name) for name in sorted(network_names(), key=_words_seen)]
    both_ways = [Candidate(f"{name} --bidirectional", name, {"bidirectional": True}) for name in ("gru", "lstm")]
    return [*plain, *both_ways]


def _words_seen(name: str) -> tuple[bool, int]:
    if is_linear(name):
        return False, 0
    encoder = make_encoder(name, 1, {})
    return isinstance(encoder, Recurrent), encoder.receptive_field or 10**9
