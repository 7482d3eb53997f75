# shellcheck shell=bash
# A board that was missing appears; a board that was there leaves and comes back.

: "${known:?}"
annex=/run/gpio/annex-gpio

check 'a missing board makes its devices faulty' equal 'missing missing' \
    "$(echo $(faults_of annex-reader; faults_of annex-strike))"
check '  and nobody else' equal '' "$(faults_of gate-reader; faults_of gate-strike)"

gx 'chip add annex-gpio'
no_faults() { well annex-reader && well annex-strike; }
# stationd looks for it again after at most 30 s
check 'when the board appears, its devices recover' within 60 no_faults
check '  and its door opens for the known card' gx "
    line-watch --for-ms 5000 --until annex-strike=0 annex-strike=$annex/annex-strike/value \
        > /run/annex & sleep 0.5
    wiegand-play --d0 $annex/annex-d0/pull --d1 $annex/annex-d1/pull $known; wait %1"

gx 'chip remove annex-gpio'
lost() { [ "$(faults_of annex-strike)" = lost ]; }
check 'when the board leaves, its devices are faulty' within 20 lost
gx 'chip add annex-gpio'
check '  and recover when it is back' within 60 no_faults
