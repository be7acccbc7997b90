"""Figures: one function a figure, data frame in, axes filled."""
