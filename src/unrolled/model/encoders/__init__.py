"""Every file one encoder, named by the word that a user types; adding an encoder means adding a file."""
