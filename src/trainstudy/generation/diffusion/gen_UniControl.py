"""UniControl: an image made from a condition such as edges or segments of another.

Source: Qin et al., "UniControl: A unified diffusion model for controllable visual generation in
the wild" (NeurIPS 2023), https://github.com/salesforce/UniControl.
"""

# ruff: noqa: N999 - the study's own name
from trainstudy.generation.diffusion._method import Elsewhere

METHOD = Elsewhere("inference_demo.py of github.com/salesforce/UniControl, one task a condition")
