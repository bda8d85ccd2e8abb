"""Environments that a portal starts with, in production and on a developer's machine."""

NEEDED_IN_PRODUCTION = {
    "DATABASE_CA": "/etc/database-authorities.pem",
    "COGNITO_USER_POOL_ID": "eu-west-2_AbCdEfGhI",
}
PRODUCTION = {
    "SECRET_KEY": "u3wq9-0bA7yk2LmPz5xTcR8vNd1sHf6eJg4oKi",
    "DATABASE_URL": "mysql+pymysql://portal:secret@database.example.org/portal",
    "PORTAL_URL": "https://portal.example.org",
    "OIDC_ISSUER": "https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_AbCdEfGhI",
    "OIDC_CLIENT_ID": "4f2k9c",
    "OIDC_CLIENT_SECRET": "a secret of the client",
    "MAIL_FROM": "appointments@hospital.example",
    "SHARED_FILES_DIRECTORY": "/srv/medicare-hub",
    **NEEDED_IN_PRODUCTION,
}
DEVELOPMENT = {
    **PRODUCTION,
    "PORTAL_ENVIRONMENT": "development",
    "PORTAL_URL": "http://127.0.0.1:8000",
    "OIDC_ISSUER": "http://127.0.0.1:8001/local_MediCareHub",
    "MAIL_TRANSPORT": "console",
    **dict.fromkeys(NEEDED_IN_PRODUCTION, ""),
}
