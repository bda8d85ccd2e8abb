"""The drill: a hospital in miniature, what befalls it, and whether anybody lost anything. `make drill`.

Read it in this order.

    faults         what befalls the hospital, one function for each; `stalls` has those that do not kill
    scenarios      every drill that there is; `drill` and `running` are how one goes
    hospital       who is where; `opening` builds it, in places that `network` and `building` lay
    people         what somebody comes for, as `reception` does; `visitor` is how anybody goes about it;
                   `diary` says who comes next, `load` lets them come
    browser        how they follow pages and forms, and what they do when no good answer comes
    ledger         what they know afterwards: acknowledged, refused, unknown
    checker        whether the database agrees; its parts: `unasked`, `slot_histories` (with
                   `linearizability`), `trail`, `answers`, `told`; `findings` names the laws
    mutations      what the checker must find, and `mutations_are_caught` that it does
    report         figures, a table, and `picture` over time

Its parts: `database`, `promotion` and `names` (MariaDB in two zones, as RDS does it), `portals`,
`balancers`, `share`, `mail_sink`; and what breaks them: `slow_line`, `lost_replies`, `clocks`, `crowd`,
`disks`.
"""
