//! The files of the tree, in the state that the audit describes.

pub(super) const TREE: &[(&str, &str)] = &[
    ("README.md", "# Watch\n\n## Run\n\n```sh\ndocker compose up\n```\n"),
    ("backend/README_S12.md", "Step 12 is applied.\n"),
    ("docs/ROADMAP.md", "# Roadmap\n\n## Phase 11\n## Phase 12\n## Phase 13\n## Phase 20\n"),
    (".gitignore", ".env\n__pycache__/\nnode_modules/\ndist/\n"),
    (
        "docker-compose.yml",
        r#"services:
  backend:
    build: ./backend
    restart: unless-stopped
  notifications-worker:
    build: ./backend
    command: ["python", "-m", "app.workers.notifications"]
    environment: { ENABLE_NOTIFICATIONS_WORKER: "${ENABLE_NOTIFICATIONS_WORKER:-false}" }
    restart: unless-stopped
  prometheus:
    image: prom/prometheus:v2.54.1
    volumes: ["./observability/prometheus.yml:/etc/prometheus/prometheus.yml:ro"]
  grafana:
    image: grafana/grafana:11.2.0
    volumes: ["./observability/grafana:/etc/grafana/provisioning:ro"]
"#,
    ),
    (
        "observability/prometheus.yml",
        "scrape_configs:\n  - job_name: backend\n    metrics_path: /metrics\n    static_configs:\n      - targets: [\"backend:5000\"]\n",
    ),
    (
        "observability/grafana/dashboards/overview.json",
        r#"{"title": "Overview", "uid": "overview", "panels": [{"title": "Requests", "targets": [{"expr": "rate(http_requests_total[5m])"}]}, {"title": "Sent", "targets": [{"expr": "rate(notifications_sent_total[5m])"}]}]}
"#,
    ),
    (
        "observability/grafana/dashboards/dashboards.yml",
        "apiVersion: 1\nproviders:\n  - name: files\n    options: { path: /etc/grafana/provisioning/dashboards }\n",
    ),
    (
        "backend/Dockerfile",
        "FROM python:3.12.6-slim\nCOPY . /app\nUSER app\nCMD [\"uvicorn\", \"app.main:app\", \"--port\", \"5000\"]\n",
    ),
    (
        "backend/requirements.txt",
        "fastapi==0.115.0\nsqlalchemy==2.0.34\nalembic==1.13.2\npsycopg2-binary==2.9.9\nprometheus-client==0.20.0\nPyJWT==2.9.0\n",
    ),
    (
        "backend/app/main.py",
        r#"from fastapi import FastAPI
from prometheus_client import make_asgi_app

from app.observability.metrics import measure
from app.routes import audit_logs, auth, billing, cloud, export, health, notifications, settings, threat_intel, users

app = FastAPI()
app.middleware("http")(measure)
app.include_router(health.router)
app.include_router(auth.router, prefix="/auth")
app.include_router(users.router, prefix="/users")
app.include_router(notifications.router, prefix="/notifications")
app.include_router(audit_logs.router, prefix="/audit-logs")
app.include_router(billing.router, prefix="/billing")
app.include_router(threat_intel.router, prefix="/threat-intel")
app.include_router(export.router, prefix="/export")
app.include_router(cloud.router, prefix="/cloud")
app.include_router(settings.router, prefix="/settings")
app.mount("/metrics", make_asgi_app())
"#,
    ),
    ("backend/app/main.py.PATCH_S17", "app.include_router(scans.router)\n"),
    (
        "backend/app/observability/metrics.py",
        r#"import time

from prometheus_client import Counter, Histogram

REQUESTS = Counter("http_requests_total", "Requests", ["method", "path"])
LATENCY = Histogram("http_request_duration_seconds", "Latency", ["path"])


async def measure(request, call_next):
    started = time.perf_counter()
    response = await call_next(request)
    REQUESTS.labels(request.method, request.url.path).inc()
    LATENCY.labels(request.url.path).observe(time.perf_counter() - started)
    return response
"#,
    ),
    (
        "backend/app/routes/auth.py",
        r#"import jwt
from fastapi import APIRouter, Depends, HTTPException

router = APIRouter()


def get_current_user(token: str):
    return jwt.decode(token, key(), algorithms=["HS256"])


def require_admin(user=Depends(get_current_user)):
    if user["role"] != "admin":
        raise HTTPException(status_code=403, detail="Administrators only")
    return user
"#,
    ),
    (
        "backend/app/routes/users.py",
        r#"from fastapi import APIRouter, Depends

from app.routes.auth import require_admin

router = APIRouter(dependencies=[Depends(require_admin)])


@router.delete("/{user_id}")
def disable_user(user_id: int):
    return {"disabled": user_id}
"#,
    ),
    (
        "backend/app/routes/health.py",
        "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get(\"/health\")\ndef health():\n    return {\"status\": \"ok\"}\n",
    ),
    (
        "backend/app/routes/notifications.py",
        r#"from fastapi import APIRouter, Depends, Query

from app.models.notification import Notification
from app.models.notification_setting import NotificationSetting
from app.routes.auth import get_current_user

router = APIRouter(dependencies=[Depends(get_current_user)])


@router.get("")
def inbox(page: int = Query(1, ge=1), page_size: int = Query(50, le=200), tenant_id: int = 0):
    return Notification.of(tenant_id, page, page_size)


@router.get("/history")
def history(page: int = Query(1, ge=1), page_size: int = Query(50, le=200), tenant_id: int = 0):
    return Notification.log(tenant_id, page, page_size)


@router.get("/settings")
def settings(tenant_id: int):
    return NotificationSetting.of(tenant_id)
"#,
    ),
    (
        "backend/app/routes/audit_logs.py",
        "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get(\"\")\ndef logs(tenant_id: int): ...\n",
    ),
    (
        "backend/app/routes/billing.py",
        "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get(\"/plans\")\ndef plans(tenant_id: int): ...\n",
    ),
    (
        "backend/app/routes/threat_intel.py",
        "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get(\"/feeds\")\ndef feeds(tenant_id: int): ...\n",
    ),
    (
        "backend/app/routes/export.py",
        "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get(\"\")\ndef export(tenant_id: int): ...\n",
    ),
    (
        "backend/app/routes/cloud.py",
        "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.post(\"/accounts\")\ndef add(tenant_id: int): ...\n",
    ),
    (
        "backend/app/routes/settings.py",
        "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get(\"/public\")\ndef public_settings():\n    return {\"grafana.url\": url(), \"dashboard_uid\": \"overview\", \"datasource_uid\": \"prometheus\"}\n",
    ),
    (
        "backend/app/models/notification_setting.py",
        r#"from sqlalchemy import Column, DateTime, ForeignKey, Integer, String

from app.models.base import Base


class NotificationSetting(Base):
    __tablename__ = "notification_settings"
    id = Column(Integer, primary_key=True)
    tenant_id = Column(Integer, ForeignKey("tenants.id"))
    title = Column(String)
    message = Column(String)
    status = Column(String)
    severity = Column(String)
    sent_at = Column(DateTime)
"#,
    ),
    (
        "backend/app/models/notification.py",
        r#"from sqlalchemy import Column, DateTime, ForeignKey, Integer, String

from app.models.base import Base


class Notification(Base):
    __tablename__ = "notifications"
    id = Column(Integer, primary_key=True)
    tenant_id = Column(Integer, ForeignKey("tenants.id"))
    title = Column(String)


class NotificationLog(Base):
    __tablename__ = "notification_log"
    id = Column(Integer, primary_key=True)
    recipient = Column(String)
    sent_at = Column(DateTime)
"#,
    ),
    (
        "backend/app/models/areas.py",
        r#"from sqlalchemy import Column, Integer, String

from app.models.base import Base


class Tenant(Base):
    __tablename__ = "tenants"
    id = Column(Integer, primary_key=True)


class RegistrySnapshot(Base):
    __tablename__ = "registry_snapshots"
    id = Column(Integer, primary_key=True)


class IocFeed(Base):
    __tablename__ = "ioc_feeds"
    id = Column(Integer, primary_key=True)
    api_key = Column(String)


class BillingPlan(Base):
    __tablename__ = "billing_plans"
    id = Column(Integer, primary_key=True)


class UsageLog(Base):
    __tablename__ = "usage_logs"
    id = Column(Integer, primary_key=True)


class Invoice(Base):
    __tablename__ = "invoices"
    id = Column(Integer, primary_key=True)


class RetentionPolicy(Base):
    __tablename__ = "retention_policies"
    id = Column(Integer, primary_key=True)
    days = Column(Integer)


class AuditLog(Base):
    __tablename__ = "audit_logs"
    id = Column(Integer, primary_key=True)


class CloudAccount(Base):
    __tablename__ = "cloud_accounts"
    id = Column(Integer, primary_key=True)
    access_key = Column(String)
"#,
    ),
    (
        "backend/alembic/versions/t_002_areas.py",
        r#"from alembic import op
import sqlalchemy as sa

revision = "t_002"
down_revision = None


def upgrade():
    for name in TABLES:
        op.create_table(name, sa.Column("id", sa.Integer, primary_key=True))


TABLES = []
op.create_table("tenants")
op.create_table("notification_settings")
op.create_table("notifications")
op.create_table("notification_log")
op.create_table("registry_snapshots")
op.create_table("ioc_feeds")
op.create_table("billing_plans")
op.create_table("usage_logs")
op.create_table("invoices")
op.create_table("retention_policies")
op.create_table("audit_logs")
op.create_table("cloud_accounts")


def downgrade():
    for name in TABLES:
        op.drop_table(name)
"#,
    ),
    (
        "backend/app/workers/notifications.py",
        r#"import logging
import os
import time

log = logging.getLogger(__name__)


def main():
    if os.getenv("ENABLE_NOTIFICATIONS_WORKER") != "true":
        return
    while True:
        with session() as db:
            try:
                send(db.execute(PENDING.with_for_update(skip_locked=True)))
                db.commit()
            except Exception:
                log.exception("notifications failed")
                db.rollback()
        time.sleep(5)
"#,
    ),
    (
        "frontend/package.json",
        r#"{"name": "watch", "private": true, "scripts": {"build": "vite build", "e2e": "playwright test"}, "dependencies": {"react": "18.3.1", "react-dom": "18.3.1", "react-router-dom": "6.26.1"}, "devDependencies": {"vite": "5.4.2", "@playwright/test": "1.46.1"}}
"#,
    ),
    ("frontend/package-lock.json", "{\"lockfileVersion\": 3}\n"),
    (
        "frontend/src/App.jsx",
        r#"import { Route, Routes } from "react-router-dom";
import Billing from "./pages/Billing";
import CloudDiscovery from "./pages/CloudDiscovery";
import Integrity from "./pages/Integrity";
import NotificationHistory from "./pages/NotificationHistory";
import Notifications from "./pages/Notifications";
import Persistence from "./pages/Persistence";
import RetentionExports from "./pages/RetentionExports";
import ThreatIntel from "./pages/ThreatIntel";

export default function App() {
  return (
    <Routes>
      <Route path="/notifications" element={<Notifications />} />
      <Route path="/notification-history" element={<NotificationHistory />} />
      <Route path="/persistence" element={<Persistence />} />
      <Route path="/integrity" element={<Integrity />} />
      <Route path="/threat-intel" element={<ThreatIntel />} />
      <Route path="/retention" element={<RetentionExports />} />
      <Route path="/billing" element={<Billing />} />
      <Route path="/cloud" element={<CloudDiscovery />} />
    </Routes>
  );
}
<Route path="onboarding" element={<Onboarding />} />
"#,
    ),
    (
        "frontend/src/components/Sidebar.jsx",
        r#"import { Link } from "react-router-dom";
import { getLocalFeatures } from "../lib/features";
import TenantSwitcher from "./TenantSwitcher";

export default function Sidebar({ user }) {
  const features = getLocalFeatures();
  return (
    <nav>
      <Link to="/notifications">Notifications</Link>
      {features.billing && <Link to="/billing">Billing</Link>}
      <Link to="/audit-log">Audit log</Link>
      {user.role === "admin" && <TenantSwitcher />}
    </nav>
  );
}
"#,
    ),
    (
        "frontend/src/lib/features.js",
        "export const getLocalFeatures = () => JSON.parse(localStorage.getItem(\"features\") || \"{}\");\n",
    ),
    (
        "frontend/src/lib/api.js",
        r#"export async function get(path) {
  const headers = { Authorization: `Bearer ${token()}`, "X-Tenant-Id": tenant() };
  return (await fetch(path, { headers })).json();
}
"#,
    ),
    (
        "frontend/src/services/userService.js",
        "import { get } from \"../lib/api\";\n\nexport const users = () => get(\"/api/users\");\n",
    ),
    (
        "frontend/src/services/userService.js-1",
        "import { get } from \"../lib/api\";\n\nexport const users = () => get(\"/api/user\");\n",
    ),
    (
        "frontend/src/pages/Notifications.jsx",
        r#"export default function Notifications() {
  // TODO: fetch notifications
  const rows = [];
  return <ul>{rows.map((row) => <li key={row.id}>{row.title}</li>)}</ul>;
}
"#,
    ),
    (
        "frontend/src/pages/AlertSettings.jsx",
        r#"import { get } from "../lib/api";

export default function AlertSettings() {
  const rows = use(get("/api/alertsettings"));
  return <table>{rows.map((row) => <tr key={row.id}><td>{row.title}</td></tr>)}</table>;
}
"#,
    ),
    (
        "frontend/src/pages/NotificationHistory.jsx",
        "import { get } from \"../lib/api\";\n\nexport default function NotificationHistory() {\n  const rows = use(get(\"/api/notifications/history\"));\n  return <ul>{rows.map((row) => <li key={row.id}>{row.recipient || \"\u{fffd}\"}</li>)}</ul>;\n}\n",
    ),
    (
        "frontend/src/pages/Persistence.jsx",
        "export default function Persistence() {\n  return <Differences of=\"registry\" />;\n}\n",
    ),
    (
        "frontend/src/pages/Integrity.jsx",
        "export default function Integrity() {\n  return <Differences of=\"boot\" />;\n}\n",
    ),
    (
        "frontend/src/pages/ThreatIntel.jsx",
        "export default function ThreatIntel() {\n  return <Feeds path=\"/threat-intel/feeds\" />;\n}\n",
    ),
    (
        "frontend/src/pages/RetentionExports.jsx",
        "export default function RetentionExports() {\n  return <Exports path=\"/export\" />;\n}\n",
    ),
    (
        "frontend/src/pages/Billing.jsx",
        "export default function Billing() {\n  return <Plans path=\"/billing/plans\" />;\n}\n",
    ),
    (
        "frontend/src/pages/CloudDiscovery.jsx",
        "export default function CloudDiscovery() {\n  return <Accounts path=\"/cloud/accounts\" />;\n}\n",
    ),
    (
        "frontend/e2e/catalog.spec.js",
        "import { test, expect } from \"@playwright/test\";\n\ntest(\"filters the catalog\", async ({ page }) => {\n  await page.goto(\"/catalog\");\n  await expect(page).toHaveTitle(/Watch/);\n});\n",
    ),
];
