import torch

from trainstudy.segmentation.models import load_openmm

load_openmm()  # once, here: its imports warn of things no test is about
torch.set_num_threads(1)  # small steps are slower and erratic on several
