"""Scores of a multi-task study to tables: transfer, forgetting, differences, claims.

Every function takes the frame of `scores` or a table made of it, and returns a new frame.
"""
