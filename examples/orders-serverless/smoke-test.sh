#!/bin/sh
# Asks what the outputs of the stack say: there is a queue, and the function that fills it.
set -eu
for value in "$QueueUrl" "$TakeOrderName" "$TakeOrderLambdaFunctionQualifiedArn"; do
  test -n "$value" || { echo "An output of the stack is empty" >&2; exit 1; }
  echo "exists: $value"
done
