"""`python -m tests.benchmarks.flow`: all benchmarks of the durable flow, about ten minutes."""

from tests.benchmarks.flow import lake, log
from tests.benchmarks.flow.memory import memory
from tests.benchmarks.flow.whole import PAGES, whole
from tests.benchmarks.flow.workers import workers


def main() -> None:
    log.main()
    lake.million()
    # both take minutes of one processor; the process outlasts the commits, so the first and the last have the same load
    with memory():
        lake.commits()
    whole(PAGES)
    workers()


if __name__ == "__main__":
    main()
