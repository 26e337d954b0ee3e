//! The audit of a platform of an internet provider: most modules are there, billing is a chapter of the requirements,
//! images are built by hand, and one table has no migration.

use super::Audit;

const TREE: &[(&str, &str)] = &[
    ("README.md", "# Provider\n\n## Run\n\n```sh\ndocker compose build && docker compose up -d\n```\n"),
    ("deploy/SETUP_GUIDE.md", "# Set-up\n"),
    ("radius/RADIUS_GUIDE.md", "# RADIUS\n"),
    ("storage/STORAGE_GUIDE.md", "# Storage\n"),
    ("plugins/PLUGIN_GUIDE.md", "# Plug-ins\n"),
    ("alembic/MIGRATION_GUIDE.md", "# Migrations\n"),
    (
        "docs/REQUIREMENTS.md",
        "# Requirements\n\n## Module: Customer\n\n## Module: Service\n\n## Module: Network\n\n## Module: Billing\n\nRating, invoices, payments, dunning.\n",
    ),
    ("docs/VISION.md", "# Vision\n\nOne platform for providers.\n"),
    (".gitignore", ".env\n__pycache__/\n"),
    (
        "docker-compose.yml",
        r#"services:
  api:
    build: .
    env_file: .env
    restart: unless-stopped
  db:
    image: postgres:16.4
    volumes: ["data:/var/lib/postgresql/data"]
    restart: unless-stopped
  radius:
    image: freeradius/freeradius-server:3.2.5
    restart: unless-stopped
  minio:
    image: minio/minio:RELEASE.2025-01-20T14-49-07Z
    restart: unless-stopped
volumes:
  data:
"#,
    ),
    (
        "Dockerfile",
        "FROM python:3.12.4-slim\nCOPY . /app\nRUN pip install -r /app/requirements.txt\nUSER app\nCMD [\"uvicorn\", \"app.main:app\"]\n",
    ),
    (
        "requirements.txt",
        "fastapi==0.115.0\nuvicorn==0.30.6\nsqlalchemy==2.0.34\nalembic==1.13.2\npsycopg2-binary==2.9.9\nPyJWT==2.9.0\nminio==7.2.8\npyrad==2.4\npython-multipart==0.0.9\n",
    ),
    (
        "app/main.py",
        r#"from fastapi import FastAPI

from app.endpoints import api_management, auth, customer, files, network, service

app = FastAPI(title="Provider")
app.include_router(auth.router)
app.include_router(customer.router)
app.include_router(service.router)
app.include_router(network.router)
app.include_router(files.router)
app.include_router(api_management.router)
"#,
    ),
    (
        "app/core/config.py",
        "class Settings(BaseSettings):\n    portal_id_prefix: str = \"10\"\n    smtp_host: str\n    smtp_password: str\n    sms_gateway_key: str\n    radius_secret: str\n",
    ),
    (
        "app/core/plugins.py",
        r#"import importlib

plugin_registry = {}


def load_plugin(name):
    module = importlib.import_module(f"plugins.{name}")
    plugin_registry[name] = module.Plugin()
    return plugin_registry[name]
"#,
    ),
    (
        "plugins/example.py",
        "class Plugin:\n    title = \"Example\"\n\n    def run(self, event):\n        return event\n",
    ),
    (
        "tests/test_plugins.py",
        "from app.core.plugins import load_plugin\n\n\ndef test_the_example_is_loaded():\n    assert load_plugin(\"example\").title == \"Example\"\n",
    ),
    ("scripts/validate_storage.py", "from app.storage import client\n\nassert client.bucket_exists(\"files\")\n"),
    ("scripts/try_radius.sh", "radtest \"$PORTAL_ID\" \"$PASSWORD\" localhost 0 \"$RADIUS_SECRET\"\n"),
    (
        "app/models/customer.py",
        r#"from sqlalchemy import Column, DateTime, ForeignKey, Integer, String
from sqlalchemy.orm import relationship

from app.models.base import Base


class Customer(Base):
    __tablename__ = "customers"
    id = Column(Integer, primary_key=True)
    portal_id = Column(String(32), unique=True, index=True, nullable=False)
    services = relationship("Service", back_populates="customer")


class PortalIdHistory(Base):
    __tablename__ = "portal_id_history"
    id = Column(Integer, primary_key=True)
    customer_id = Column(Integer, ForeignKey("customers.id"))
    old_portal_id = Column(String(32))
    changed_at = Column(DateTime)
"#,
    ),
    (
        "app/models/service.py",
        r#"from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import relationship

from app.models.base import Base


class Service(Base):
    __tablename__ = "services"
    id = Column(Integer, primary_key=True)
    customer_id = Column(Integer, ForeignKey("customers.id"))
    customer = relationship("Customer", back_populates="services")
    tariff_id = Column(Integer)  # TODO: ForeignKey("tariffs.id") once billing exists


class RadiusSession(Base):
    __tablename__ = "radius_sessions"
    id = Column(Integer, primary_key=True)
    username = Column(String(64))
    octets = Column(Integer)
"#,
    ),
    (
        "app/models/network.py",
        "from sqlalchemy import Column, Integer, String\n\nfrom app.models.base import Base\n\n\nclass Network(Base):\n    __tablename__ = \"networks\"\n    id = Column(Integer, primary_key=True)\n    prefix = Column(String(64))\n",
    ),
    (
        "app/models/api_management.py",
        r#"from sqlalchemy import Column, ForeignKey, Integer, String

from app.models.base import Base


class ApiVersion(Base):
    __tablename__ = "api_versions"
    id = Column(Integer, primary_key=True)


class ApiKey(Base):
    __tablename__ = "api_keys"
    id = Column(Integer, primary_key=True)
    version_id = Column(Integer, ForeignKey("api_versions.id"))
    digest = Column(String(64))
"#,
    ),
    ("app/schemas/customer.py", "class CustomerIn(BaseModel):\n    name: str\n"),
    ("app/schemas/service.py", "class ServiceIn(BaseModel):\n    customer_id: int\n"),
    ("app/schemas/network.py", "class NetworkIn(BaseModel):\n    prefix: str\n"),
    ("app/schemas/api_management.py", "class ApiKeyIn(BaseModel):\n    version_id: int\n"),
    (
        "app/endpoints/auth.py",
        r#"import jwt
from fastapi import APIRouter, Depends

router = APIRouter(prefix="/auth")


@router.post("/login")
def login(portal_id: str, password: str):
    return {"token": jwt.encode({"sub": portal_id}, key(), algorithm="HS256")}


def get_current_user(token: str):
    return jwt.decode(token, key(), algorithms=["HS256"])
"#,
    ),
    (
        "app/endpoints/customer.py",
        "from fastapi import APIRouter, Depends\n\nrouter = APIRouter(prefix=\"/customers\")\n\n\n@router.post(\"\")\ndef create(body: CustomerIn, user=Depends(get_current_user)):\n    return Customer(portal_id=f\"{settings.portal_id_prefix}{sequence()}\")\n",
    ),
    (
        "app/endpoints/service.py",
        "from fastapi import APIRouter, Depends\n\nrouter = APIRouter(prefix=\"/services\")\n\n\n@router.post(\"\")\ndef create(body: ServiceIn, user=Depends(get_current_user)): ...\n",
    ),
    (
        "app/endpoints/network.py",
        "from fastapi import APIRouter, Depends\n\nrouter = APIRouter(prefix=\"/networks\")\n\n\n@router.post(\"\")\ndef create(body: NetworkIn, user=Depends(get_current_user)): ...\n",
    ),
    (
        "app/endpoints/api_management.py",
        "from fastapi import APIRouter, Depends\n\nrouter = APIRouter(prefix=\"/keys\")\n\n\n@router.post(\"\")\ndef create(body: ApiKeyIn, user=Depends(get_current_user)): ...\n",
    ),
    (
        "app/endpoints/files.py",
        r#"from fastapi import APIRouter, HTTPException, UploadFile

from app.storage import client

router = APIRouter(prefix="/files")
MAX_FILE_SIZE = 100 * 1024 * 1024


@router.post("")
async def upload(file: UploadFile):
    if file.size > MAX_FILE_SIZE:
        raise HTTPException(status_code=413, detail="Larger than 100 MB")
    client.put_object("files", file.filename, file.file, file.size)
    return {"name": file.filename}


@router.get("")
def index():
    return [entry.object_name for entry in client.list_objects("files")]


@router.get("/{name}")
def read(name: str):
    return client.get_object("files", name).stream()


@router.delete("/{name}")
def delete(name: str):
    client.remove_object("files", name)
"#,
    ),
    ("app/storage.py", "from minio import Minio\n\nclient = Minio(settings.storage_host)\n"),
    (
        "alembic/versions/0001_start.py",
        r#"from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("portal_id", sa.String(32), unique=True))
    op.create_table("portal_id_history", sa.Column("id", sa.Integer))
    op.create_table("services", sa.Column("id", sa.Integer))
    op.create_table("radius_sessions", sa.Column("id", sa.Integer))
    op.create_table("networks", sa.Column("id", sa.Integer))
    op.create_table("api_keys", sa.Column("id", sa.Integer))


def downgrade():
    for table in ("api_keys", "networks", "radius_sessions", "services", "portal_id_history", "customers"):
        op.drop_table(table)
"#,
    ),
    (
        "logs/startup.log",
        "SAWarning: relationship 'Network.pools' will copy column networks.id to column pools.network_id, which conflicts with relationship(s); set overlaps=\n",
    ),
];

