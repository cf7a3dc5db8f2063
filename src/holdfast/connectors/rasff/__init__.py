"""RASFF: what European authorities tell each other about food and feed."""
