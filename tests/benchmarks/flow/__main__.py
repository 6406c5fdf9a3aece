"""`python -m tests.benchmarks.flow`: all benchmarks of the durable flow, about ten minutes."""

from tests.benchmarks.flow import lake, log
from tests.benchmarks.flow.memory import memory
from tests.benchmarks.flow.whole import PAGES, whole
from tests.benchmarks.flow.workers import workers


def main() -> None:
    log.main()
    lake.million()
    lake.commits()
    whole(PAGES)
    workers()
    memory()


if __name__ == "__main__":
    main()
