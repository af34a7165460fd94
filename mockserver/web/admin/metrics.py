"""What was counted since the start, for Prometheus."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from mockserver.model import Reply
from mockserver.web.admin.door import Ask, Door
from mockserver.web.admin.problems import Refusal
from mockserver.web.control import Control

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_OFF = "metrics are off; start the mock with --metrics (or UNDERSTUDY_METRICS=true) to count"


def metric_doors(control: Control) -> Mapping[str, Door]:
    return {"getMetrics": partial(scrape, control)}


def scrape(control: Control, ask: Ask) -> Reply:
    """Every counter. Raises Refusal 409 where nothing is counted."""
    metrics = control.metrics
    if metrics is None:
        raise Refusal(409, _OFF)
    # takes a twelfth of a second at the first scrape, and most mocks have none
    from mockserver.web.admin.metrics_text import metrics_text

    text = metrics_text(control, metrics)
    return Reply(200, text, content_type=CONTENT_TYPE, is_own=True)
