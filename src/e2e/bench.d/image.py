"""What the operator's image runs, read from its archive."""

import json
import os
import tarfile

NAME = "localhost/tunetrail/operator:dev"
MAIN_CLASS = "io.tunetrail.operator.Main"


def entrypoint() -> list[str]:
    with tarfile.open(os.environ["OUT"]) as archive:

        def blob(digest: str) -> dict:
            return json.load(archive.extractfile("blobs/" + digest.replace(":", "/")))

        index = json.load(archive.extractfile("index.json"))
        manifest = blob(index["manifests"][0]["digest"])
        return blob(manifest["config"]["digest"])["config"]["Entrypoint"]


def java(*arguments: str) -> list[str]:
    """The image's java with the flags of its entry point and other arguments."""
    command = entrypoint()
    return [*command[: command.index("-cp")], *arguments]


def program(role: str) -> list[str]:
    return [*entrypoint(), role]


def with_main_class(main_class: str, extra_class_path: str) -> list[str]:
    """The entry point with another main class."""
    command = entrypoint()
    position = command.index("-cp") + 1
    return java("-cp", command[position] + ":" + extra_class_path, main_class)
