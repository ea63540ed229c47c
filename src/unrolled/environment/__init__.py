"""What is installed on this machine, and what to install for the rest."""
