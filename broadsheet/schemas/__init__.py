"""What sources and config.yaml may say, as JSON Schema and snippets: for completion and red lines in editors."""

from broadsheet.schemas.documents import documents

__all__ = ["documents"]
