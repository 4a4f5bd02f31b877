"""Pages for people: how the agent does, what did not go through and why, what to press.

Server-rendered, usable without JavaScript. Everything is asked of and told to the operations of
`agent.api`, in the name of who is logged in; the store is never opened here.
"""
