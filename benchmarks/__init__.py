"""``python -m benchmarks``: this product, stock Rasa and the bare limit, measured in one run on one machine."""
