#!/bin/sh
# The stack's outputs are variables here.
set -eu
test -n "$FunctionName"
test -n "$Version"
echo "version $Version of $FunctionName is live"
