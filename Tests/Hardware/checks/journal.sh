# shellcheck shell=bash
# The journal after all that: whole, in order, and the same for a hub outside.

check 'stationctl journal verify finds the chain whole' gx 'stationctl journal verify'
check 'sequences have no gap' equal true \
    "$(get '/v1/events?limit=500' | jq '[.[].id | tonumber] | . == [range(.[0]; .[0] + length)]')"
