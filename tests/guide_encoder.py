"""The encoder that docs/adding-an-encoder.md shows, as it is written there: `Total`, and its equation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

GUIDE = Path(__file__).parents[1] / "docs" / "adding-an-encoder.md"
CLASS, USE, EQUATION = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)

Total: Any
equation: Any
exec(compile(f"{CLASS}\n\n{EQUATION}", str(GUIDE), "exec"))  # defines both
