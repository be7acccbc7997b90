"""Curves to tables: gains, noise, intervals, peaks, patterns, budgets, labels, claims.

Every function takes the frame of curves (one row an evaluated checkpoint) and returns a new frame;
none reads a file, a clock or a global random state. Empty curves give empty results.
"""
