"""Methods of selection: one file each, found by being here."""
