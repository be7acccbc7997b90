"""Images edited by Step1X-Edit as an instruction says.

Source: Liu et al., "Step1X-Edit: A practical framework for general image editing" (2025),
https://github.com/stepfun-ai/Step1X-Edit. That repository makes the images; no release of diffusers
has its pipeline. Which version the study's "new" means was not published; its other strategy names
1.2, so one before.
"""

from trainstudy.strategies._manifest import FromManifest

STRATEGY = FromManifest("gen_step1x_new")
