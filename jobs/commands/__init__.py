"""The commands of `python -m jobs`, by topic. Each module has `register(subparsers)`.

A command's function takes the parsed arguments and returns nothing; it raises a PipelineError when the work failed.
"""
