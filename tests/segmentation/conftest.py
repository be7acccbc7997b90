from trainstudy.segmentation.models import load_openmm

load_openmm()  # once, here: its imports warn of things no test is about
