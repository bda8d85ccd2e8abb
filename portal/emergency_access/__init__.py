"""Emergency access ("break glass") to a record for some hours. The patient sees it, and an administrator
reviews it.
"""
