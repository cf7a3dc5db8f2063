#!/bin/sh
# The ten-minute journey: from a supplier's e-mail and an order export to people told,
# units accounted for, and a package that proves it. No prompt is asked on the way: approvals and
# gates are given by flags, and the journal keeps that they were.
#
#   examples/journey.sh                      with the orders beside this script
#   ORDERS=orders.csv PRODUCT=85123A LOT= SHIPPED=2011-03-01..2011-06-30 examples/journey.sh
#
# With HOLDFAST_SMTP_URL (smtp://127.0.0.1:2525) the notices are sent; without it they are
# written as letters, a mail-merge table, .eml files and one page to upload.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
holdfast=${HOLDFAST:-holdfast}
HOLDFAST_HOME=${HOLDFAST_HOME:-$(mktemp -d)}
export HOLDFAST_HOME
out=${OUT:-$HOLDFAST_HOME/journey}
mkdir -p "$out"

ORDERS=${ORDERS-$here/orders.csv}
RECEIPTS=${RECEIPTS-$here/receipts.csv}
MAIL=${MAIL:-$here/supplier-mail.txt}
PRODUCT=${PRODUCT:-VL-10K}
LOT=${LOT-B17}
SHIPPED=${SHIPPED-}

step() { printf '\n%s\n' "== $*"; }
ref() { sed -n 's/.*"recall": *"\([^"]*\)".*/\1/p' "$1" | head -n 1; }

step "Something is wrong: the supplier's e-mail becomes a recall"
$holdfast recall open --mail "$MAIL" --product "$PRODUCT" --outcome fire --json >"$out/open.json"
R=$(ref "$out/open.json")
echo "$R"

step "Stop selling it"
$holdfast recall hold "$R" --channel "web shop" --proof "listing taken down, test order refused"
$holdfast recall hold "$R" --warehouse "Lyon" --proof "rack 14 taped off, counted"

step "Bring in the orders, and what arrived when"
if [ -n "$RECEIPTS" ]; then $holdfast import receipts "$RECEIPTS"; fi
if [ -n "$ORDERS" ]; then $holdfast import orders "$ORDERS"; fi

step "Which units, which people, and how sure"
set -- --product "$PRODUCT"
if [ -n "$LOT" ]; then set -- "$@" --lot "$LOT"; fi
if [ -n "$SHIPPED" ]; then set -- "$@" --shipped "$SHIPPED"; fi
$holdfast recall scope "$R" "$@" --rationale "as the supplier's e-mail says" --confirm \
    --lines "$out/lines.csv"

step "Judge the risk, decide, sign"
$holdfast recall decide "$R" --severity 4 --probability 1/1000 \
    --scenario "a cell overheats while charging, the case opens, a fire starts at home" \
    --remedy refund --remedy replacement --reason "3 of 600 cells burned in the ageing test" --sign

step "The notice, drafted from the facts, read and approved in every language needed"
# Owners in the US are told how many were hurt; a number nobody gives is missing there, never 0.
$holdfast recall notice "$R" --draft --shop "Lumen & Vale" --phone "+49 30 5550 0142" --email "recall@lumenvale.example" \
    --units 12000 --incidents 0 --injuries 0 --deaths 0
$holdfast recall notice "$R" --approve all

step "Tell people"
if [ -n "${HOLDFAST_SMTP_URL:-}" ]; then
    $holdfast recall notify "$R" --send --ramp 100 --export "$out/outbox.csv" \
        --waive page="the page goes up with the shop's next deployment" \
        --waive links="the page goes up with the shop's next deployment" \
        --waive test="journey script: no mailbox to open it in"
fi
$holdfast recall notify "$R" --letters "$out/letters.pdf" --merge "$out/merge.csv" \
    --eml "$out/eml.zip" --page "$out/page.html"

step "Is mine affected?"
$holdfast check "${LOT:-$PRODUCT}" --product "$PRODUCT" || true

step "Where it stands, and every unit"
$holdfast recall status "$R"
$holdfast recall units "$R"

step "The proof"
$holdfast evidence export "$R" --out "$out/evidence.zip" --checkpoint "$out/checkpoint.json"
$holdfast evidence verify "$out/evidence.zip" --checkpoint "$out/checkpoint.json"
printf '\nAll of it lies in %s\n' "$out"
