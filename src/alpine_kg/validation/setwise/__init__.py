"""Set-wise SHACL: the shapes compiled once, then run over all focus nodes of a part of the graph.

It knows the part of https://www.w3.org/TR/shacl/#core-components that it can prove itself equal to pySHACL on. A shape with
anything else is refused by name, and left to pySHACL; nothing is passed over in silence.
"""

from alpine_kg.validation.setwise.compilation import Compilation, Refusal, compile_shapes
from alpine_kg.validation.setwise.index import Index
from alpine_kg.validation.setwise.shapes import Result, Shape

__all__ = ["Compilation", "Index", "Refusal", "Result", "Shape", "compile_shapes"]
