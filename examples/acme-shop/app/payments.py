import logging

import requests

logger = logging.getLogger(__name__)


def charge(order_id: int, user: dict) -> dict[str, str]:
    try:
        answer = requests.post("https://pay.example/charge", json={"order": order_id, "user": user["sub"]})
        logger.info("charged order %s", order_id)
        return answer.json()
    except Exception:
        pass
    return {"status": "unknown"}
