"""Bodies of another shape than the document's."""

from mockserver.behaviours.faults import Fault, Plant
from mockserver.behaviours.registry import Call
from mockserver.faults.items import each_item
from mockserver.faults.reaching import shows_item
from mockserver.model import Document, Reply

CATEGORY = "Body shape"


def _drop_required(call: Call, reply: Reply, plant: Plant) -> Reply:
    def change(item: Document) -> Document:
        item.pop(next(iter(item), ""), None)
        return item

    return each_item(call, reply, plant, change)


def _number_as_text(call: Call, reply: Reply, plant: Plant) -> Reply:
    def change(item: Document) -> Document:
        for name, value in item.items():
            if isinstance(value, int) and not isinstance(value, bool):
                item[name] = str(value)
                break
        return item

    return each_item(call, reply, plant, change)


FAULTS = (
    Fault(
        name="required-property-dropped",
        category=CATEGORY,
        about="a property listed as required is absent from an otherwise good answer",
        exposed_by="the answer's body does not fit its schema",
        reaches=shows_item,
        on_answer=_drop_required,
    ),
    Fault(
        name="wrong-type",
        category=CATEGORY,
        about="a number is sent as text",
        exposed_by="the answer's body does not fit its schema",
        reaches=shows_item,
        on_answer=_number_as_text,
    ),
)
