"""Bricks that encoders share and that know no encoder."""
