"""The page that stands in for the portal."""

import json
from typing import Any

import html5lib
import pytest
from playwright.sync_api import ViewportSize

from tests.accessibility import check_accessibility
from tests.chromium import DESKTOP, PHONE, running_chromium
from tests.infrastructure.account import Account

BUCKET = "medicare-hub-production-waiting-page-123456789012"


@pytest.fixture
def distribution(account: Account) -> dict[str, Any]:
    cloudfront = account.client("cloudfront")
    (found,) = cloudfront.list_distributions()["DistributionList"]["Items"]
    return cloudfront.get_distribution(Id=found["Id"])["Distribution"]


@pytest.fixture
def page(account: Account) -> str:
    return account.client("s3").get_object(Bucket=BUCKET, Key="index.html")["Body"].read().decode()


def test_only_cloudfront_reads_the_bucket(account: Account, distribution: dict[str, Any]) -> None:
    s3 = account.client("s3")
    blocked = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert all(blocked.values())
    policy = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    (allowed,) = [one for one in policy["Statement"] if one["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Condition"] == {"StringEquals": {"AWS:SourceArn": distribution["ARN"]}}


def test_earlier_pages_expire(account: Account) -> None:
    (rule,) = account.client("s3").get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] == 30
    assert "Expiration" not in rule  # the page itself stays


def test_it_is_shown_with_an_access_control_under_the_portals_name(
    account: Account, distribution: dict[str, Any]
) -> None:
    config = distribution["DistributionConfig"]
    (origin,) = config["Origins"]["Items"]
    control = account.client("cloudfront").get_origin_access_control(
        Id=origin["OriginAccessControlId"]
    )
    signing = control["OriginAccessControl"]["OriginAccessControlConfig"]
    assert signing["SigningBehavior"] == "always"
    assert config["Aliases"]["Items"] == ["portal.settings.hospital.example"]
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"


def test_every_address_answers_that_the_portal_is_away(
    distribution: dict[str, Any],
) -> None:
    instead = distribution["DistributionConfig"]["CustomErrorResponses"]["Items"]
    assert {one["ErrorCode"] for one in instead} == {403, 404, 405}
    assert {(one["ResponsePagePath"], one["ResponseCode"]) for one in instead} == {
        ("/index.html", "503")
    }


def test_the_page_loads_nothing_else(page: str) -> None:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert tree.get("lang") == "en"
    assert len(tree.findall(".//h1")) == 1
    assert {link.get("href") for link in tree.iter("a")} == {"/", "tel:999"}
    names = {element.tag for element in tree.iter() if isinstance(element.tag, str)}
    assert names.isdisjoint({"script", "link", "img", "iframe", "form"})


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everybody_can_read_it(page: str, viewport: ViewportSize, colours: Any) -> None:
    with running_chromium() as browser:
        window = browser.new_page(viewport=viewport, color_scheme=colours)
        window.set_content(page)
        check_accessibility(window)
