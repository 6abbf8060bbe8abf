#!/bin/sh
# Asks what the outputs of all stacks say: the environment has a queue and two functions.
set -eu
for name in QueueUrl TakeOrderName ReportName; do
  eval "value=\${$name:-}"
  [ -n "$value" ] || { echo "the output $name is missing"; exit 1; }
  echo "$name: $value"
done
