"""Datasets: splits, export with verification by reading back, the dataset card, and checks before an export."""
