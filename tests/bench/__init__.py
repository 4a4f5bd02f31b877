"""Measurements of the whole agent, beside bare limits and a peer: `make bench`.

Each *course* is a story that repeats in every round, a few measurements long; the courses of a
round take turns, so that what disturbs the machine disturbs all of them. `page` judges the medians.
"""
