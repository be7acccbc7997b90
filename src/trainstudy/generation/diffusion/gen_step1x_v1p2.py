"""Step1X-Edit 1.2: an editor that reasons about the instruction and reviews its edit.

Source: Yin et al., "ReasonEdit: Towards reasoning-enhanced image editing models" (2025),
https://github.com/stepfun-ai/Step1X-Edit. Its pipeline is in the authors' fork of diffusers, made
for transformers 4.55, and in no release.
"""

from trainstudy.generation.diffusion._method import Elsewhere

METHOD = Elsewhere(
    "Step1XEditPipelineV1P2 of github.com/Peyton-Chen/diffusers, branch step1xedit_v1p2, with the "
    "weights stepfun-ai/Step1X-Edit-v1p2, in an environment of its own"
)
