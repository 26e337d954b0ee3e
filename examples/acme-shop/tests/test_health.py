from app.main import health


def test_health_answers() -> None:
    assert health() == {"status": "ok"}
