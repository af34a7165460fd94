"""Why something was not sent, or why nothing more will be."""


class NotJudged(Exception):
    """A case cannot be tried here: what it needs is missing. The text says what, and how to give
    it."""


class Refused(NotJudged):
    """The door does not let this request out (read-only, lists of operations, write budget)."""


class Foreign(NotJudged):
    """The request would change what the run did not create."""


class NoAnswer(NotJudged):
    """This request was taken, and no answer came: it timed out, or the connection was dropped.

    A writing request may have been applied all the same.
    """


class RunStopped(Exception):
    """Nothing more will be sent in this run: the target is gone, or the door has closed.

    What was found until then stays true; the run is incomplete.
    """


class Unreachable(RunStopped):
    """No answer came: no such host, connection refused, TLS, timeout. One clear sentence."""
