"""The lecture, one arrow per file: text → words → ids → vectors → one vector → logits → loss."""
