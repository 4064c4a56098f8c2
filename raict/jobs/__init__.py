"""Long work of the team's: in the worker, with its progress, once, and taken up again if killed.

`begin` writes the row, the worker calls the function that settings.JOBS names. Who writes such a
function reads `raict.jobs.running.Run`.
"""
