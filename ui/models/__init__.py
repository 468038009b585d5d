"""The model of every list: records with an id, replaced in place so that choice and scroll stay."""
