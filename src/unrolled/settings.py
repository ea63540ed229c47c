"""A callable's parameters with defaults → its settings, which check Python values and read text from a command line."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import json
import math
import numbers
import operator
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union

from unrolled.errors import SettingError
from unrolled.errors import settings as errors


@dataclass(frozen=True)
class Interval:
    """The numbers from `left` to `right`; `closed` says which ends belong (as scikit-learn's parameter checks do)."""

    left: float = -math.inf
    right: float = math.inf
    closed: Literal["both", "left", "right", "neither"] = "both"

    def __contains__(self, value: float) -> bool:
        """Return whether a finite number is in the interval."""
        above = operator.ge if self.closed in ("both", "left") else operator.gt
        below = operator.le if self.closed in ("both", "right") else operator.lt
        return above(value, self.left) and below(value, self.right) and -math.inf < value < math.inf

    def __str__(self) -> str:
        """Describe the interval."""
        above = "at least" if self.closed in ("both", "left") else "above"
        below = "at most" if self.closed in ("both", "right") else "below"
        ends = ((above, self.left), (below, self.right))
        return " and ".join(f"{word} {end:,}" for word, end in ends if math.isfinite(end))


Count = Annotated[int, Interval(1, 2**31 - 1)]
Layers = Annotated[int, Interval(1, 100)]
Proportion = Annotated[float, Interval(0, 1, closed="left")]
Positive = Annotated[float, Interval(0, closed="neither")]

SMALL = 8  # larger defaults, such as 128, are tried with less
LONGEST_LIST = 100  # a model folder must not be able to ask for a million filter sizes
_WORDS = {int: "an integer", float: "a number", bool: "true or false", str: "a text"}


@dataclass(frozen=True)
class Setting:
    """One setting: what it is called, what it may be, what it is when nothing is said."""

    name: str
    kind: type
    default: Any
    limits: Interval | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    several: bool = False
    size: int | None = None
    by_label: bool = False  # a mapping of labels to such values is allowed too
    none_by_label: bool = False
    meaning: str = ""
    reader: Callable[[str], Any] | None = None

    @property
    def allowed(self) -> str:
        """Describe the setting's allowed values."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        words = _WORDS[self.kind] + (f" {self.limits}" if self.limits and str(self.limits) else "")
        if self.several:
            words = f"a list of {self.size or f'at most {LONGEST_LIST}'}, each {words}"
        words += ", or a mapping of labels to such numbers" if self.by_label else ""
        return words + (" or none" if self.optional else "")

    def check(self, value: Any) -> Any:
        """Return the value in the setting's own type, or raise a SettingError."""
        if value is None and self.optional:
            return None
        if self.by_label and isinstance(value, Mapping) and value:
            own = {str(label): item for label, item in value.items()}
            return {
                label: item if item is None and self.none_by_label else self._one(item) for label, item in own.items()
            }
        if not self.several:
            return self._one(value)
        wrong_size = not isinstance(value, tuple | list) or not 1 <= len(value) <= LONGEST_LIST
        if wrong_size or len(value) != (self.size or len(value)):
            raise errors.wrong_value(self.name, self.allowed, value)
        return tuple(self._one(item) for item in value)

    def other_values(self) -> list[Any]:
        """List a few small values that are not the default, to try the setting with."""
        candidates = [*self.choices, *([None] if self.optional else []), *self._numbers_near_the_default()]
        return [value for value in candidates if value != self.default and self.is_allowed(value)]

    def _numbers_near_the_default(self) -> Sequence[Any]:
        default = self.default
        if self.several:
            near = tuple(item + 1 for item in default) if self.kind in (int, float) else default
            return [(1,), (3,), (1, 2), (5,), (3, 3), (2, 4), (1, 1), near]
        if self.kind is bool:
            return [not default]
        if self.kind is int:
            small = default is not None and default <= SMALL
            return [default - 1, default + 1, default + 2, default // 2] if small else [4, 7]
        if self.kind is float:
            return [0.0, 2.0, 0.25] if default is None else [default - 1, default + 1, default / 2 or 0.25]
        return []

    def is_allowed(self, value: Any) -> bool:
        """Return whether the setting may have the value."""
        try:
            self.check(value)
        except SettingError:
            return False
        return True

    def formatted(self, value: Any) -> str:
        """Spell a value as a command line would."""
        if isinstance(value, Mapping):
            return ",".join(f"{label}={self.formatted(item)}" for label, item in value.items())
        if isinstance(value, tuple):
            return ",".join(self.formatted(item) for item in value)
        if isinstance(value, bool) or value is None:
            return str(value).lower()
        return f"{value:g}" if isinstance(value, float) else str(value)

    def parse(self, text: str) -> Any:
        """Read the setting from a command line's text, lists being separated by commas."""
        if self.optional and text.lower() == "none":
            return None
        if self.by_label and (named := _by_label(text)):
            return self.check({label: self._read(item) for label, item in named.items()})
        return self.check([self._read(item) for item in text.split(",")] if self.several else self._read(text))

    def _read(self, text: str) -> Any:
        if self.kind is bool:
            return {"true": True, "false": False}.get(text.lower(), text)
        try:
            return (self.reader or self.kind)(text)
        except ValueError:
            return text

    def _one(self, value: Any) -> Any:
        wanted = {int: numbers.Integral, float: numbers.Real}.get(self.kind)
        if wanted and isinstance(value, wanted) and not isinstance(value, bool):
            value = self._converted(value)
        right_kind = isinstance(value, self.kind) and (self.kind is bool or not isinstance(value, bool))
        right_choice = not self.choices or value in self.choices
        if not (right_kind and right_choice and (self.limits is None or value in self.limits)):
            raise errors.wrong_value(self.name, self.allowed, value)
        return value

    def _converted(self, value: Any) -> Any:
        try:
            return self.kind(value)
        except OverflowError:
            raise errors.wrong_value(self.name, self.allowed, value) from None


def _by_label(text: str) -> dict[str, str]:
    """Read `spam=0.95,ham=0.9` → its values by label; a JSON object may name labels with commas. Else nothing."""
    if text.startswith("{"):
        try:
            return {label: str(value) for label, value in json.loads(text).items()}
        except ValueError:
            return {}
    pairs = [part.rpartition("=") for part in text.split(",")]
    return {label: value for label, _, value in pairs} if all(label for label, _, _ in pairs) else {}


def seconds(text: str) -> float:
    """Read a duration as 90, 90s, 1.5m or 2h → seconds; raises ValueError for anything else."""
    units = {"s": 1, "m": 60, "h": 3600}
    return float(text[:-1]) * units[text[-1]] if text[-1:] in units else float(text)


def size_in_bytes(text: str) -> int:
    """Read a size as 1000, 64K, 256M or 1.5G → bytes; raises ValueError for anything else."""
    units = {"K": 2**10, "M": 2**20, "G": 2**30}
    size = float(text[:-1]) * units[text[-1].upper()] if text[-1:].upper() in units else float(text)
    if not 0 <= size < 2**60:
        raise ValueError(text)
    return int(size)


def settings_of(target: Callable[..., Any]) -> Mapping[str, Setting]:
    """Read the settings of a function or class off its signature: every parameter that has a default."""
    return _settings_of(target)


@functools.cache  # signatures are read often, and slowly
def _settings_of(target: Callable[..., Any]) -> Mapping[str, Setting]:
    own_init = inspect.isclass(target) and not dataclasses.is_dataclass(target)
    source = vars(target)["__init__"] if own_init else target
    hints = typing.get_type_hints(source, include_extras=True)
    parameters = inspect.signature(target).parameters.values()
    found = (_setting(p.name, hints[p.name], p.default) for p in parameters if p.default is not p.empty)
    return types.MappingProxyType({setting.name: setting for setting in found})


def _setting(name: str, hint: Any, default: Any) -> Setting:
    notes: list[Any] = []
    optional = several = by_label = none_by_label = False
    size: int | None = None
    choices: tuple[str, ...] = ()
    while not isinstance(hint, type) or typing.get_origin(hint):
        origin, inside = typing.get_origin(hint), typing.get_args(hint)
        if origin is Annotated:
            notes += hint.__metadata__
        elif origin is Literal:
            choices, inside = inside, (str,)
        elif origin is tuple:
            several = True
            size = None if Ellipsis in inside else len(inside)
        elif origin in (Union, types.UnionType):
            optional = types.NoneType in inside
            values = [typing.get_args(part)[1] for part in inside if typing.get_origin(part) is Mapping]
            by_label, none_by_label = bool(values), any(types.NoneType in typing.get_args(value) for value in values)
            inside = tuple(part for part in inside if part is not types.NoneType)
        hint = inside[0]
    limits = next((note for note in notes if isinstance(note, Interval)), None)
    meaning = next((note for note in notes if isinstance(note, str)), "")
    reader = next((note for note in notes if isinstance(note, types.FunctionType)), None)
    return Setting(
        name, hint, default, limits, choices, optional, several, size, by_label, none_by_label, meaning, reader
    )


def checked(settings: Mapping[str, Setting], values: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """Check each value and fill in the defaults; a name without a setting raises a SettingError."""
    for name in values:
        if name not in settings:
            raise errors.unknown_setting(owner, name, settings)
    return {name: setting.check(values.get(name, setting.default)) for name, setting in settings.items()}
