"""Excel workbooks in a drop folder: xlsx, xls, xlsb, ods.

A workbook is parsed in a child process with limits of memory and time, because a small file may
hold a very large table, on purpose or not. `reading` runs in the child (with `containers`, which
looks at the parts of a zip archive before they are unpacked, and `faults`, which finds cells that
hold an error); `child` starts it and takes its frames; `rows` turns them into values when asked;
`source` is the kind. Nothing is imported here, so that the child starts quickly.
"""
