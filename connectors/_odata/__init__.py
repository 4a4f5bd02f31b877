"""OData services as sources: for the kind `odata`, and for kinds of systems that speak it.

A kind of its own gives its connection's options an `authorization()` and inherits `ODataSource`;
what its users need not say becomes the defaults of options that inherit `ODataOptions`.
"""