fn audit() -> Audit {
    Audit::of(include_str!("../../examples/isp-platform.yaml"), TREE, "2025-07-27")
}

#[test]
fn what_is_absent_and_what_hangs_in_the_air_is_found() {
    let audit = audit();
    audit.finds(&[
        // Critical.
        ("product.billing-engine", ""),
        ("modules.documented-are-written", "docs/REQUIREMENTS.md:9"),
        ("ci.pipeline-exists", ""),
        // Important.
        ("db.model-tables-have-migrations", "app/models/api_management.py:7"),
        ("db.no-fk-placeholders", "app/models/service.py:12"),
        ("security.rate-limiting", ""),
        ("testing.integration-tests-automated", ""),
        // Nice to have.
        ("db.orm-relationship-warnings", "logs/startup.log:1"),
        ("docs.consolidated", "alembic/MIGRATION_GUIDE.md"),
        ("deployment.helm-charts", ""),
    ]);
    let missing = audit.missing_parts("product.billing-engine");
    assert_eq!(missing, ["rating", "invoices", "payments", "dunning"], "billing has no part at all");
    // What a pipeline does is asked once there is one.
    audit.waits(&["ci.lint-step", "ci.test-step", "ci.docker-build-step", "ci.migration-verification"]);
}

#[test]
fn complete_modules_are_in_order() {
    audit().praises(&[
        ("modules.layers-complete", ""),
        ("db.identifier-history-tracked", "app/models/customer.py:14"),
        ("config.business-format-configurable", ""),
        ("db.orm-mappers-configure", ""),
        ("security.upload-limit", "app/endpoints/files.py:6"),
        ("product.plugin-system", "plugins/example.py"),
        ("product.storage-jobs", "app/endpoints/files.py:24"),
        ("deployment.compose-present", "docker-compose.yml"),
        ("docs.requirements-documented", "docs/REQUIREMENTS.md"),
        ("testing.unit-tests-present", "tests/test_plugins.py"),
    ]);
}

#[test]
fn what_was_tried_by_hand_is_asked_and_sessions_wait_for_billing() {
    let audit = audit();
    audit.asks(&[
        "product.session-accounting-linked",
        "auth.external-auth-validated",
        "config.gateway-credentials-provisioned",
        "testing.e2e-core-journey",
        "testing.load-tests",
        "testing.external-services-tested",
        "security.owasp-review",
        "security.penetration-test",
        "auth.jwt-expiry-refresh",
        "secrets.managed-store",
        "db.cross-module-atomicity",
    ]);
    let needed = audit.blocked_by("product.session-accounting-linked");
    assert_eq!(needed, ["product.billing-engine", "db.model-tables-have-migrations"]);
    assert_eq!(audit.blocked_by("testing.e2e-core-journey"), ["product.billing-engine"]);
}

#[test]
fn it_cannot_go_live_before_it_bills() {
    let audit = audit();
    audit.rules(&[("pilot", "no-go"), ("standard", "no-go"), ("enterprise", "no-go")]);
    let pilot = audit.report["verdicts"][0]["failing"].as_array().unwrap();
    assert!(pilot.iter().any(|id| id == "product.billing-engine"), "{pilot:?}");
}
