# The image of an S3 server over files: versitygw as its module has it, and Debian's static busybox.
# shellcheck shell=bash

S3_NAME=localhost/versitygw:1.8
S3_MODULE=github.com/versity/versitygw/cmd/versitygw@v1.8.0

# Prints the archive's path; built once (about 2 minutes on 2 cores).
s3_image() {
  local recipe
  recipe=$(cat "$E2E"/image.d/{s3,programs,debian}.sh | sha256sum | cut -c1-16)
  built_once "$(image_archive "$S3_NAME" "$recipe")" build_s3_image "$(programs)"
}

build_s3_image() {
  local archive=$1 programs=$2 root
  require_go
  say "building $S3_NAME (about 2 minutes on 2 cores, once per machine)"
  root=$(mktemp -d)
  tar -xf "$programs" -C "$root" bin/busybox
  CGO_ENABLED=0 GOFLAGS=-buildvcs=false GOBIN=$root/bin go install -trimpath -ldflags '-s -w' "$S3_MODULE" >&2
  "$E2E/oci-archive" build "$S3_NAME" "$archive" --layer "$root" --user 65532:65532 --entrypoint '["/bin/versitygw"]' >&2
  rm -rf "$root"
}
