"""HTTP: the only room that speaks it, and with Connexion."""

from warnings import catch_warnings, simplefilter

with catch_warnings():
    # Connexion imports what jsonschema has deprecated; users who turn warnings into errors
    # could not import the mock. Whatever is imported from this room finds Connexion imported.
    simplefilter("ignore", DeprecationWarning)
    import connexion as connexion
