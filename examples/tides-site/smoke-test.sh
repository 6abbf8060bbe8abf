#!/bin/sh
# Runs after each environment, with the outputs of the site's stack as variables.
set -eu
case "$Url" in
  https://*.cloudfront.net) echo "the site of $KEDGE_ENVIRONMENT is at $Url" ;;
  *) echo "Url is '$Url', no distribution's" >&2; exit 1 ;;
esac
[ -n "$BucketName" ]
