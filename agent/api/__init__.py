"""The local control API: the way to a running agent, whose store nobody else opens.

It answers on a Unix socket that only its owner may open, elsewhere on 127.0.0.1 with a token.
Every operation is one function in `operations`; its name is its address, its parameters are the
fields of its JSON.
"""
