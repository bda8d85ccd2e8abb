"""The emulated AWS itself."""

import requests

from tests.infrastructure.account import empty_account

CODEBUILD = {
    "X-Amz-Target": "CodeBuild_20161006.ListReportGroups",
    "Content-Type": "application/x-amz-json-1.1",
    "Authorization": "AWS4-HMAC-SHA256 Credential=testing/20261126/eu-west-2/codebuild/aws4_request",
}
WAF = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=testing/20261126/eu-west-2/waf-regional/aws4_request"
}


def test_it_keeps_serving_after_failures() -> None:
    """moto prints four kilobytes for each failure, and holds a lock while it prints an unknown service.

    The pipe from which the address was read takes 64 kilobytes.
    """
    with empty_account() as account:
        for _ in range(30):
            failure = requests.post(account.url, headers=CODEBUILD, data="{}", timeout=10)
            assert failure.status_code == 500
        for _ in range(2):
            unknown = requests.post(account.url, headers=WAF, timeout=10)
            assert not unknown.ok
