"""Every file one format. Adding a format means adding a file, with

FORMATS   its names, each with the suffixes that tell it; several files may share a suffix, one of which has no labels
TITLE     what help texts call it
LABELS    whether a row may have a label
read      `read(source, options, *, format, other_columns)` → its rows

It may say `FOLDER = True`, if a folder is what it reads, and `DELIMITER = True`, if --delimiter means something to it.
"""
