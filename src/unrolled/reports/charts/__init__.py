"""Charts as SVG: scales, marks, and one file for each kind of chart."""
