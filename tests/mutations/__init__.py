"""Mutants: how many small faults, put into the portal on purpose, its tests notice. `make mutations`.

    mutants      every fault that can be put in, as a change of the source
    covering     which tests run which lines, asked of one run under coverage
    trying       one mutant at a time, in a copy of the project, with the tests that run its line
    report       the score, and those that survived

Neither of the known tools fits. mutmut changes no function that has a decorator, which is every view of
the portal; cosmic-ray runs the whole suite for each mutant and takes out no statement, such as the call
that leaves an audit entry.
"""
