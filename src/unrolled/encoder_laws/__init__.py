"""The laws that every encoder keeps, tried on the package's encoders by its tests and on yours by a command."""
