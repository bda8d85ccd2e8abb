"""Documents: letters, pictures and results that people attach to a patient's record.

`queries` and `views` are a patient's list and one document. `adding` receives files, `checking`
checks and scans them, `files` opens them, `withdrawing` marks one as wrong, `review` is the
administrator's page.
"""
