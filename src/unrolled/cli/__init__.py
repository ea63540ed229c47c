"""What the commands share: how they are found, their options, and how they speak."""
