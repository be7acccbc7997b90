"""A reproducible study of training for longer and of joint against sequential training."""

__version__ = "0.1.0"
