# What scenarios share that do what the pages of src/docs say, as a reader would: sourced after resources.sh.
#
#   new_reader
#   walk going-back                            # applies its objects and runs its commands, in their order
#   walk_part quick-start '^[3-6]'             # those below headings that match
#   page_blocks yaml '    look: Job' connections # the blocks that have such a line
#
# PagesTest reads these calls in the scenarios, and fails for a block that none of them reaches.
# A page's names of servers and registries are those of example.org; here they are the test's own. A block below a line
# "*Not run by the tests: why.*" is left out. A block of SQL is the administrator's. Files are made in a folder of its own.
# shellcheck shell=bash

# shellcheck source=/dev/null
source "$E2E/cluster.d/settings.sh"
# shellcheck source=/dev/null
source "$E2E/image.d/runtime.sh"

PAGES=$ROOT/src/docs

here_for_example() {
  sed -e 's|registry\.example\.org/tunetrail/operator, newTag: [0-9.]*|localhost/tunetrail/operator, newTag: dev|' \
    -e 's|registry\.example\.org/tunetrail/operator:[0-9.]*|localhost/tunetrail/operator:dev|' \
    -e 's|image\.repository=registry\.example\.org/tunetrail/operator|image.repository=localhost/tunetrail/operator,image.tag=dev|' \
    -e 's|registry\.example\.org/radio-sql:|localhost/sql/radio:|; s|registry\.example\.org/|localhost/app/|' \
    -e 's|postgres\.example\.org|pg17.databases|' \
    -e "s|sha256:…|sha256:$(printf '%064d' 0)|"
}

# The lines of awk that tell blocks apart: `finished` is called with language, block, the heading above and whether it is left
# out. A part of a TuneTrailDatabase begins with its spec, or lacks what a whole one must have.
BLOCKS='
  function is_object() {return language == "yaml" && block ~ /(^|\n)kind:/ && !is_part()}
  function is_part() {return language == "yaml" && (block ~ /^spec:/ || block ~ /kind: TuneTrailDatabase\n/ && block !~ /\n  edition:/)}
  !inside && /^## / {heading = substr($0, 4)}
  !inside && match($0, /^ *```[a-z]+$/) {inside = 1; indent = index($0, "```"); language = substr($0, indent + 3); block = ""; next}
  !inside && /[^ ]/ {left_out = /^ *\*Not run by the tests: .*\*$/; next}
  inside && $1 == "```" {inside = 0; finished(); left_out = 0; next}
  inside {block = block substr($0, indent) "\n"}'

# page_files PAGE...: of those pages, or of all.
page_files() {
  local page
  if (($# == 0)); then printf '%s\n' "$PAGES"/*.md; fi
  for page in "$@"; do echo "$PAGES/$page.md"; done
}

# page_blocks LANGUAGE PATTERN [PAGE...]: of those pages, or of all, the blocks of that language that match, without their
# indentation; YAML as documents.
page_blocks() {
  local pages
  mapfile -t pages < <(page_files "${@:3}")
  awk -v wanted="$1" -v pattern="$2" '
    function finished() {if (language == wanted && block ~ pattern && !left_out) printf (wanted == "yaml" ? "---\n%s" : "%s"), block}'"$BLOCKS" \
    "${pages[@]}" | here_for_example
}

# page_objects [PAGE...]: the blocks that are whole objects.
page_objects() { page_yaml is_object "$@"; }

# page_parts [PAGE...]: those that are parts of a TuneTrailDatabase.
page_parts() { page_yaml is_part "$@"; }

# page_yaml FUNCTION [PAGE...]
page_yaml() {
  local pages
  mapfile -t pages < <(page_files "${@:2}")
  awk 'function finished() {if (!left_out && '"$1"'()) printf "---\n%s", block}'"$BLOCKS" "${pages[@]}" | here_for_example
}

# page_commands PAGE [HEADINGS]: its own, and what applies its objects and its SQL; only below headings that match, where given.
page_commands() {
  awk -v headings="${2:-}" '
    function finished() {
      if (left_out || heading !~ headings || language == "yaml" && !is_object()) return
      if (language == "sh") printf "%s", block
      if (language == "yaml") printf "kubectl apply -f - << '\''END OF BLOCK'\''\n%sEND OF BLOCK\n", block
      if (language == "sql") printf "as_the_administrator << '\''END OF BLOCK'\''\n%sEND OF BLOCK\n", block
    }'"$BLOCKS" "$PAGES/$1.md" | here_for_example
}

# The server's administrator, where PostgreSQL's programs are.
as_the_administrator() { psql --no-psqlrc --set=ON_ERROR_STOP=1; }
psql() { at_the_server env PGOPTIONS='-c client_min_messages=warning' psql --dbname=postgres "$@"; }
pg_dump() { at_the_server pg_dump "$@"; }
at_the_server() { kubectl exec --stdin --namespace=databases deployment/pg17 --container=postgres -- "$@"; }

# new_reader: somebody with kubectl, whose namespace is the scenario's, the command line, Helm where the scenario has it, and the
# project's files.
new_reader() {
  local file
  READER=$(mktemp -d)
  for file in crds deploy examples helm src; do ln -s "$ROOT/$file" "$READER/$file"; done
  mkdir "$READER/bin"
  if [[ -n ${HELM:-} ]]; then ln -s "$HELM" "$READER/bin/helm"; fi
  kc config view --raw --minify --flatten > "$READER/kubeconfig"
  kubectl --kubeconfig="$READER/kubeconfig" config set-context --current --namespace="$NAMESPACE" > /dev/null
}

# walk PAGE [STATEMENT]: does all that a page says, after the statement, where one is given.
walk() {
  echo "== $1"
  {
    echo "${2:-}"
    page_commands "$1"
  } | as_the_reader
}

# walk_part PAGE HEADINGS: does what a page says below headings that match.
walk_part() {
  echo "== $1 $2"
  page_commands "$1" "$2" | as_the_reader
}

# as_the_reader: runs the commands of the standard input.
as_the_reader() (
  {
    declare -f as_the_administrator psql pg_dump at_the_server
    cat
  } > "$READER/commands"
  cd "$READER"
  JAVA_HOME=$(find_jdk) TUNETRAIL_APPLICATION=${APP_DIR:-$ROOT/target} KUBECONFIG=$READER/kubeconfig PASSWORD=secret \
    PATH=$READER/bin:$ROOT/src/main/bin:$PATH bash -euo pipefail commands 2>&1
)
