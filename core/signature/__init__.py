"""What documents are made of, as counters that add up: which fields they have, and what the values of each look like.

A signature is made of documents one by one or of other signatures, in any order, and says the same: shards add up.
"""

from core.signature.field import FieldSignature
from core.signature.structure import DocumentFields, StructureSignature

__all__ = ["DocumentFields", "FieldSignature", "StructureSignature"]
