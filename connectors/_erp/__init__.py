"""Orders and customers on their way into an ERP that has an API for them.

`ErpTarget` decides: what is there already, who the customer is, what waits, what a person must
look at. A kind gives an `Erp`: the few questions and writes of its system, one request each.
"""
