"""Images edited by Step1X-Edit 1.2, which reasons about the instruction and reviews its edit.

Source: Yin et al., "ReasonEdit: Towards reasoning-enhanced image editing models" (2025),
https://github.com/stepfun-ai/Step1X-Edit. That repository makes the images; no release of diffusers
has its pipeline.
"""

from trainstudy.strategies._manifest import FromManifest

STRATEGY = FromManifest("gen_step1x_v1p2")
