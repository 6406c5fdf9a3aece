"""Is what lies in the data folder what was written? What is not, is found, said, and mended where it can be.

journal      what was found and mended, beside the data, so that nothing is mended in silence
databases    SQLite files: looked at, set aside, salvaged, taken from the last backup
catalogue    the catalogue of the lake, made anew from what the tables say of themselves
tables       the files of each table: metadata, manifests, data
objects      raw bytes against their hashes
quick        what every start looks at; what loses nothing is mended at once
"""
