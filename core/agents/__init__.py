"""The crew: Scout looks, Builder writes, Reader reads, Orchestrator keeps it going, LakeWriter writes down.

They know ports, the model and the pure core; who plays which port is core/bootstrap.py's business.
"""
