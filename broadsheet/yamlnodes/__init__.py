"""YAML as front matter and config.yaml use it: text to nodes with places, and nodes to checked values."""

from broadsheet.yamlnodes.findings import Findings
from broadsheet.yamlnodes.nodes import parse
from broadsheet.yamlnodes.tree import Mapping, Node, Scalar, Sequence

__all__ = ["Findings", "Mapping", "Node", "Scalar", "Sequence", "parse"]
