import jwt
from argon2 import PasswordHasher
from fastapi import HTTPException, Request

from app.settings import settings

hasher = PasswordHasher()


def verify_password(hashed: str, given: str) -> bool:
    return hasher.verify(hashed, given)


def get_current_user(request: Request) -> dict:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    try:
        return jwt.decode(token, settings.secret_key, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(status_code=401) from error
