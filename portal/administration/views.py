"""The administrator's pages: members of staff, and notices that did not go."""

from flask import Blueprint

views = Blueprint("administration", __name__, url_prefix="/administration")
