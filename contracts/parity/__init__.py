"""Two servers, or a server and a recording of one, held against each other: what is the same by
meaning, and what is not.

`difference.differences` compares two answers, `renaming.Renaming` knows what is called what on
either side, `recording.read_recordings` reads recordings, `running.replay` sends one again. Nothing
is imported here: the command's help should not wait for it.
"""
