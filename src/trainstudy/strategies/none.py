"""No strategy: real images, cropped, scaled and flipped as in every run."""

from trainstudy.strategies._strategy import Strategy

STRATEGY = Strategy()
