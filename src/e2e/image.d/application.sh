# The application's layer: jars, and for each of the two programs a file of java's arguments; the runner has a second one.
# shellcheck shell=bash

APPLICATION=/opt/tunetrail
# Small and quick to start rather than quick in the long run: most of what is compiled at once would never pay. MaxRAM is not
# for them: it stands before the container's limit. A cache that can't be used, as with a heap of more than 32 GB, is no reason
# to say a word.
JVM_FLAGS=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=10 -XX:+ExitOnOutOfMemoryError
  -XX:MaxRAMPercentage=60 '-Xlog:aot*=off,cds*=off')

# stage_application APP_DIR ROOT: makes the layer's files from tunetrail-operator.jar and lib/*.jar.
stage_application() {
  local jar=$1/tunetrail-operator.jar root=$2
  [[ -f $jar ]] || die "$jar is missing: run mvn package first"
  mkdir -p "$root$APPLICATION/lib"
  cp "$jar" "$root$APPLICATION/"
  cp "$1"/lib/*.jar "$root$APPLICATION/lib/"
  write_arguments "$root"
}

# write_arguments ROOT
write_arguments() {
  arguments_of runner io.tunetrail.operator.RunnerMain "$1" > "$1$APPLICATION/runner"
  # For gigabytes that are hashed and encrypted the second compiler pays, at once.
  grep -v -e TieredStopAtLevel -e CompileThresholdScaling "$1$APPLICATION/runner" > "$1$APPLICATION/archiver"
  arguments_of operator io.tunetrail.operator.Main "$1" > "$1$APPLICATION/operator"
}

# arguments_of PROGRAM MAIN_CLASS ROOT: `java @PROGRAM ROLE` starts it. The jars by name, because the cache is for one order of
# them, and a wildcard's differs from file system to file system. A runner has no traces.
arguments_of() {
  local jars
  jars=$(cd "$3/" && LC_ALL=C && printf '%s\n' ".$APPLICATION"/*.jar ".$APPLICATION"/lib/*.jar | sed 's/^\.//' |
    { if [[ $1 == runner ]]; then grep -v /opentelemetry-; else cat; fi; } | paste -sd:)
  printf '%s\n' "-XX:AOTCache=$APPLICATION/$1.aot" "${JVM_FLAGS[@]}" -cp "$jars" "$2"
}
