//! The plan of an audit, on a system that it was written for: a proxy that signs people in before an API that can be
//! reached beside it, a pipeline that scans nothing, and settings that mask their secrets.

use super::Audit;

const TREE: &[(&str, &str)] = &[
    ("README.md", "# Desk\n\n## Run\n\n```sh\ndocker compose up\n```\n"),
    (".gitignore", ".env\nnode_modules/\n__pycache__/\n"),
    (
        ".github/workflows/ci.yml",
        r#"on: [push, pull_request]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
      - run: curl -LsSf https://astral.sh/uv/install.sh | sh
      - run: uv run ruff check . && uv run pytest --cov --cov-fail-under=70
      - run: env | sort
      - uses: actions/upload-artifact@0123456789012345678901234567890123456789
        with: { name: coverage, path: coverage.xml }
"#,
    ),
    (
        "docker-compose.yml",
        r#"services:
  proxy:
    image: caddy:2.8.4
    ports: ["443:443"]
    volumes: ["./Caddyfile:/etc/caddy/Caddyfile:ro"]
    restart: unless-stopped
  api:
    build: ./backend
    ports: ["8000:8000"]
    restart: unless-stopped
    healthcheck: { test: ["CMD", "curl", "-f", "http://localhost:8000/healthz"] }
  worker:
    build: ./backend
    command: ["celery", "-A", "app.worker", "worker"]
    restart: unless-stopped
  web:
    build: ./web
    restart: unless-stopped
  db:
    image: postgres:16.4
    volumes: ["data:/var/lib/postgresql/data"]
    restart: unless-stopped
volumes:
  data:
"#,
    ),
    (
        "Caddyfile",
        r#"desk.example.org {
	handle /admin/* {
		forward_auth auth:9091 {
			uri /api/verify
			copy_headers X-Admin-User
		}
		reverse_proxy api:8000
	}
	reverse_proxy web:3000
}
"#,
    ),
    (
        "backend/Dockerfile",
        "FROM python:3.12.6-slim\nCOPY . /app\nRUN pip install -r /app/requirements.txt\nUSER app\nCMD uvicorn app.main:app --host 0.0.0.0 --proxy-headers --forwarded-allow-ips='*'\n",
    ),
    (
        "backend/requirements.txt",
        "fastapi==0.115.0\nuvicorn==0.30.6\nsqlalchemy==2.0.34\nalembic==1.13.2\nasyncpg==0.29.0\ncelery==5.4.0\nredis==5.0.8\npydantic-settings==2.4.0\nstructlog==24.4.0\nprometheus-client==0.20.0\n",
    ),
    ("backend/alembic.ini", "[alembic]\nscript_location = app/infra/migrations\n"),
    (
        "backend/app/settings.py",
        r#"from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    environment: str
    database_url: SecretStr
    session_secret: SecretStr
    smtp_password: SecretStr
"#,
    ),
    ("backend/app/infra/environment.py", "def is_production():\n    return settings.environment == \"production\"\n"),
    (
        "backend/app/infra/org_context.py",
        "from contextvars import ContextVar\n\ncurrent_org_id: ContextVar[int] = ContextVar(\"current_org_id\")\n",
    ),
    (
        "backend/app/infra/db.py",
        r#"from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import with_loader_criteria

from app.infra.org_context import current_org_id

engine = create_async_engine(url(), pool_size=10, max_overflow=5, pool_timeout=5)


@event.listens_for(Session, "do_orm_execute")
def only_this_org(state):
    state.statement = state.statement.options(
        with_loader_criteria(Owned, lambda row: row.org_id == current_org_id.get(), include_aliases=True)
    )
"#,
    ),
    (
        "backend/app/infra/migrations/versions/0001_start.py",
        r#"from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("tickets", sa.Column("org_id", sa.Integer, nullable=False))


def downgrade():
    op.drop_table("tickets")
"#,
    ),
    (
        "backend/app/infra/migrations/versions/0002_a.py",
        "revision = \"0002\"\ndown_revision = \"0001\"\n\n\ndef upgrade():\n    op.add_column(\"tickets\", column())\n\n\ndef downgrade():\n    op.drop_column(\"tickets\", \"a\")\n",
    ),
    (
        "backend/app/infra/migrations/versions/0003_b.py",
        "revision = \"0003\"\ndown_revision = \"0001\"\n\n\ndef upgrade():\n    op.add_column(\"tickets\", column())\n\n\ndef downgrade():\n    pass\n",
    ),
    (
        "backend/app/infra/logging.py",
        "import structlog\n\nstructlog.configure(processors=[structlog.processors.JSONRenderer()])\nlog = structlog.get_logger()\n",
    ),
    (
        "backend/app/main.py",
        r#"from fastapi import Depends, FastAPI, HTTPException, Request
from prometheus_client import make_asgi_app

from app.infra.logging import log

app = FastAPI()
app.mount("/metrics", make_asgi_app())


def admin(request: Request):
    user = request.headers.get("X-Admin-User")
    if not user:
        raise HTTPException(status_code=401, detail="Sign in first")
    log.info("admin", authorization=request.headers["Authorization"])
    return user


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.get("/admin/tickets")
async def tickets(user=Depends(admin), limit: int = 100):
    return [ticket async for ticket in Ticket.all(limit)]
"#,
    ),
    (
        "backend/app/worker.py",
        r#"from celery import Celery

app = Celery("desk", broker="redis://redis:6379/0")


@app.task(bind=True, autoretry_for=(Exception,), max_retries=5, retry_backoff=True, retry_jitter=True)
def send_mail(self, ticket_id):
    deliver(ticket_id)
"#,
    ),
    (
        "backend/tests/test_health.py",
        "def test_it_answers(client):\n    assert client.get(\"/healthz\").json() == {\"status\": \"ok\"}\n",
    ),
    (
        "web/Dockerfile",
        "FROM node:20.17.0-alpine\nWORKDIR /app\nCOPY . .\nRUN npm install && npm run build\nCMD [\"npm\", \"start\"]\n",
    ),
    (
        "web/package.json",
        "{\"name\": \"web\", \"private\": true, \"scripts\": {\"build\": \"next build\", \"start\": \"next start\"}, \"dependencies\": {\"next\": \"^14.2.0\", \"react\": \"latest\", \"react-dom\": \"18.3.1\"}}\n",
    ),
    (
        "web/next.config.js",
        r#"module.exports = {
  async headers() {
    return [{
      source: "/(.*)",
      headers: [
        { key: "X-Frame-Options", value: "DENY" },
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "Content-Security-Policy", value: "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'" },
      ],
    }];
  },
};
"#,
    ),
    ("web/.env.production", "NEXT_PUBLIC_API_URL=https://desk.example.org\n"),
    (
        "web/lib/auth.ts",
        "export const keep = (token: string) => localStorage.setItem(\"access_token\", token);\nexport const key = process.env.NEXT_PUBLIC_ADMIN_SECRET;\n",
    ),
    ("web/app/page.tsx", "export default function Page() {\n  return <main>Desk</main>;\n}\n"),
    ("ops/backup.sh", "#!/bin/sh\nset -eu\npg_dump \"$DATABASE_URL\" | gzip > \"/backups/$(date +%F).sql.gz\"\n"),
];

fn audit() -> Audit {
    Audit::of(include_str!("../../examples/enterprise-readiness.yaml"), TREE, "2025-10-17")
}

#[test]
fn each_section_of_the_plan_finds_what_was_planted_for_it() {
    audit().finds(&[
        // Trust boundary: the port beside the proxy, and forwarded headers from anybody.
        ("deployment.api-port-not-published", "docker-compose.yml:9"),
        ("auth.forwarded-headers-restricted", "backend/Dockerfile:5"),
        ("security.no-secrets-in-logs", "backend/app/main.py:14"),
        ("security.rate-limiting", ""),
        ("jobs.retry-storm-guard", ""),
        // Web.
        ("security.csp-no-unsafe-inline", "web/next.config.js:8"),
        ("security.csp-no-unsafe-eval", "web/next.config.js:8"),
        ("secrets.no-secret-in-public-env", "web/lib/auth.ts:2"),
        ("auth.token-storage-httponly", "web/lib/auth.ts:1"),
        ("deployment.multistage-build", "web/Dockerfile:4"),
        ("deployment.dev-deps-pruned", "web/Dockerfile:4"),
        ("hygiene.package-versions-bounded", "web/package.json:1"),
        // Supply chain.
        ("ci.actions-pinned-by-sha", ".github/workflows/ci.yml:9"),
        ("ci.no-pipe-to-shell", ".github/workflows/ci.yml:10"),
        ("ci.no-env-dump", ".github/workflows/ci.yml:12"),
        ("ci.vulnerability-scanner", ""),
        ("ci.sast-scanner", ""),
        ("ci.secret-scanner", ""),
        ("ci.sbom-generated", ""),
        ("ci.artifacts-signed", ""),
        // Operations.
        ("deployment.resource-limits", "docker-compose.yml:8"),
        ("db.single-migration-head", "backend/app/infra/migrations/versions/0003_b.py:1"),
        ("db.migration-downgrade", "backend/app/infra/migrations/versions/0003_b.py:9"),
        ("ci.single-head-guard", ""),
        ("dr.backup-scheduled", ""),
        ("dr.restore-procedure", ""),
        ("observability.tracing", ""),
    ]);
}

#[test]
fn its_verified_strengths_name_their_files() {
    audit().praises(&[
        ("config.environment-modes-explicit", "backend/app/infra/environment.py:1"),
        ("secrets.secretstr-used", ""),
        ("secrets.no-default-prod-secrets", ""),
        ("tenancy.org-id-propagated", "backend/app/infra/db.py:13"),
        ("tenancy.contextvar-async-safe", ""),
        ("auth.admin-headers-unspoofable", "Caddyfile:5"),
        ("db.pool-configured", "backend/app/infra/db.py:7"),
        ("jobs.retry-policy", "backend/app/worker.py:6"),
        ("jobs.isolation", "docker-compose.yml:12"),
        ("security.header-csp", "web/next.config.js:8"),
        ("ci.permissions-least", ""),
        ("ci.test-step", ".github/workflows/ci.yml:11"),
        ("deployment.restart-policy", "docker-compose.yml:6"),
        ("deployment.container-healthchecks", "docker-compose.yml:11"),
        ("observability.structured-logging", "backend/app/infra/logging.py:3"),
        ("observability.metrics-endpoint", "backend/app/main.py:2"),
        ("dr.backup-script", "ops/backup.sh"),
    ]);
}

#[test]
fn what_the_tree_cannot_show_is_asked() {
    audit().asks(&[
        "auth.proxy-not-bypassable",
        "auth.bruteforce-protection",
        "tenancy.rls-policies",
        "db.no-n-plus-one",
        "dr.restore-tested",
        "security.paths-reviewed",
    ]);
}

#[test]
fn each_tier_has_its_verdict() {
    let audit = audit();
    audit.rules(&[("pilot", "no-go"), ("standard", "no-go"), ("enterprise", "no-go")]);
    let pilot = audit.report["verdicts"][0]["failing"].as_array().unwrap();
    for blocker in
        ["deployment.api-port-not-published", "secrets.no-secret-in-public-env", "security.no-secrets-in-logs"]
    {
        assert!(pilot.iter().any(|id| id == blocker), "{blocker} blocks a pilot");
    }
}
