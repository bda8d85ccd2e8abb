"""The drill: a small hospital, faults, and a check that nobody lost anything. Run: `make drill`.

Read it in this order.

    faults         one function for each fault; `stalls` has those that stop no process
    scenarios      the list of all drills; `drill` and `running` run one
    hospital       its parts and their places; `opening` starts it, `network` and `building` make the places
    people         what patients do; `reception`: what staff do; `visitor`: the steps that all share;
                   `diary` chooses who comes next, `load` starts the visits
    browser        how people follow pages and forms, and what they do when no good answer comes
    ledger         what they know after each request: acknowledged, refused, unknown
    checker        compares the database with it; its parts: `unasked`, `slot_histories` (with
                   `linearizability`), `trail`, `answers`, `told`; `findings` names the laws
    mutations      bugs that the checker must find; `mutations_are_caught` tests that it does
    report         figures, a table, and `picture` over time

Parts of the hospital: `database`, `promotion` and `names` (MariaDB in two zones, like RDS), `portals`,
`balancers`, `share`, `mail_sink`. Tools that break them: `slow_line`, `lost_replies`, `clocks`,
`crowd`, `disks`.
"""
