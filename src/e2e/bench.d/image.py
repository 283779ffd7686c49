"""What the operator's image runs, read from its archive."""

import functools
import json
import os
import tarfile

NAME = "localhost/tunetrail/operator:dev"
JAVA = "/opt/java/bin/java"
PROGRAMS = "opt/tunetrail"


@functools.cache
def arguments(program: str) -> list[str]:
    """Those of a program's file: flags, class path, main class."""
    with tarfile.open(os.environ["OUT"]) as archive:

        def blob(digest: str):
            return archive.extractfile("blobs/" + digest.replace(":", "/"))

        manifest = json.load(blob(json.load(archive.extractfile("index.json"))["manifests"][0]["digest"]))
        for layer in reversed(manifest["layers"]):
            with tarfile.open(fileobj=blob(layer["digest"])) as files:
                if f"{PROGRAMS}/{program}" in files.getnames():
                    return files.extractfile(f"{PROGRAMS}/{program}").read().decode().split()
    raise RuntimeError(f"the image has no /{PROGRAMS}/{program}")


def flags(program: str) -> list[str]:
    given = arguments(program)
    return given[: given.index("-cp")]


def java(*more: str) -> list[str]:
    """The image's java with the runner's flags but without its cache, and other arguments."""
    return [JAVA, *(it for it in flags("runner") if not it.startswith("-XX:AOTCache=")), *more]


def program(name: str, role: str) -> list[str]:
    return [JAVA, f"@/{PROGRAMS}/{name}", role]


def with_main_class(main_class: str, extra_class_path: str) -> list[str]:
    """The runner with another main class, and with its cache of all other classes."""
    given = arguments("runner")
    class_path = given[given.index("-cp") + 1]
    return [JAVA, *flags("runner"), "-cp", class_path + ":" + extra_class_path, main_class]
