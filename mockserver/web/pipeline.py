"""A request's way, written down once, in place of five of Connexion's middlewares.

    route -> body -> guards -> parameters -> reader -> body schema -> behaviour -> answer schema

Routing, security, validation and context are done here from what `compile_operation` made at
start. The order of a request is that of the simulated API: a body that is no JSON is refused
before anybody asks who calls, guards come before any validation. Nothing here waits.
"""

import logging
from collections.abc import Sequence
from dataclasses import fields

from mockserver.behaviours.faults import Instead
from mockserver.behaviours.registry import Call, Domain
from mockserver.errors import ApiError
from mockserver.model import MISSING, Json, Reply, Violation
from mockserver.openapi import NO_OPERATION, Sampler
from mockserver.store.protocol import ReadAgain, StoreUnavailable, WriteInReading
from mockserver.web import faulty
from mockserver.web.body import parse_body, too_large
from mockserver.web.compiled import CompiledOperation
from mockserver.web.heads import Heads, Line
from mockserver.web.own import bug, invalid_answer, own_problem, unavailable
from mockserver.web.prefer import parse_prefer, preferred_reply
from mockserver.web.prefer_deviation import APPLIED, deviate
from mockserver.web.router import Router
from mockserver.web.whole import Head
from mockserver.web.world import World
from mockserver.web.writer import Packed, packed

logger = logging.getLogger("mockserver")


class InvalidAnswer(Exception):
    """An answer breaks the document; *shown* is what is said of it instead."""

    def __init__(self, shown: Packed) -> None:
        super().__init__()
        self.shown = shown


