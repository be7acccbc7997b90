"""Images made by UniControl from a condition such as edges or segments of the original.

Source: Qin et al., "UniControl: A unified diffusion model for controllable visual generation in
the wild" (NeurIPS 2023), https://github.com/salesforce/UniControl. That repository makes the
images; diffusers has no pipeline for it. As they start from a condition and not from the original,
how well its labels fit is theirs to show.
"""

# ruff: noqa: N999 - the study's own name
from trainstudy.strategies._manifest import FromManifest

STRATEGY = FromManifest("gen_UniControl")
