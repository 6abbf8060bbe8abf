#!/bin/sh
# Run after each environment, with the stack's outputs as variables. Exits 0 when the environment may be left.
set -eu

case "$ApiUrl" in
  https://*/live) echo "API:    $ApiUrl" ;;
  *) echo "ApiUrl is '$ApiUrl'; expected https://…/live" >&2; exit 1 ;;
esac

for output in "$ListProductsName" "$PlaceOrderName" "$OrdersTable"; do
  test -n "$output" || { echo "An output of the stack is empty" >&2; exit 1; }
  echo "exists: $output"
done