class Pipeline:
    """Answers every request of one document, whose operations *router* finds."""

    def __init__(
        self, router: Router[CompiledOperation], domain: Domain, world: World, sampler: Sampler
    ) -> None:
        self._router = router
        self._domain = domain
        self._world = world
        self._sampler = sampler
        self._heads = Heads(router, domain.rewrite)
        self._reads_that_write: set[str] = set()

    def begin(self, head: Head) -> tuple[Line, Call]:
        """Find the operation of a request, and make what guards and behaviours are given."""
        method, url, headers, client = head
        line = self._heads.line(method, url)
        compiled, world = line.compiled, self._world
        return line, Call(  # by place: names would take as long again, on every request's way
            NO_OPERATION if compiled is None else compiled.operation,
            world.store,
            world.clock.recent(),
            world.ids,
            world.quirks,
            method,
            line.target,
            self._heads.headers(headers),
            line.path.copy(),
            client,
            world.limits,
        )

    def answer(self, head: Head, line: Line, call: Call, body: bytes | None) -> tuple[Call, Packed]:
        """The answer to a request, and the call that it was made for: faults may make another.

        *body* is None where it is too long.
        """
        compiled = line.compiled
        planting = self._world.planting
        if planting.plants:
            call.faults = planting.striking(call.operation.id)
        if "prefer" in call.headers and "deviation" in call.headers["prefer"].lower():
            refusal = deviate(call, planting)
            if refusal is not None:
                return call, packed(refusal)
        try:
            if compiled is None:
                answer = packed(self._unmatched(call))
            elif body is None:
                raise too_large()
            else:
                answer = self._answer(compiled, call, line, body, head)
        except ApiError as error:
            answer = self._checked(compiled, packed(self._refuse(error, call)))
            if call.faults and compiled is not None:
                call, answer = self._safely_again(compiled, head, call, body or b"", error, answer)
        if call.faults:
            answer = _departed(call, answer)
        return call, answer

    def _safely_again(
        self,
        compiled: CompiledOperation,
        head: Head,
        call: Call,
        raw: bytes,
        error: ApiError,
        answer: Packed,
    ) -> tuple[Call, Packed]:
        try:
            return self._tried_again(compiled, head, call, raw, error, answer)
        except StoreUnavailable as failure:
            return call, packed(unavailable(failure))
        except Exception as failure:
            logger.exception("a bug in a fault on %s", compiled.operation.id)
            return call, packed(bug(failure, f"a fault on {compiled.operation.id}"))

    def _tried_again(
        self,
        compiled: CompiledOperation,
        head: Head,
        call: Call,
        raw: bytes,
        error: ApiError,
        answer: Packed,
    ) -> tuple[Call, Packed]:
        """The same request as faults change it, until it is not refused; else as it was.

        Who was not known, and is now, may be refused for other reasons: then this is the answer.
        """
        kept = call, answer
        for change in faulty.second_tries(call, error):
            line, again = self.begin(head)
            again.faults, again.quirks = call.faults, call.quirks
            again.answer_headers = [one for one in call.answer_headers if one[0] == APPLIED]
            change(again)
            try:
                return again, self._answer(compiled, again, line, raw, head)
            except ApiError as refusal:
                if error.status == 401 and refusal.status != 401 and kept[0] is call:
                    refused = packed(self._refuse(refusal, again))
                    kept = again, self._checked(compiled, refused)
            finally:
                again.headers = call.headers
        return kept

    def _unmatched(self, call: Call) -> Reply:
        allowed = self._router.methods(call.target.partition("?")[0])
        planted = faulty.unmatched(call, allowed)
        if planted is not None:
            return planted
        error = self._domain.unmatched(call.method, call.target, allowed, call.quirks)
        return self._refuse(error, call)

    def _answer(
        self, compiled: CompiledOperation, call: Call, line: Line, raw: bytes, head: Head
    ) -> Packed:
        """The checked reply to one request; what a refusal or a bug had written is undone."""
        try:
            if not raw:
                return self._in_transaction(compiled, call, line, MISSING, None)
            body, wrong_type = parse_body(raw, call.headers, compiled.operation)
            if wrong_type is not None and call.quirks.has("non-json-body-is-empty"):
                body, wrong_type = {}, None
            return self._in_transaction(compiled, call, line, body, wrong_type)
        except ApiError:
            raise
        except StoreUnavailable as error:
            return packed(unavailable(error))
        except (WriteInReading, ReadAgain) as error:
            if isinstance(error, WriteInReading):
                self._reads_that_write.add(compiled.operation.id)
            self._renew(call, head)
            return self._answer(compiled, call, line, raw, head)
        except InvalidAnswer as invalid:
            return invalid.shown
        except Instead as planted:
            return packed(planted.reply)
        except Exception as error:
            logger.exception("a bug in %s", compiled.operation.id)
            return packed(bug(error, compiled.operation.id))

    def _in_transaction(
        self,
        compiled: CompiledOperation,
        call: Call,
        line: Line,
        body: Json,
        wrong_type: Violation | None,
    ) -> Packed:
        is_writing = (
            call.method not in _READING
            or bool(call.faults)
            or compiled.operation.id in self._reads_that_write
        )
        with call.store.transaction(is_writing=is_writing):
            if self._world.clock.is_shared:
                call.now = self._world.clock.now()
            call.body = body
            try:
                reply = self._work(compiled, call, line, wrong_type)
            except ApiError as error:
                if not error.keeps_changes:
                    raise
                reply = self._refuse(error, call)
            if reply.is_kept and (sent := compiled.answers.kept(reply)) is not None:
                return reply, sent
            answer = packed(reply)
            checked = self._checked(compiled, answer)
            if checked is not answer:
                raise InvalidAnswer(checked)
            if reply.is_kept:
                compiled.answers.keep(*answer)
            return answer

    def _renew(self, call: Call, head: Head) -> None:
        """Make *call* again what it was when it came."""
        _, fresh = self.begin(head)
        for one in fields(Call):
            setattr(call, one.name, getattr(fresh, one.name))

    def _work(
        self, compiled: CompiledOperation, call: Call, line: Line, wrong_type: Violation | None
    ) -> Reply:
        if call.faults:
            faulty.begin(call)
        for guard in compiled.guards:
            guard(call)
        broken = self._read_parameters(compiled, call, line)
        if wrong_type is not None:
            broken.append(wrong_type)
        if broken:
            self._refuse_broken(call, broken)
        if compiled.reader is not None:
            try:
                call.body = compiled.reader(call)
            except ApiError:
                self._count_invalid(call)
                raise
        if compiled.operation.has_body and (broken := compiled.body_violations(call.body)):
            self._refuse_broken(call, broken)
        if "prefer" in call.headers:
            forced = self._preferred(compiled, call)
            if forced is not None:
                return forced
        if call.faults:
            return faulty.behaviour(call, compiled.behaviour)(call)
        return compiled.behaviour(call)

    def _read_parameters(
        self, compiled: CompiledOperation, call: Call, line: Line
    ) -> list[Violation]:
        """Put the values of path and query into the call; gives the rules they break."""
        if call.faults:  # one of them may have changed what was sent
            read = compiled.parameters.values(call.path, line.query, call.headers)
        else:
            read = line.values(compiled, call.headers)
        call.path, call.query, broken = read
        return broken

    def _refuse_broken(self, call: Call, broken: Sequence[Violation]) -> None:
        """Raises ApiError, unless a fault forgives all of it."""
        if call.faults:
            broken = faulty.counting(call, broken)
        if broken:
            raise self._invalid(call, broken)

    def _invalid(self, call: Call, broken: Sequence[Violation]) -> ApiError:
        self._count_invalid(call)
        return self._domain.invalid(call, broken)

    def _count_invalid(self, call: Call) -> None:
        if self._world.metrics is not None:
            self._world.metrics.add_invalid_request(call.operation.id, call.method)

    def _preferred(self, compiled: CompiledOperation, call: Call) -> Reply | None:
        """What `Prefer` asks for; what it cannot have is refused in the mock's own name."""
        operation = compiled.operation
        try:
            prefer = parse_prefer(call.headers["prefer"])
            return preferred_reply(
                operation, prefer, operation.document, self._world.seed, sampler=self._sampler
            )
        except ApiError as error:
            return own_problem("preference", error.status, "No such answer", error.message)

    def _refuse(self, error: ApiError, call: Call) -> Reply:
        reply = self._domain.render(error, call)
        return reply._replace(headers=(*reply.headers, *error.headers)) if error.headers else reply

    def _checked(self, compiled: CompiledOperation | None, answer: Packed) -> Packed:
        """*answer*, or what is shown in place of one that breaks the document."""
        reply, sent = answer
        if compiled is None or reply.is_own:
            return answer
        broken = compiled.answers.violations(reply, sent)
        if not broken:
            return answer
        shown = invalid_answer(compiled.operation, reply, broken)
        logger.error("%s", shown.body["detail"])
        if self._world.metrics is not None:
            operation = compiled.operation
            self._world.metrics.add_invalid_answer(operation.id, operation.method)
        return packed(shown)


def _departed(call: Call, answer: Packed) -> Packed:
    """The answer as faults leave it."""
    reply = faulty.answered(call, answer[0])
    if reply is answer[0]:
        return answer
    try:
        return packed(reply)
    except TypeError as error:
        logger.exception("a fault made an answer that is no JSON")
        return packed(bug(error, "a fault"))


_READING = ("GET", "HEAD")
