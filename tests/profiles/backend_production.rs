//! The audit of a backend for customer segments: middleware that is empty files, routes that check nothing, and good
//! habits beside them.

use super::Audit;

const TREE: &[(&str, &str)] = &[
    ("README.md", "# Segments\n\nThe backend answers which customers belong together.\n"),
    (".gitignore", ".env\n.env.*\n__pycache__/\n*.pyc\n.venv/\n*.pem\n*.key\ndata/private/\n.pytest_cache/\n"),
    (
        "backend/requirements.txt",
        "fastapi==0.115.0\nuvicorn==0.30.6\npandas==2.2.2\npyarrow==17.0.0\nnumpy==2.1.0\nscikit-learn==1.5.1\n\
         pydantic==2.8.2\njoblib==1.4.2\nscipy==1.14.1\nopenpyxl==3.1.5\nhttpx==0.27.0\ntabulate==0.9.0\n\
         python-multipart==0.0.9\npython-dateutil==2.9.0\n",
    ),
    ("backend/main.py", ""),
    ("backend/api/__init__.py", ""),
    (
        "backend/api/app.py",
        r#"import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from api.middleware.rate_limiter import RateLimiter
from api.routes import customers, risk

app = FastAPI(title="Segments")

origins = os.getenv("CORS_ORIGINS", "http://localhost:3000").split(",")
app.add_middleware(
    CORSMiddleware,
    allow_origins=origins,
    allow_credentials=True,
    allow_methods=["GET", "POST"],
)
app.add_middleware(RateLimiter, per_minute=60, per_hour=1000, burst=10)

app.include_router(customers.router, prefix="/api")
app.include_router(risk.router, prefix="/api")


@app.get("/health")
def health_check():
    return {"status": "ok"}


@app.get("/api/overview")
def overview():
    return customers.totals()
"#,
    ),
    ("backend/api/middleware/__init__.py", ""),
    ("backend/api/middleware/auth.py", ""),
    ("backend/api/middleware/kill_switch.py", ""),
    ("backend/api/middleware/logging.py", ""),
    ("backend/api/middleware/rate_limit.py", ""),
    (
        "backend/api/middleware/rate_limiter.py",
        r#"import time

from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse


class RateLimiter(BaseHTTPMiddleware):
    """A token bucket per address, with windows of a minute and of an hour."""

    def __init__(self, app, per_minute, per_hour, burst):
        super().__init__(app)
        self.per_minute, self.per_hour, self.burst = per_minute, per_hour, burst
        self.buckets = {}

    async def dispatch(self, request, call_next):
        tokens, seen = self.buckets.get(request.client.host, (self.burst, time.monotonic()))
        tokens = min(self.burst, tokens + (time.monotonic() - seen) * self.per_minute / 60)
        if tokens < 1:
            return JSONResponse({"detail": "Too many requests"}, status_code=429)
        self.buckets[request.client.host] = (tokens - 1, time.monotonic())
        return await call_next(request)
"#,
    ),
    ("backend/api/routes/__init__.py", ""),
    (
        "backend/api/routes/customers.py",
        r#"import os

import pandas
from fastapi import APIRouter

router = APIRouter()
frame = pandas.read_parquet(os.environ["SEGMENTS_PATH"])


def totals():
    return frame.groupby("segment").size().to_dict()


@router.get("/segments")
def segments(page: int = 1, page_size: int = 50, sort: str = "name"):
    start = (page - 1) * page_size
    return frame.sort_values(sort)[start : start + page_size].to_dict("records")


@router.get("/customers/{customer_id}")
def customer(customer_id):
    return frame.loc[customer_id].to_dict()
"#,
    ),
    (
        "backend/api/routes/risk.py",
        r#"import os

import joblib
from fastapi import APIRouter

from api.routes.customers import frame

router = APIRouter()
model = joblib.load(os.environ["MODEL_PATH"])


@router.get("/risk")
def risk(segment: str = "", limit: int = 100):
    rows = frame.query(f"segment == '{segment}'")[:limit]
    return {"risk": model.predict(rows).tolist()}


@router.post("/risk/score")
def score(payload: dict):
    return {"score": float(model.predict([payload["features"]])[0])}
"#,
    ),
    ("backend/security/data_acceaa_matrix.md", ""),
    ("backend/security/secretes_policy.md", ""),
    ("backend/.implementation_status_doc5_6.md", "# Documents 5 and 6: done\n"),
    ("backend/.implementation_status_doc7_8_9.md", "# Documents 7 to 9: done\n"),
    ("backend/.implementation_status_doc10_11_12.md", "# Documents 10 to 12: done\n"),
    ("backend/.implementation_status_doc13_14.md", "# Documents 13 and 14: done\n"),
    ("backend/api/__pycache__/app.cpython-312.pyc", "\u{16f}compiled"),
];

