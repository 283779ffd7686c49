# What a layer made of Debian's packages has of them, for the image's SBOM.
# shellcheck shell=bash

NOTES=/usr/share/doc/tunetrail-operator

# For mmdebstrap: /packages.list in the root tells of each file's package.
WITH_PACKAGES_LIST=--extract-hook="'$E2E/image.d/packages' \"\$1\""

# note_packages PACKAGES.LIST ROOT NAME: writes down in ROOT, as packages.NAME, of which packages it has files: by their paths,
# and in the clients' own folder of libraries by their names. A program or library of none is an error.
note_packages() {
  local list=$1 root=$2 name=$3 unknown
  unknown=$(files_of "$root" | awk -F'\t' 'NR == FNR {known[$7]; sub(".*/", "", $7); named[$7]; next} {path = $0; sub(".*/", "")}
    path ~ /[.]so([.]|$)|\/bin\// && !(path in known) && !(path ~ "/postgresql/lib/" && $0 in named) {print path}' "$list" -)
  [[ -z $unknown ]] || die "these are of no package: $unknown"
  mkdir -p "$root$NOTES"
  files_of "$root" | awk -F'\t' -v OFS='\t' 'NR == FNR {here[$0]; if (sub(".*/postgresql/lib/", "")) moved[$0]; next}
    {path = file = $7; sub(".*/", "", file); NF = 6} path in here || file in moved {print}' - "$list" |
    LC_ALL=C sort -u > "$root$NOTES/packages.$name"
}

files_of() { find "$1" -not -type d -printf '%P\n'; }
