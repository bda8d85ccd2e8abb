"""A new account by way of the administrators' API, and what it says of itself."""

NEW = "new.doctor@example.org"


def create(identity, pool, email=NEW, name="Nadia Petrova") -> dict:
    return identity.admin_create_user(
        UserPoolId=pool,
        Username=email,
        UserAttributes=[
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "name", "Value": name},
        ],
        DesiredDeliveryMediums=["EMAIL"],
    )["User"]


def attributes(user: dict) -> dict[str, str]:
    pairs = user.get("Attributes") or user.get("UserAttributes")
    return {pair["Name"]: pair["Value"] for pair in pairs}
