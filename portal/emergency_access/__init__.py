"""Breaking the glass: a record opened in an emergency, for some hours. The patient sees it, and an
administrator reviews it.
"""
