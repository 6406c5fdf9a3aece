"""Which modules are tried, and which tests should notice that one of them is wrong."""

TARGETS: dict[str, tuple[str, ...]] = {
    # the runner
    "core/engine/interpreter.py": ("tests/unit/engine/test_interpreter.py",),
    "core/extract/__init__.py": ("tests/unit/extract", "tests/unit/blueprint"),
    # the writer
    "core/flow/lake_writer.py": ("tests/contract/test_writer.py", "tests/contract/test_killed.py"),
    "warehouse/lake/commits.py": ("tests/contract/test_tables.py", "tests/contract/test_writer.py"),
    # the guard
    "core/acquire/guard.py": ("tests/unit/acquire/test_guard.py", "tests/unit/acquire/http"),
    "core/acquire/public_addresses.py": ("tests/unit/acquire/test_guard.py",),
    # the health rules
    "core/agents/orchestrator.py": (
        "tests/unit/agents/test_closing.py",
        "tests/e2e/test_poisoned_task.py",
        "tests/e2e/test_silent_drift.py",
        "tests/e2e/test_bounded_runs.py",
    ),
    # the repair gate
    "core/model/verdict.py": ("tests/unit/model/test_verdict.py",),
    "core/compare/rows.py": ("tests/unit/compare", "tests/unit/heal"),
    # evidence in service
    "core/flow/proof.py": ("tests/unit/flow", "tests/e2e/test_proof.py"),
    "core/evidence/spot_check.py": ("tests/unit/evidence",),
    # the end of a list
    "core/flow/end_of_list.py": ("tests/unit/flow", "tests/e2e/test_repeated_pages.py"),
}

# changed lines that mean the same, or differ where nobody can tell, and why
ALIKE: dict[str, dict[str, str]] = {
    "core/acquire/guard.py": {
        "MOST_CONNECTIONS = 101": "connections that are kept: more or fewer cost a moment",
        "MOST_IDLE = 11": "the same",
        "KEEPALIVE_SECONDS = 6.35": "the same",
        "context = httpx.create_ssl_context(trust_env=True)": "certificates; the guard judges addresses",
        "super().__init__(verify=context, trust_env=True)": "a transport asks the environment for certificates alone",
    },
    "core/flow/lake_writer.py": {
        "NAMED_IN_A_SNAPSHOT = 21": "only bounds what a summary names",
        "COUNTED_MESSAGES = 1001": "only bounds a count that is told",
        "batch: int = 1001": "only bounds a commit",
        "batch_rows: int = 10001": "the same",
    },
    "core/flow/proof.py": {
        "DRAWN_BY = 5": "the same share, drawn finer",
        "MOST_RUNS = 10001": "only bounds memory",
    },
}
