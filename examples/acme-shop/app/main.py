from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from sqlalchemy import text

from app.auth import get_current_user
from app.db import engine
from app.payments import charge

app = FastAPI(title="Acme Shop")
app.add_middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_credentials=True,
)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/products")
def products(name: str) -> list[dict]:
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT id, name FROM products WHERE name = '{name}'"))
        return [dict(row._mapping) for row in rows]


@app.post("/orders/{order_id}/pay")
def pay(order_id: int, user=Depends(get_current_user)) -> dict[str, str]:
    return charge(order_id, user)
