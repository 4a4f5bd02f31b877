"""What sources over HTTP share: exact JSON, records as rows, pages, marks of what changed.

`access` says how a server is reached and who we are, `api` asks it and sorts its answers,
`paging` walks a list, `records` makes rows of it, `marks` keeps how far we got, `passing` makes the
batches of a pass. A kind adds what its system calls these things.
"""
