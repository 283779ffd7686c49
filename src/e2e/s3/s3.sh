# A real S3 server on the cluster, over TLS with a certificate of its own authority. For a scenario, after lib.sh:
#
#   deploy_s3                            # an empty one, with bucket backups
#   s3_ca                                # what signed its certificate
#   s3 GET 'backups?uploads='            # any request, signed
#   deploy_sts system:serviceaccount:N:A # a token service, http://sts.s3, that changes that account's token into them
#   remove_s3
#
# Its endpoint is https://s3.s3; its credentials are S3_KEY and S3_SECRET.
# shellcheck shell=bash

# shellcheck source=/dev/null
source "$E2E/cluster.d/settings.sh"

S3=$E2E/s3
S3_ADDRESS=10.96.0.51
S3_KEY=writer
S3_SECRET=$(openssl rand -hex 20)
S3_FOLDER=$(mktemp -d)

deploy_s3() {
  install_curl
  kc delete namespace s3 --ignore-not-found --wait --timeout=360s > /dev/null
  kc create namespace s3 > /dev/null
  kc label namespace s3 pod-security.kubernetes.io/enforce=restricted > /dev/null
  make_s3_secrets
  sed "s/@ADDRESS@/$S3_ADDRESS/" "$S3/s3.yaml" | in_s3 apply --filename=- > /dev/null
  in_s3 rollout status deployment/s3 --timeout=180s > /dev/null
  await 30 "the S3 server makes a bucket" s3 PUT backups
}

# deploy_sts ACCOUNT
deploy_sts() {
  in_s3 create configmap sts --from-file="$S3/sts.py" > /dev/null
  sed "s/@ACCOUNT@/$1/" "$S3/sts.yaml" | kc apply --filename=- > /dev/null
  in_s3 rollout status deployment/sts --timeout=180s > /dev/null
}

remove_s3() {
  kc delete namespace s3 --wait=false > /dev/null
  kc delete clusterrolebinding s3-sts --ignore-not-found > /dev/null
  rm -rf "$S3_FOLDER"
}

in_s3() { kc --namespace=s3 "$@"; }

install_curl() {
  if command -v curl > /dev/null; then return; fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends curl > /dev/null
}

make_s3_secrets() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -keyout "$S3_FOLDER/tls.key" -out "$S3_FOLDER/tls.crt" \
    -subj /CN=s3 -addext "subjectAltName=IP:$S3_ADDRESS,DNS:s3.s3" 2> /dev/null
  in_s3 create secret tls s3-tls --cert="$S3_FOLDER/tls.crt" --key="$S3_FOLDER/tls.key" > /dev/null
  in_s3 create secret generic s3-root --from-literal=accessKeyId="$S3_KEY" --from-literal=secretAccessKey="$S3_SECRET" > /dev/null
}

s3_ca() { cat "$S3_FOLDER/tls.crt"; }

# s3 METHOD PATH [CURL_OPTION...]: what the server answers; fails where it refuses. The secret is in no argument.
s3() {
  printf 'user = "%s:%s"\n' "$S3_KEY" "$S3_SECRET" |
    inside curl --config - --silent --show-error --fail-with-body --max-time 30 --cacert "$S3_FOLDER/tls.crt" \
      --aws-sigv4 aws:amz:us-east-1:s3 --header x-amz-content-sha256:UNSIGNED-PAYLOAD --request "$1" "${@:3}" "https://$S3_ADDRESS/$2"
}

# s3_was_asked_for PATTERN: a line of the server's own log matches the extended regular expression.
s3_was_asked_for() { in_s3 logs deployment/s3 --tail=-1 | grep -E "$1" > /dev/null; }
