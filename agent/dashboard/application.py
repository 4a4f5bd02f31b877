"""The dashboard as an ASGI application: who is it, may they, which page answers."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from agent.api.engine import Engine
from agent.clock import Clock
from agent.config import DashboardSettings
from agent.dashboard import entrance
from agent.dashboard.attempts import Attempts
from agent.dashboard.gate import Gate
from agent.dashboard.live import pulse
from agent.dashboard.pages import PAGES, Page
from agent.dashboard.rendering import Rendering
from agent.dashboard.sessions import Sessions, new_cookie
from agent.dashboard.visit import Person, Role, Visit
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from agent.language import LANGUAGES, Language, language_of

STATIC = Path(__file__).with_name("static")
LANGUAGE_COOKIE = "language"
_log = logging.getLogger(__name__)


class Dashboard:
    """All pages of one agent. `stopping` ends what would go on for ever."""

    def __init__(
        self,
        engine: Engine,
        settings: DashboardSettings,
        clock: Clock,
        stopping: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._stopping = stopping
        self._rendering = Rendering()
        self._sessions = Sessions(clock, settings.session)
        self._attempts = Attempts(clock)
        self._secure = settings.certificate is not None
        # A browser sends the cookies of a machine to all its ports: each agent has its own name.
        self._cookie = f"{'__Host-' * self._secure}syncagent-{settings.port}"

    def application(self) -> ASGIApp:
        """The pages behind their gate."""
        routes = [
            Route("/log-in", self._log_in, methods=["GET", "POST"]),
            Route("/log-out", self._log_out, methods=["POST"]),
            Route("/language", self._change_language, methods=["POST"]),
            Route("/live", self._live),
            *(Route(page.path, self._endpoint(page), methods=[page.method]) for page in PAGES),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
        handlers = {HTTPException: self._no_page, SyncError: self._no_answer}
        app = Starlette(routes=routes, exception_handlers=handlers)
        return Gate(app, self._settings.hosts, secure=self._secure)

    def _endpoint(self, page: Page) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            visit = await self._visit(request)
            return await run_in_threadpool(self._answer, page, visit, request)

        return answer

    def _answer(self, page: Page, visit: Visit, request: Request) -> Response:
        if visit.person.role is Role.NOBODY:
            return RedirectResponse("/log-in", 303)
        try:
            self._require(visit, page.role, request)
            return page.answer(visit)
        except SyncError as error:
            return _trouble(visit, error)
        except Exception:  # noqa: BLE001 - one bad request must not end the dashboard
            _log.exception("a page of the dashboard failed", extra={"page": page.path})
            return _trouble(
                visit,
                Misconfigured("SA-7901", "the page failed", hint="the agent's log says where"),
            )

    def _require(self, visit: Visit, role: Role, request: Request) -> None:
        if visit.person.role < role:
            raise Rejected("SA-7516", f"{visit.person.name} may only look at this")
        if request.method == "POST":
            token = visit.form.get("token", [""])[0]
            if not self._sessions.is_token(token, request.cookies.get(self._cookie, "")):
                raise Rejected("SA-7515", "the form is out of date", hint="load the page again")

    async def _visit(self, request: Request) -> Visit:
        body = await request.body() if request.method == "POST" else b""
        return await run_in_threadpool(self._build_visit, request, body)

    def _build_visit(self, request: Request, body: bytes) -> Visit:
        return self._visit_of(
            self._person(request.cookies.get(self._cookie, "")),
            request,
            parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True),
        )

    def _visit_of(
        self, person: Person, request: Request, form: Mapping[str, Sequence[str]]
    ) -> Visit:
        cookie = request.cookies.get(self._cookie, "")
        return Visit(
            engine=self._engine,
            rendering=self._rendering,
            person=person,
            language=self._language(request),
            token=self._sessions.token(cookie),
            address=request.client.host if request.client else "",
            attempts=self._attempts,
            path=request.url.path,
            query=dict(request.query_params),
            form=form,
            parts=dict(request.path_params),
        )

    def _person(self, cookie: str) -> Person:
        """Who is logged in; whose password was changed since then no longer is."""
        session = self._sessions.find(cookie)
        if session is None:
            return Person()
        return entrance.person(self._engine, session)

    def _language(self, request: Request) -> Language:
        """The one that was chosen, else the first that the browser prefers, else the site's."""
        wishes = [request.cookies.get(LANGUAGE_COOKIE, "")]
        wishes += request.headers.get("accept-language", "").split(",")
        for wish in wishes:
            if language := language_of(wish.strip()):
                return language
        return self._engine.config.site.language

    async def _log_in(self, request: Request) -> Response:
        visit = await self._visit(request)
        cookie = request.cookies.get(self._cookie, "")
        if request.method == "GET":
            if visit.person.name:
                return RedirectResponse("/", 303)
            cookie = cookie or new_cookie()
            answer = entrance.form(visit, self._sessions.token(cookie))
            self._give(answer, self._cookie, cookie)
            return answer
        if not self._sessions.is_token(visit.form.get("token", [""])[0], cookie):
            return RedirectResponse("/log-in", 303)
        answer, user = await run_in_threadpool(entrance.log_in, visit)
        if user:
            self._sessions.end(cookie)
            begun = self._sessions.begin(user["name"], user["changed_at"])
            self._give(answer, self._cookie, begun)
        return answer

    async def _log_out(self, request: Request) -> Response:
        visit = await self._visit(request)
        cookie = request.cookies.get(self._cookie, "")
        if self._sessions.is_token(visit.form.get("token", [""])[0], cookie):
            self._sessions.end(cookie)
        answer = RedirectResponse("/log-in", 303)
        answer.delete_cookie(self._cookie, secure=self._secure, httponly=True, samesite="strict")
        return answer

    async def _change_language(self, request: Request) -> Response:
        visit = await self._visit(request)
        cookie = request.cookies.get(self._cookie, "")
        wanted = visit.form.get("language", [""])[0]
        answer = RedirectResponse("/" if visit.person.name else "/log-in", 303)
        if wanted in LANGUAGES and self._sessions.is_token(
            visit.form.get("token", [""])[0], cookie
        ):
            self._give(answer, LANGUAGE_COOKIE, wanted)
        return answer

    async def _live(self, request: Request) -> Response:
        """Tells the pages that something changed; they ask again for what they show."""
        visit = await self._visit(request)
        if visit.person.role is Role.NOBODY:
            return Response(status_code=204)  # a browser does not try again

        async def events() -> AsyncIterator[str]:
            async for event in pulse(self._engine, self._stopping):
                if await request.is_disconnected():
                    return
                yield event

        return StreamingResponse(events(), media_type="text/event-stream")

    def _give(self, answer: Response, name: str, value: str) -> None:
        answer.set_cookie(name, value, secure=self._secure, httponly=True, samesite="strict")

    async def _no_page(self, request: Request, _error: Exception) -> Response:
        return await self._no_answer(request, Rejected("SA-7518", "there is no such page"))

    async def _no_answer(self, request: Request, error: Exception) -> Response:
        """Also where the store cannot say who asks: the page of a failure needs nobody."""
        assert isinstance(error, SyncError)  # noqa: S101 - what it is registered for
        visit = self._visit_of(Person(), request, {})
        return await run_in_threadpool(_trouble, visit, error)


def _trouble(visit: Visit, error: SyncError) -> Response:
    """A page that says what did not work, and what to do."""
    status = _STATUS.get(error.code, _status_of(error))
    return visit.page("trouble.html", http_status=status, error=error)


_STATUS = {
    "SA-7003": 400, "SA-7515": 400, "SA-7516": 403, "SA-7002": 404, "SA-7104": 404,
    "SA-7105": 404, "SA-7518": 404, "SA-7901": 500,
}  # fmt: skip


def _status_of(error: SyncError) -> int:
    return 503 if isinstance(error, Unavailable) else 409
