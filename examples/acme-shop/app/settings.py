from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    db_password: str
    secret_key: str = "changeme"
    cors_origins: list[str] = ["https://shop.example"]


settings = Settings()
