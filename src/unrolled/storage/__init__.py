"""Model folders and checkpoints: written whole or not at all, opened safely, without pickle."""
