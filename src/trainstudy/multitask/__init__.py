"""One network for segmentation, detection and classification, trained jointly or in sequence."""