fn audit() -> Audit {
    Audit::of(include_str!("../../examples/backend-production.yaml"), TREE, "2026-02-12")
}

#[test]
fn what_is_empty_open_or_unchecked_is_found_where_it_is() {
    audit().finds(&[
        // Critical.
        ("docs.no-empty-documents", "backend/security/data_acceaa_matrix.md"),
        ("docs.no-empty-documents", "backend/security/secretes_policy.md"),
        ("docs.data-access-matrix", ""),
        ("hygiene.no-empty-files", "backend/api/middleware/auth.py"),
        ("hygiene.no-empty-files", "backend/api/middleware/kill_switch.py"),
        ("hygiene.no-empty-files", "backend/api/middleware/logging.py"),
        ("hygiene.no-empty-files", "backend/api/middleware/rate_limit.py"),
        ("hygiene.no-empty-files", "backend/main.py"),
        ("deployment.entry-point", "backend/main.py"),
        ("auth.authentication-enforced", ""),
        ("observability.structured-logging", ""),
        ("config.env-example-present", ""),
        ("docs.env-vars-documented", "backend/api/routes/risk.py:9"),
        // High.
        ("hygiene.chosen-libraries-declared", ""),
        ("api.list-endpoints-bounded", "backend/api/routes/customers.py:14"),
        ("api.input-validation", "backend/api/routes/risk.py:18"),
        ("api.filter-inputs-sanitised", "backend/api/routes/risk.py:14"),
        ("api.global-exception-handler", ""),
        ("api.typed-exceptions", ""),
        ("security.headers-middleware", ""),
        ("security.header-nosniff", ""),
        // Medium and low.
        ("security.cors-wildcard-refused", ""),
        ("observability.readiness-endpoint", ""),
        ("observability.health-checks-data", ""),
        ("observability.health-checks-models", ""),
        ("api.version-prefix", ""),
        ("observability.request-id-generated", ""),
        ("observability.request-id-logged", ""),
        ("observability.request-id-returned", ""),
        ("observability.latency-metrics", ""),
        ("observability.slow-requests-logged", ""),
        ("observability.metrics-endpoint", ""),
        ("observability.error-tracking", ""),
        ("docs.api-guide", ""),
        ("docs.api-examples", ""),
        ("docs.error-responses-documented", ""),
        ("docs.cors-documented", ""),
        ("docs.data-store-documented", ""),
        ("docs.deployment-guide", ""),
        ("docs.security-policy", ""),
        ("docs.no-status-clutter", "backend/.implementation_status_doc5_6.md"),
        ("hygiene.no-bytecode", "backend/api/__pycache__/app.cpython-312.pyc"),
        ("testing.unit-tests-present", ""),
        ("testing.integration-tests-automated", ""),
        ("testing.coverage-threshold", ""),
        ("testing.rate-limit-tested", ""),
    ]);
}

#[test]
fn what_only_people_can_tell_is_asked() {
    audit().asks(&[
        "api.kill-switch",
        "api.path-params-validated",
        "api.route-error-handling",
        "api.friendly-error-messages",
        "auth.authorization-roles",
        "secrets.api-key-rotation",
        "security.audit-logging",
        "security.https-enforced",
        "security.header-hsts",
        "security.owasp-review",
        "deployment.graceful-shutdown-api",
        "observability.alert-rules",
    ]);
}

#[test]
fn its_good_practices_are_in_order() {
    let audit = audit();
    audit.praises(&[
        ("secrets.no-hardcoded", ""),
        ("secrets.gitignore-sensitive-data", ""),
        ("security.no-sql-string-building", ""),
        ("security.rate-limiting", "backend/api/app.py:18"),
        ("security.cors-configured", "backend/api/app.py:14"),
        ("security.cors-no-wildcard", ""),
        ("hygiene.gitignore-complete", ".gitignore:3"),
        ("docs.openapi-served", "backend/api/app.py:9"),
        ("observability.health-endpoint", "backend/api/app.py:24"),
    ]);
    // It keeps frames in files: no pool to set, and no keys to turn over before anybody signs in.
    audit.waits(&["db.pool-configured"]);
    assert_eq!(audit.blocked_by("secrets.api-key-rotation"), ["auth.authentication-enforced"]);
    assert_eq!(audit.missing_parts("observability.readiness-endpoint"), ["ready"]);
}

#[test]
fn it_is_not_fit_for_production() {
    audit().rules(&[("pilot", "no-go"), ("standard", "no-go"), ("enterprise", "no-go")]);
}
