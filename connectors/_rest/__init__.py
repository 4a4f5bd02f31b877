"""Sources and targets over HTTP: exact JSON, records as rows, pages, marks, written templates.

`access` says how a server is reached and who we are, `api` asks it and sorts its answers,
`paging` walks a list, `records` makes rows of it, `marks` keeps how far we got, `passing` makes the
batches of a pass, `source` is a whole source of it. A kind of its own gives its connection's
options an `authorization()` and inherits `RestSource`; what its users need not say becomes the
defaults of options that inherit `RestOptions`.

The other way: `letters` writes a request from templates, `judging` says what its answer means,
`exchange` asks within the limits, `delivering` brings one record there, `target` all of them.
"""
