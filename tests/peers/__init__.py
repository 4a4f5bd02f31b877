"""Real database servers for the tests: private, on free ports, without systemd, as any user.

A test run that lacks a server or its driver fails and names the package; it never skips.
"""
