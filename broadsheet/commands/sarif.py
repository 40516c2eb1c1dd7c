"""Findings as SARIF 2.1.0, which code hosts and editors show beside the lines that they are about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from broadsheet import __version__
from broadsheet.errors import CODES, Diagnostic

_LEVELS = {"error": "error", "warn": "warning"}
_ROOT = "%SRCROOT%"  # by custom: the folder that paths start from


def sarif(findings: Sequence[Diagnostic], exit_code: int) -> str:
    """One log with one run, as a line of JSON."""
    codes = sorted({finding.code for finding in findings})
    driver = {
        "name": "Broadsheet",
        "version": __version__,
        "rules": [_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "exitCode": exit_code}],
        "results": [_result(finding, codes.index(finding.code)) for finding in findings],
    }
    return json.dumps(
        {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]},
        ensure_ascii=False,
    )


def _rule(code: str) -> dict[str, Any]:
    return {
        "id": code,
        "shortDescription": {"text": code.replace("-", " ").capitalize()},
        "defaultConfiguration": {"level": _LEVELS[CODES[code].severity]},
    }


def _result(finding: Diagnostic, rule: int) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.path), "uriBaseId": _ROOT}}
    if finding.line:
        place["region"] = {"startLine": finding.line, "startColumn": max(finding.column, 1)}
        if finding.excerpt:
            place["region"]["snippet"] = {"text": finding.excerpt}
    text = finding.message + (f"\nHint: {finding.hint}" if finding.hint else "")
    same = hashlib.blake2b(f"{finding.path}\0{finding.code}\0{finding.message}".encode(), digest_size=16).hexdigest()
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"broadsheet/v1": same},  # stays while lines above come and go
    }
