"""`python -m agent.cli`: the same as `syncagent`, where no script was installed."""

from agent.cli import main

main()
