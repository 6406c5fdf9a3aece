"""The workbench, one page a question the analyst asks. Pages draw; what happens is the pipeline's business."""
