"""Numbers → pictures, tables and pages that stand alone: no script, no other host."""
