"""Every file one check of a data set: `check(profile)` → its findings. Adding a check means adding a file.

`ORDER` is the place of its findings among those that are as serious. What checks share is in `profile/`, the type of a
finding in `findings/`.
"""
