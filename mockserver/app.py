"""Builds every room once, in order; the only module that knows them all.

`create_app(Settings(...))` gives an ASGI application that holds everything it needs: two of them
live in one process without sharing anything.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path

from mockserver.assembly import Assembly, Sources, assemble, read_sources
from mockserver.behaviours.faults import FaultRow, Plant, Planting
from mockserver.behaviours.registry import Account, Action
from mockserver.chance import Ids
from mockserver.clock import Clock
from mockserver.errors import SetupError
from mockserver.faults import (
    FAULTS,
    DocumentSurroundings,
    Wish,
    fault_rows,
    planted,
    read_wish,
    wish_text,
)
from mockserver.fixtures import Progress, accepted_state, fitting_state, load_fixtures
from mockserver.model import Document
from mockserver.openapi import Quirks, QuirkTable, fidelity_of
from mockserver.settings import Settings, check_processes
from mockserver.store import open_store
from mockserver.store.protocol import SharedStore, Store
from mockserver.stored_clock import StoredClock
from mockserver.version import VERSION
from mockserver.web.admin import admin_app
from mockserver.web.asgi import Message, Receive, Scope, Send
from mockserver.web.control import Route
from mockserver.web.cors import CORS_HEADERS
from mockserver.web.journal import Journal
from mockserver.web.limits import FixedWindows
from mockserver.web.log_lines import RequestLog
from mockserver.web.masking import credential_names
from mockserver.web.metrics import Metrics
from mockserver.web.observers import Observer, observed_by
from mockserver.web.server import Server, Serving
from mockserver.web.stack import DOCS_PATH, build_serving
from mockserver.web.timed_store import TimedStore
from mockserver.web.whole import Head, Written
from mockserver.web.world import World
from mockserver.web.writer import RequestIds, Writer, encoded


class App:
    """One mock: an ASGI application, and everything that the admin API may look at and move."""

    version = VERSION
    docs_path = DOCS_PATH

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        progress: Progress | None = None,
    ) -> None:
        check_processes(settings)
        self.settings = settings
        self.process_count = settings.workers
        self._progress = progress
        self.seed = settings.seed
        self.profile = settings.profile
        self.clock = clock or Clock()
        self.store: Store = open_store(settings.store)
        if isinstance(self.store, SharedStore):
            self.clock.share(StoredClock(self.store))
        self._secret_names: set[str] = set()
        self.journal = Journal(settings.journal_size, settings.journal_bytes, self._secret_names)
        self._request_ids = RequestIds(settings.seed)
        if isinstance(self.store, SharedStore):
            self._request_ids.begin(str(self.store.process_number))
        self._limits = FixedWindows() if settings.rate_limit else None
        self._planting = Planting(self._for_one_call)
        self._surroundings: tuple[Assembly, DocumentSurroundings] | None = None
        self._sources = read_sources(settings)
        self._watched: list[Path] = []
        self._assembly = assemble(self._sources, self._start_quirks())
        self.metrics = self._counters() if settings.metrics else None
        self._observer = self._all_observers()
        self._fixtures = self._load_fixtures(self._sources, self._assembly)
        self.is_taken_over = not self._fill()
        self._wishes = tuple(read_wish(text) for text in settings.fault)
        self._planting.plants = self._plants(self._assembly, self._wishes)
        admin = admin_app(self, settings.admin_token)
        self._server = Server(self._serve(self._sources, self._assembly), admin, cors=settings.cors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            receive = self._closing(receive)
        await self._server(scope, receive, send)

    def answer(self, head: Head, body: bytes) -> Written | None:
        """Implements `AnswerWhole`."""
        return self._server.answer(head, body)

    @property
    def title(self) -> str:
        return str(self._assembly.effective.get("info", {}).get("title", ""))

    @property
    def quirks(self) -> Quirks:
        return self._assembly.quirks

    @property
    def quirk_table(self) -> QuirkTable:
        return self._sources.quirk_table

    @property
    def collections(self) -> Set[str]:
        """The names of the collections that the document has a place for."""
        return self._assembly.collections.keys()

    @property
    def actions(self) -> Mapping[str, Action]:
        """What can happen in the world without a request, with the faults that are on."""
        actions = self._assembly.domain.actions
        if not self._planting.plants:
            return actions
        around = self._planting.around_action
        return {name: replace(one, run=around(one.run)) for name, one in actions.items()}

    @property
    def planted(self) -> Sequence[str]:
        """The faults that are on, as they were asked for."""
        return [wish_text(wish) for wish in self._wishes]

    def faults(self) -> Sequence[FaultRow]:
        """Every fault, and where it is on."""
        return fault_rows(self._around(self._assembly), self._wishes, self._planting.plants)

    def set_deviations(
        self, *, quirks: Iterable[str] | None = None, faults: Iterable[str] | None = None
    ) -> None:
        """Turn on exactly these, from the next request on; None leaves that kind as it is.

        Raises SetupError, and changes nothing then.
        """
        wishes = self._wishes if faults is None else tuple(read_wish(text) for text in faults)
        assembly = self._assembly
        if quirks is not None:
            chosen = self._sources.quirk_table.choose("documented", quirks)
            if chosen.active != self.quirks.active:
                assembly = assemble(self._sources, chosen)
        self._swap(self._sources, assembly, wishes)

    def routes(self) -> list[Route]:
        """Every operation, what answers it, and how well that is known."""
        choices = self._assembly.choices
        return [
            Route(
                method=operation.method,
                path=operation.path,
                operation_id=operation.id,
                answered_by=(kind := choices[operation.id].kind),
                fidelity=fidelity_of(operation.id, kind, self._sources.confirmed),
            )
            for operation in self._assembly.operations
        ]

    def document(self, kind: str) -> Document:
        """The `published` document, or the `effective` one with the quirks that are on."""
        return self._sources.published if kind == "published" else self._assembly.effective

    def accounts(self) -> Sequence[Account]:
        """The credentials of the present world."""
        return self._assembly.domain.accounts(self.store, self.clock.now())

    def reset(self) -> None:
        """Back to the fixtures; relative instants in them count from now."""
        self._fixtures = self._load_fixtures(self._sources, self._assembly)
        self.store.load(self._fixtures)
        self._planting.forget()

    def accepted_state(self, state: Document, progress: Progress | None = None) -> Document:
        """*state* as the store takes it, completed. Raises SetupError where it does not fit."""
        assembly = self._assembly
        return accepted_state(
            state,
            collections=assembly.collections,
            complete=assembly.domain.complete,
            progress=progress,
        )

    def watched_paths(self) -> list[Path]:
        """The files that the mock is made from."""
        if not self._watched:
            self._watched = self._sources.paths()
        return self._watched

    def reload(self) -> list[str]:
        """Read all files anew; keep the state that still fits, and tell what had to go.

        Raises SetupError, and then goes on serving what it served.
        """
        sources = read_sources(self.settings)
        known = [name for name in self.quirks.active if name in sources.quirk_table.by_name]
        assembly = assemble(sources, sources.quirk_table.choose("documented", known))
        self._load_fixtures(sources, assembly)
        watched = sources.paths()
        with self.store.transaction():
            state, dropped = fitting_state(self.store.dump(), assembly.collections)
            self._swap(sources, assembly, self._wishes)
            self._watched = watched
            self.store.load(state)
        return dropped

    def become_worker(self, number: int, seat: int) -> None:
        """Go on as one of several processes, after a fork: with ids of its own, and with the
        counters of whoever sat at *seat* (from 0) before."""
        if self.metrics is not None:
            self.metrics.become(seat)
        if isinstance(self.store, SharedStore):
            self._request_ids.begin(f"{self.store.process_number}.{number}")

    def close(self) -> None:
        """Let go of the database, if there is one; what comes next opens it again."""
        if isinstance(self.store, SharedStore):
            self.store.close()

    def _closing(self, receive: Receive) -> Receive:
        async def received() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self.close()
            return message

        return received

    def _fill(self) -> bool:
        """Load the fixtures, unless a database has a world already; tells whether it did."""
        if isinstance(self.store, SharedStore):
            collections = self._assembly.collections.items()
            self.store.expect({name: one.lookups for name, one in collections})
            return self.store.fill(self._fixtures)
        self.store.load(self._fixtures)
        return True

    def _counters(self) -> Metrics:
        operations = [(one.id, one.method) for one in self._assembly.operations]
        return Metrics(operations, self.process_count)

    def _all_observers(self) -> Observer:
        """Who is told of each request."""
        observers: list[Observer] = [self.journal]
        if self.metrics is not None:
            observers.append(self.metrics)
        if self.settings.request_log:
            observers.append(RequestLog(self.settings.log_format, self._secret_names))
        return observed_by(*observers)

    def _seen_store(self) -> Store:
        """The store as requests see it: timed where it is a database and somebody counts."""
        if self.metrics is None or not isinstance(self.store, SharedStore):
            return self.store
        return TimedStore(self.store, self.metrics.add_store_time)

    def _start_quirks(self) -> Quirks:
        settings = self.settings
        return self._sources.quirk_table.choose(settings.profile, settings.quirk)

    def _load_fixtures(self, sources: Sources, assembly: Assembly) -> Document:
        return load_fixtures(
            sources.files.fixtures,
            collections=assembly.collections,
            complete=assembly.domain.complete,
            now=self.clock.now(),
            progress=self._progress,
        )

    def _for_one_call(self, name: str) -> Plant | str:
        """The fault or the quirk that `Prefer: deviation=NAME` means. Raises SetupError."""
        quirk = self.quirk_table.by_name.get(name)
        if quirk is None:
            known = [*FAULTS, *self.quirk_table.by_name]
            wish = read_wish(name, place="Prefer: deviation", known=known)
            return planted(wish, self._around(self._assembly), self.seed)
        if quirk.actions:
            raise SetupError(
                "this quirk changes the document, and cannot be on for one call", value=name
            )
        return name

    def _around(self, assembly: Assembly) -> DocumentSurroundings:
        """What faults see; made once for each assembly, for it reads the whole document."""
        if self._surroundings is None or self._surroundings[0] is not assembly:
            around = DocumentSurroundings(
                assembly.effective, assembly.operations, self.accounts, assembly.domain.render
            )
            self._surroundings = assembly, around
        return self._surroundings[1]

    def _plants(self, assembly: Assembly, wishes: Sequence[Wish]) -> tuple[Plant, ...]:
        if not wishes:
            return ()
        around = self._around(assembly)
        return tuple(planted(wish, around, self.seed) for wish in wishes)

    def _swap(self, sources: Sources, assembly: Assembly, wishes: tuple[Wish, ...]) -> None:
        """Serve another assembly or other faults, all at once. Raises SetupError before."""
        plants = self._plants(assembly, wishes)
        if wishes is self._wishes:
            for plant, before in zip(plants, self._planting.plants, strict=True):
                plant.go_on_from(before)
        if assembly is not self._assembly:
            serving = self._serve(sources, assembly)
            self._sources, self._assembly = sources, assembly
            self._server.serving = serving
        self._wishes, self._planting.plants = wishes, plants

    def _serve(self, sources: Sources, assembly: Assembly) -> Serving:
        """What answers requests with this assembly, on the state and the time that there are."""
        world = World(
            store=self._seen_store(),
            clock=self.clock,
            ids=Ids(self.seed),
            quirks=assembly.quirks,
            limits=self._limits,
            seed=self.seed,
            max_body_bytes=self.settings.max_body,
            planting=self._planting,
            metrics=self.metrics,
        )
        standing = encoded(assembly.domain.standing_headers(assembly.quirks))
        if self.settings.cors:
            standing += CORS_HEADERS
        writer = Writer(self._observer, self._request_ids, standing)
        serving = build_serving(
            assembly.effective,
            sources.files.spec,
            assembly.behaviours,
            assembly.domain,
            world,
            writer,
            assembly.schemas,
        )
        self._secret_names |= credential_names(assembly.effective)
        return serving


def create_app(
    settings: Settings | None = None,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> App:
    """A mock made from *settings*; defaults serve the bundled document. Raises SetupError.

    *progress* is told (done, total) while fixtures are checked.
    """
    return App(settings or Settings(), clock, progress)
