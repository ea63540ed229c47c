"""Every file one command, named by the word that a user types; its function `command` is what runs."""
