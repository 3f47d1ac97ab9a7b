"""The whole life of one study, start to end, each step timed, counted and hashed.

    definition -> forms -> answers -> checks -> corrections -> weights -> tables -> findings

`prepare` goes as far as the weighted, protected view of the answers (what the explorer
needs); `live` goes on to write every file. Everything is written into a folder beside
the target, which takes the target's place only when the last file is done: nothing is
left half-written.
"""

from __future__ import annotations
