"""What moto's launch templates lack."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response


def fill_gaps() -> None:
    _keep_tags_of_the_template_out_of_its_versions()
    _delete_versions()


def _keep_tags_of_the_template_out_of_its_versions() -> None:
    """moto adds the template's own tags to those that its versions give to instances."""
    create = EC2Backend.create_launch_template

    def create_as_told(
        backend: EC2Backend, name: str, description: str, data: dict[str, Any], tags: Any
    ) -> Any:
        given = data.get("TagSpecifications", [])
        data["TagSpecifications"] = [
            one for one in given if one["ResourceType"] != "launch-template"
        ]
        return create(backend, name, description, data, tags)

    EC2Backend.create_launch_template = create_as_told


def _delete_versions() -> None:
    """moto can't delete single versions. It finds them by their index, so they are only hidden."""
    describe = EC2Backend.describe_launch_template_versions

    def describe_kept(backend: EC2Backend, *arguments: Any, **options: Any) -> list[Any]:
        found = describe(backend, *arguments, **options)
        return [(one, version) for one, version in found if not hasattr(version, "deleted")]

    def delete(response: EC2Response) -> ActionResult:
        template = response.ec2_backend.get_launch_template(response._get_param("LaunchTemplateId"))
        numbers = response._get_param("Versions", [])
        for number in numbers:
            template.get_version(number).deleted = True
        return ActionResult(
            {
                "SuccessfullyDeletedLaunchTemplateVersions": [
                    {"LaunchTemplateId": template.id, "VersionNumber": int(number)}
                    for number in numbers
                ],
                "UnsuccessfullyDeletedLaunchTemplateVersions": [],
            }
        )

    EC2Backend.describe_launch_template_versions = describe_kept
    EC2Response.delete_launch_template_versions = delete
