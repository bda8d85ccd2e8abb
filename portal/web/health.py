"""`/health/live` for the load balancer, `/health/ready` for people and dashboards."""

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.database import db
from portal.web.guard import public

views = Blueprint("health", __name__, url_prefix="/health")


@views.get("/live")
@public
def live() -> dict[str, str]:
    """Local only: one shared dependency must not empty the whole fleet."""
    return {"status": "live"}


@views.get("/ready")
@public
def ready() -> tuple[dict[str, object], int]:
    database = _database_answers()
    return {"status": "ready" if database else "degraded", "database": database}, (
        200 if database else 503
    )


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
